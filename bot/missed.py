"""What was posted or deleted while nobody listened: looked for once, as if it came just now."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from bot.adapters.message_records import MessageRecords
from bot.adapters.slack import Identity
from bot.adapters.slack_history import SlackHistory
from bot.intake import Intake
from bot.model import MessageRef
from bot.posts import Post
from bot.removing import Removing

_MARGIN_S = 90.0
"""Slack's client takes up to a minute to notice that its connection is dead."""

_JOINS = {"channel_join", "group_join"}

Message = dict[str, Any]

log = logging.getLogger(__name__)


class Missed:
    """Looks through channels' history; what is known already is not taken in again."""

    def __init__(
        self,
        history: SlackHistory,
        intake: Intake,
        removing: Removing,
        records: MessageRecords,
        *,
        identity: Identity,
    ) -> None:
        """Take Slack's history, what accepts posts, what forgets, the records, and who we are."""
        self._history = history
        self._intake = intake
        self._removing = removing
        self._records = records
        self._identity = identity

    def channels(self) -> dict[str, Any]:
        """Where to look; `{"outcome": "joined", "channels"}`.

        Raises: errors.SlackError.
        """
        return {"outcome": "joined", "channels": self._history.joined()}

    def look_back(self, channel: str, job: dict[str, Any]) -> dict[str, Any]:
        """Take in what one channel's history holds of the silence; `{"outcome", "accepted"}`.

        The second time it finds the same, which is known by then.
        Raises: errors.SlackError, errors.RecordsUnavailable.
        """
        oldest_s = job["back_at_s"] - job["hours"] * 3600
        since_s = max(job["heard_at_s"] - _MARGIN_S, oldest_s)
        found = list(self._found(channel, since_s=since_s, oldest_s=oldest_s))
        accepted = 0
        for message in sorted(found, key=lambda message: float(message["ts"])):
            post = Post.from_event({**message, "channel": channel}, self._identity.team)
            accepted += self._intake.accept(post)
        if accepted:
            log.info("missed_posts_found", extra={"channel": channel, "posts": accepted})
        return {"outcome": "looked_back", "accepted": accepted}

    def miss_deleted(self, channel: str, job: dict[str, Any]) -> dict[str, Any]:
        """Have the messages of the same time forgotten that do not stand in a channel any more.

        Raises: errors.SlackError, errors.RecordsUnavailable.
        """
        oldest_s = job["back_at_s"] - job["hours"] * 3600
        history = self._history.messages(channel, since_s=oldest_s)
        standing = {message["ts"] for message in history if not _is_tombstone(message)}
        for known in self._records.live_since(self._identity.team, channel, oldest_s):
            # A channel's history has no replies: of what is not in it, each is asked for.
            if known.ts not in standing and self._is_deleted(known):
                self._removing.take_away(known, also_unknown=False)
        return {"outcome": "looked_back"}

    def _is_deleted(self, message: MessageRef) -> bool:
        found = self._history.message(message.channel, message.ts)
        return found is None or _is_tombstone(found)

    def _found(self, channel: str, *, since_s: float, oldest_s: float) -> Iterator[Message]:
        """What others said since; also in threads that began earlier, but not before `oldest_s`.

        Where the bot was let in meanwhile, and has said nothing yet, it owes a welcome.
        """
        has_spoken = False
        for message in self._history.messages(channel, since_s=oldest_s):
            if message.get("subtype") in _JOINS and message.get("user") == self._identity.user:
                if float(message["ts"]) > since_s and not has_spoken:
                    self._intake.owe_welcome(self._identity.team, channel, at=message["ts"])
                return  # of what was said before we came, Slack would have told us nothing
            has_spoken = has_spoken or self._is_ours(message)
            if float(message["ts"]) > since_s and not self._is_ours(message):
                yield message
            if float(message.get("latest_reply") or 0) > since_s:
                replies = self._history.replies(channel, message["ts"], since_s=since_s)
                yield from (reply for reply in replies if not self._is_ours(reply))

    def _is_ours(self, message: Message) -> bool:
        """Slack's events leave out what we said ourselves, and so does this."""
        ours = {self._identity.user, self._identity.bot}
        return message.get("user") in ours or message.get("bot_id") in ours


def _is_tombstone(message: Message) -> bool:
    """Whether a message is what Slack leaves of a deleted one that has replies."""
    return message.get("subtype") == "tombstone"
