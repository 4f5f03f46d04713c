"""Whether the same picture was posted before: said only of a place that its readers may know of."""

from __future__ import annotations

import logging

from bot import errors
from bot.access import Access
from bot.adapters.earlier_records import EarlierRecords
from bot.adapters.slack import SlackWorkspace
from bot.messages import Earlier
from bot.model import MessageRef
from bot.uploading import ANSWERED

_TRIED_AT_MOST = 3
"""How many places Slack is asked about: an older private one should not hide a public one."""

log = logging.getLogger(__name__)


class SeenBefore:
    """Finds the earlier post; when in doubt there was none."""

    def __init__(self, workspace: SlackWorkspace, access: Access, records: EarlierRecords) -> None:
        """Take Slack, who may see what, and the records."""
        self._workspace = workspace
        self._access = access
        self._records = records

    def find(self, message: MessageRef, sha256: str) -> Earlier | None:
        """The earlier post of the same bytes, in this channel or else in a public one.

        Asks Slack a few times at most: each picture has to do with a few calls.
        """
        earlier = self._records.earlier(message, sha256, outcomes=ANSWERED)
        # In Slack, a channel that may be public has an id with a C.
        known = [
            post for post in earlier if post.channel == message.channel or _may_be_public(post)
        ]
        told = (post for post in known[:_TRIED_AT_MOST] if self._may_be_told(message, post))
        first = next(told, None)
        return self._linked(first) if first else None

    def _may_be_told(self, message: MessageRef, earlier: MessageRef) -> bool:
        """A public place is no secret to the team; people from outside see their channel alone."""
        if earlier.channel == message.channel:
            return True
        return self._access.is_public(earlier.channel) and self._access.is_ours(message.channel)

    def _linked(self, earlier: MessageRef) -> Earlier | None:
        try:
            link = self._workspace.permalink(earlier.channel, earlier.ts)
        except errors.SlackError as exc:
            log.info("seen_before_unsaid", extra={"error": exc.code})
            return None
        return Earlier(link, posted_at_s=int(float(earlier.ts)))


def _may_be_public(post: MessageRef) -> bool:
    return post.channel.startswith("C")
