"""The pictures that a notice counts as held back: which of them there are to see, and where."""

from __future__ import annotations

from bot.access import Access
from bot.adapters.notice_records import NoticeRecord
from bot.adapters.one_answer import in_time, is_late
from bot.adapters.watch_event_records import HeldPicture, WatchEventRecords
from bot.answering import Asker
from bot.moments import when
from bot.permalinks import permalink
from bot.summary import counted

_NONE = "None of these pictures can be seen any more."
_SLOW = "Slack was too slow to tell which other channels you see. Press again in a minute."
_LISTED_AT_MOST = 20


class HeldBack:
    """Lists what somebody may still see of it; of the rest not even the number is said."""

    def __init__(
        self,
        access: Access,
        *,
        events: WatchEventRecords,
        site_url: str,
    ) -> None:
        """Take who may see what, the records, and the workspace's address."""
        self._access = access
        self._events = events
        self._site_url = site_url

    def list(self, asker: Asker, notice: NoticeRecord) -> str:
        """The links to the pictures, the newest first.

        Raises: errors.SlackBusy, errors.SlackUnknown, errors.RecordsUnavailable.
        """
        pictures = self._events.counted_in(notice.key)
        channels = dict.fromkeys(held.source.channel for held in pictures)
        seen = set(self._access.visible(asker.person, in_time(channels)))
        slow = [_SLOW] if is_late() else []
        listed = [held for held in pictures if held.source.channel in seen]
        if not listed:
            return _SLOW if slow else _NONE
        lines = ["Held back before this notice:", *map(self._line, listed[:_LISTED_AT_MOST])]
        more = len(listed) - _LISTED_AT_MOST
        rest = [f"and {counted(more, 'older one')}"] if more > 0 else []
        return "\n".join([*lines, *rest, *slow])

    def _line(self, held: HeldPicture) -> str:
        source = held.source
        link = permalink(self._site_url, source.message, held.thread_ts)
        return f"• <#{source.channel}>, {when(float(source.ts), link=link or '')}"
