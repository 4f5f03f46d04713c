"""Somebody removes a watch that stands before them: in a list, or under a notice."""

from __future__ import annotations

import logging

from bot.access import Access
from bot.adapters.watch_records import WatchRecords
from bot.answering import GONE_WATCH, Asker
from bot.rule_mentions import rule_words

_ONLY_THESE = (
    "That watch tells a whole channel: only who made it, <@{owner}>, and admins remove it."
)

log = logging.getLogger(__name__)


class RemovingWatches:
    """Removes a watch for its owner; one that tells a channel for admins too."""

    def __init__(self, access: Access, watches: WatchRecords) -> None:
        """Take who is an admin, and the records."""
        self._access = access
        self._watches = watches

    def remove(self, asker: Asker, watch_id: int) -> str:
        """Remove one watch; what is said to the asker. Of another's own nothing is said.

        Raises: errors.RecordsUnavailable.
        """
        watch = self._watches.get(asker.team, watch_id)
        if watch is None or (watch.owner != asker.person and not watch.target):
            return GONE_WATCH
        if watch.owner != asker.person and not self._access.is_admin(asker.person):
            return _ONLY_THESE.format(owner=watch.owner)
        self._watches.remove([watch_id])
        log.info("watch_removed", extra={"watch": watch_id})
        return f"*{rule_words(watch.rule_text)}* is removed: nothing is told of it any more."
