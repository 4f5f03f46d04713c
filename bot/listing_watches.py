"""The list of watches, and what its buttons do; everything is decided anew at each press."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from bot import commands, errors, watch_list
from bot.access import Access
from bot.adapters.hold_records import HoldRecords
from bot.adapters.one_answer import one_answer
from bot.adapters.watch_records import WatchRecords
from bot.answering import AWAY, GONE_WATCH, Answers, Asker, Said
from bot.holding import Holding
from bot.messages import Body
from bot.model import ALL_WATCHES, Hold, Watch
from bot.pause_texts import DEAD_TARGETS, LOST_ACCESS
from bot.removing_watches import RemovingWatches
from bot.rules import stored_rule
from bot.watch_list import Listed, WatchList, list_body
from bot.watch_modal import FormContext
from bot.watch_window import WatchWindow


class ListingWatches:
    """Shows a person the watches that concern them where they are, and lets them change those."""

    def __init__(
        self,
        access: Access,
        window: WatchWindow,
        holding: Holding,
        removing: RemovingWatches,
        *,
        watches: WatchRecords,
        holds: HoldRecords,
        slash_command: str,
    ) -> None:
        """Take who may see what, what carries out the buttons, the records, and our name."""
        self._access = access
        self._window = window
        self._holding = holding
        self._watches = watches
        self._holds = holds
        self._name = slash_command
        self._acts: dict[str, Callable[[Asker, Listed], str]] = {
            watch_list.REMOVE: lambda asker, one: removing.remove(asker, one.watch.watch_id),
            watch_list.MUTE: lambda asker, one: holding.mute(asker, one.watch.watch_id),
            watch_list.UNMUTE: lambda asker, one: holding.unmute(asker, one.watch.watch_id),
        }

    @property
    def answers(self) -> Answers:
        """What is said to each command about this."""
        return {
            commands.ListWatches: lambda asker, _command: self.body(asker),
            commands.NewWatch: lambda asker, _command: self._window.open(asker, _context(asker)),
        }

    @one_answer()
    def press(self, asker: Asker, button: str, value: str) -> Said:
        """Do what a button is for; the list as it is then, or nothing where a window opens.

        Raises: errors.RecordsUnavailable.
        """
        watch_id, page = map(int, value.split("/"))
        try:
            if button in (watch_list.NEW, watch_list.EDIT):
                context = _context(asker, watch_id=watch_id or None, page=page)
                note = self._window.open(asker, context)
                return self.body(asker, page=page, note=note) if note else ""
            return self.body(asker, page=page, note=self._act(asker, button, watch_id))
        except errors.SlackError:
            return self.body(asker, page=page, note=AWAY)

    @one_answer()
    def submit(
        self, asker: Asker, context: FormContext, values: Mapping[str, Any]
    ) -> tuple[dict[str, str], Said]:
        """Take a submitted window: what is wrong, by field; or what is said now it is saved.

        Where it was opened from a list, that is the list as it is then.
        """
        wrong, words = self._window.submit(asker, context, values)
        if wrong or context.page is None:
            return wrong, words
        return {}, self.body(asker, page=context.page, note=words)

    def body(self, asker: Asker, *, page: int = 0, note: str = "") -> Body:
        """One page of the list.

        Raises: errors.RecordsUnavailable.
        """
        found = self._found(asker)
        return list_body(
            found, channel=asker.channel, slash_command=self._name, page=page, note=note
        )

    def _act(self, asker: Asker, button: str, watch_id: int) -> str:
        if button not in self._acts:
            return ""
        if button == watch_list.UNMUTE and watch_id == ALL_WATCHES:
            return self._holding.unmute(asker, ALL_WATCHES)
        listed = {one.watch.watch_id: one for one in self._found(asker).listed}
        return self._acts[button](asker, listed[watch_id]) if watch_id in listed else GONE_WATCH

    def _found(self, asker: Asker) -> WatchList:
        mine = self._as_now(asker, self._watches.of_owner(asker.team, asker.person))
        here = [watch for watch in self._telling(asker) if watch.owner != asker.person]
        may_remove = bool(here) and self._access.is_admin(asker.person)
        ids = [watch.watch_id for watch in (*mine, *here)]
        holds = self._holds.of_watches(asker.team, ids, person=asker.person)
        return WatchList(
            mine=tuple(Listed(watch, _of(watch, holds)) for watch in mine),
            here=tuple(
                Listed(watch, _of(watch, holds), is_mine=False, may_remove=may_remove)
                for watch in here
            ),
            whole=next((hold for hold in holds if hold.watch_id == ALL_WATCHES), None),
        )

    def _as_now(self, asker: Asker, mine: list[Watch]) -> list[Watch]:
        """One's own watches, paused by what one may see now, and not by what a picture found out.

        Where Slack does not say what they may see, none is.
        """
        places = {watch.watch_id: stored_rule(watch.rule_text).in_channels for watch in mine}
        asked = dict.fromkeys(itertools.chain.from_iterable(places.values()))
        try:
            seen = set(self._access.visible(asker.person, asked)) if asked else set()
        except (errors.SlackBusy, errors.SlackUnknown):
            seen = set(asked)
        return [_paused_now(watch, places[watch.watch_id], seen) for watch in mine]

    def _telling(self, asker: Asker) -> list[Watch]:
        """The watches that tell the asker's channel; none where it is in doubt that they see it."""
        telling = self._watches.telling(asker.team, asker.channel)
        try:
            sees = bool(telling) and self._access.may_see(asker.person, asker.channel)
        except (errors.SlackBusy, errors.SlackUnknown):
            return []
        return telling if sees else []


def _paused_now(watch: Watch, places: tuple[str, ...], seen: set[str]) -> Watch:
    if watch.paused_why in DEAD_TARGETS:
        return watch
    is_unseen = bool(places) and seen.isdisjoint(places)
    return dataclasses.replace(watch, paused_why=LOST_ACCESS if is_unseen else None)


def _of(watch: Watch, holds: list[Hold]) -> tuple[Hold, ...]:
    return tuple(hold for hold in holds if hold.watch_id == watch.watch_id)


def _context(asker: Asker, **more: Any) -> FormContext:
    return FormContext(asker.channel, reply_url=asker.reply_url, **more)
