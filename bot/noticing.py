"""What the buttons under a notice do; all that is said about it is for whoever pressed.

A notice may stand in a channel where people from outside read it: they may press nothing. Runs on
the web side, so it needs Slack and the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot import errors
from bot.access import Access
from bot.adapters.notice_records import NoticeRecord, NoticeRecords
from bot.adapters.one_answer import one_answer
from bot.answering import AWAY, GONE_WATCH, Asker
from bot.explaining import Explaining
from bot.held_back import HeldBack
from bot.holding import Holding
from bot.notices import HELD, MUTE, REMOVE, SNOOZE, WHY
from bot.removing_watches import RemovingWatches

_STRANGER = "Only people of this workspace who can see this notice can do that."
_OLD = "I no longer know what that notice was about."


@dataclass(frozen=True)
class NoticePress:
    """Who pressed what, under the notice with which key.

    `button` is one of the action ids in `bot.notices`, `choice` what it stood for.
    """

    asker: Asker
    key: str
    button: str
    choice: str


class Noticing:
    """Carries out one press; gives the words for whoever pressed."""

    def __init__(
        self,
        access: Access,
        notices: NoticeRecords,
        *,
        holding: Holding,
        removing: RemovingWatches,
        explaining: Explaining,
        held_back: HeldBack,
    ) -> None:
        """Take who may do what, the records, and what does the work for commands too."""
        self._access = access
        self._notices = notices
        self._holding = holding
        self._removing = removing
        self._explaining = explaining
        self._held_back = held_back
        self._acts: dict[str, Callable[[NoticePress, NoticeRecord], str]] = {
            SNOOZE: self._snooze,
            MUTE: self._mute,
            REMOVE: self._remove,
            WHY: self._explain,
            HELD: self._list_held,
        }

    @one_answer()
    def press(self, press: NoticePress) -> str:
        """Do what a button is for.

        Raises: errors.RecordsUnavailable.
        """
        asker = press.asker
        try:
            if not self._access.may_ask(asker.person, asker.channel):
                return _STRANGER
            notice = self._notices.get(asker.team, press.key)
            return self._acts[press.button](press, notice) if notice else _OLD
        except (errors.SlackBusy, errors.SlackUnknown):
            return AWAY

    def _snooze(self, press: NoticePress, notice: NoticeRecord) -> str:
        """All that the notice names; of one that is gone nothing is said beside the others."""
        said = dict.fromkeys(
            self._holding.snooze(press.asker, watch_id, press.choice)
            for watch_id in notice.watch_ids
        )
        if len(said) > 1:
            said.pop(GONE_WATCH, None)
        return "\n".join(said) or _OLD

    def _mute(self, press: NoticePress, _notice: NoticeRecord) -> str:
        return self._holding.mute(press.asker, int(press.choice))

    def _remove(self, press: NoticePress, _notice: NoticeRecord) -> str:
        return self._removing.remove(press.asker, int(press.choice))

    def _explain(self, press: NoticePress, notice: NoticeRecord) -> str:
        source = notice.source
        return self._explaining.explain(press.asker, source.message, file_id=source.file_id)

    def _list_held(self, press: NoticePress, notice: NoticeRecord) -> str:
        return self._held_back.list(press.asker, notice)
