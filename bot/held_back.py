"""The pictures that a notice counts as held back: which of them there are to see, and where."""

from __future__ import annotations

from bot.access import Access
from bot.adapters.message_records import MessageRecords
from bot.adapters.notice_records import NoticeRecord
from bot.adapters.watch_event_records import WatchEventRecords
from bot.answering import Asker
from bot.model import ImageSource
from bot.permalinks import permalink
from bot.why_texts import moment

_NONE = "None of these pictures can be seen any more."
_LISTED_AT_MOST = 20


class HeldBack:
    """Lists what somebody may still see of it; of the rest not even the number is said."""

    def __init__(
        self,
        access: Access,
        *,
        messages: MessageRecords,
        events: WatchEventRecords,
        site_url: str,
    ) -> None:
        """Take who may see what, the records, and the workspace's address."""
        self._access = access
        self._messages = messages
        self._events = events
        self._site_url = site_url

    def list(self, asker: Asker, notice: NoticeRecord) -> str:
        """The links to the pictures, the newest first.

        Raises: errors.SlackBusy, errors.SlackUnknown, errors.RecordsUnavailable.
        """
        counted = dict.fromkeys(event.source for event in self._events.counted_in(notice.key))
        standing = [source for source in counted if self._messages.stands(source)]
        channels = dict.fromkeys(source.channel for source in standing)
        seen = set(self._access.visible(asker.person, channels))
        listed = [source for source in standing if source.channel in seen]
        if not listed:
            return _NONE
        newest = sorted(listed, key=lambda source: source.ts, reverse=True)
        lines = ["Held back before this notice:", *map(self._line, newest[:_LISTED_AT_MOST])]
        more = len(newest) - _LISTED_AT_MOST
        return "\n".join([*lines, *([f"and {more} older ones"] if more > 0 else [])])

    def _line(self, source: ImageSource) -> str:
        accepted = self._messages.accepted(source.message)
        thread_ts = accepted.thread_ts if accepted else source.ts
        link = permalink(self._site_url, source.message, thread_ts)
        return f"• <#{source.channel}>, {moment(float(source.ts), link=link or '')}"
