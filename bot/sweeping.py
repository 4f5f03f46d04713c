"""What is looked after once a day: what was kept for long enough, and what nobody told us of.

Slack raises no event for files that its own retention removes, so the oldest are asked for. What
may be much is done in several calls, each of which says whether there is more. Nothing that they
return names a message, a file or a person.
"""

from __future__ import annotations

import logging
from typing import Any

from bot import errors
from bot.access import Access
from bot.adapters.keeping_records import KeepingRecords
from bot.adapters.slack_files import SlackFiles
from bot.removing import Removing
from bot.render_requests import RenderRequests

MORE = "more"
DONE = "done"
_AT_ONCE = 100
_STILL_THERE = 3
"""After so many files in a row that still exist, the newer ones are taken to exist too."""

log = logging.getLogger(__name__)


class Sweeping:
    """Finds what is to be forgotten without anybody's asking."""

    def __init__(
        self,
        records: KeepingRecords,
        removing: Removing,
        files: SlackFiles,
        access: Access,
        *,
        renders: RenderRequests,
        keep_days: int,
    ) -> None:
        """Take the records, what forgets, Slack's files, where we are, replies, the default age."""
        self._records = records
        self._removing = removing
        self._files = files
        self._access = access
        self._renders = renders
        self._keep_days = keep_days

    def expire(self, now_s: float) -> dict[str, Any]:
        """Mark the next messages that were kept for long enough."""
        count = self._records.expire(now_s, keep_days=self._keep_days, at_most=_AT_ONCE)
        if count:
            log.info("messages_expired", extra={"count": count})
        return {"outcome": MORE if count == _AT_ONCE else DONE}

    def mark_next(self) -> dict[str, Any]:
        """Mark the next messages of people, channels and teams that go as a whole."""
        return {"outcome": MORE if self._removing.mark_next(at_most=_AT_ONCE) else DONE}

    def tidy(self, now_s: float, again: str) -> dict[str, Any]:
        """Drop old marks, and ask once more for what they should have led to."""
        self._records.mark_opted_out()
        self._records.drop_marks(now_s)
        self._records.drop_ended_holds(now_s)
        for team, file_id in self._records.deleted_files():
            self._removing.file_deleted(team, file_id, again=again)
        self._renders.retire_outlived(again=again)
        return {"outcome": DONE}

    def next_channel(self, after: list[str]) -> dict[str, Any]:
        """The team and channel that come after these; `{"outcome", "place"}`: more, or done."""
        team, channel = after
        found = self._records.next_channel((team, channel))
        return {"outcome": MORE if found else DONE, "place": [*(found or after)]}

    def find_vanished(self, place: list[str]) -> dict[str, Any]:
        """Ask Slack for the oldest files of a channel; what is missing is deleted.

        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        team, channel = place
        # From outside of a channel every file of it looks missing.
        has_more = self._access.is_bot_in(channel) and self._ask_for_oldest(team, channel)
        return {"outcome": MORE if has_more else DONE}

    def _ask_for_oldest(self, team: str, channel: str) -> bool:
        still_there = 0
        files = self._records.oldest_files(team, channel, at_most=_AT_ONCE)
        for file_id in files:
            if self._is_there(file_id):
                still_there += 1
            else:
                still_there = 0
                self._removing.file_deleted(team, file_id)
            if still_there == _STILL_THERE:
                return False
        return len(files) == _AT_ONCE

    def _is_there(self, file_id: str) -> bool:
        try:
            self._files.info(file_id)
        except errors.FileDeleted:
            return False
        except errors.FileError:
            return True
        return True

    def forget_next(self, after: str, again: str) -> dict[str, Any]:
        """Store the jobs that forget the next marked messages; `last` is where to go on."""
        last = self._removing.forget_next(after=after, again=again, at_most=_AT_ONCE)
        return {"outcome": MORE if last else DONE, "last": last}
