"""Snoozing and muting: a watch is held back for its owner, or a channel's watch for all."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Sequence

from bot.access import Access
from bot.adapters.hold_records import HoldRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.watch_records import WatchRecords
from bot.answering import GONE_WATCH, Asker
from bot.model import ALL_WATCHES, Hold, Watch
from bot.moments import when
from bot.rule_mentions import rule_command, rule_words
from bot.rules import Rule, stored_rule
from bot.snooze_times import until_s, zone_of
from bot.watch_list import EVERYTHING, spoken

_ALL = "All that tells you directly"
_ONLY_THESE = (
    "That watch tells the whole channel, so only its owner <@{owner}> and admins may hold it back. "
    "For yourself you can mute the channel: its name, then _Edit notifications_, then "
    "_Mute channel_."
)

log = logging.getLogger(__name__)


class Holding:
    """Says whether somebody may hold a watch back, and does it."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        access: Access,
        *,
        watches: WatchRecords,
        holds: HoldRecords,
        slash_command: str,
    ) -> None:
        """Take Slack, who is an admin, the records, and the name people type."""
        self._workspace = workspace
        self._access = access
        self._watches = watches
        self._holds = holds
        self._name = slash_command

    def snooze(self, asker: Asker, watch_id: int, choice: str) -> str:
        """Hold a watch, or ALL_WATCHES of the asker, back for a while; what is said to them.

        What is held for longer already stays so.

        Raises: errors.SlackError, when Slack does not say what time it is for the asker.
        """
        watch, no = self._mine(asker, watch_id)
        if no:
            return no
        zone = zone_of(self._workspace.person(asker.person))
        asked_s = until_s(choice, now_s=time.time(), zone=zone)
        end_s = self._hold(asker, watch_id, until_s=asked_s)
        if end_s is None:
            said = f"is muted already, and stays so until {self._unmute(watch)}."
        elif end_s > asked_s:
            said = f"is snoozed for longer already: until {_moment(end_s, zone)}."
        else:
            said = f"is quiet until {_moment(end_s, zone)}, then goes on by itself."
        return f"{_what(watch)} {said}{self._as_well(watch)}"

    def mute(self, asker: Asker, watch_id: int) -> str:
        """Hold a watch, or ALL_WATCHES of the asker, back until it is unmuted.

        A channel's watch is muted for all; others can only do without the whole channel.
        """
        watch, no = self._mine(asker, watch_id)
        if no:
            return no
        self._hold(asker, watch_id, until_s=None)
        return f"{_what(watch)} is muted until {self._unmute(watch)}.{self._as_well(watch)}"

    def unmute(self, asker: Asker, watch_id: int) -> str:
        """End a mute or a snooze; says what is quiet all the same."""
        watch, no = self._mine(asker, watch_id)
        if no:
            return no
        is_over = self._holds.lift(asker.team, watch_id, asker.person)
        if watch is None:
            said = "tells again" if is_over else "is not held back"
            return f"{_ALL} {said}{self._but_for(asker)}."
        if whole := self._whole(watch):
            said = "is no longer" if is_over else "is not"
            return f"{_what(watch)} {said} held back by itself. But {self._quiet(whole)}."
        return f"{_what(watch)} {'tells again' if is_over else 'is not held back'}."

    def _mine(self, asker: Asker, watch_id: int) -> tuple[Watch | None, str]:
        """The watch, or why this person may not hold it back; of others' own nothing is said."""
        if watch_id == ALL_WATCHES:
            return None, ""
        watch = self._watches.get(asker.team, watch_id)
        if watch is None or (not watch.target and watch.owner != asker.person):
            return None, GONE_WATCH
        if watch.owner != asker.person and not self._access.is_admin(asker.person):
            return None, _ONLY_THESE.format(owner=watch.owner)
        return watch, ""

    def _hold(self, asker: Asker, watch_id: int, *, until_s: float | None) -> float | None:
        person = asker.person
        end_s = self._holds.hold(asker.team, watch_id, person, until_s=until_s, by=person)
        log.info("watch_held", extra={"watch": watch_id})
        return end_s

    def _whole(self, watch: Watch) -> Hold | None:
        """The hold of everything, where it keeps this watch quiet."""
        for hold in self._holds.of_watches(watch.team, [], person=watch.owner):
            if held_by(watch, stored_rule(watch.rule_text), [hold]):
                return hold
        return None

    def _as_well(self, watch: Watch | None) -> str:
        """That a watch is quiet for another reason too."""
        whole = self._whole(watch) if watch else None
        return f" Besides, {self._quiet(whole)}." if whole else ""

    def _quiet(self, whole: Hold) -> str:
        end = when(whole.until_s) if whole.until_s else self._unmute(None)
        return f"all that tells you directly is quiet until {end}"

    def _but_for(self, asker: Asker) -> str:
        """Which of the watches that tell somebody directly are held back each by itself."""
        every = self._watches.of_owner(asker.team, asker.person)
        own = [watch for watch in every if not watch.target]
        holds = self._holds.of_watches(asker.team, [watch.watch_id for watch in own])
        held = {hold.watch_id for hold in holds}
        still = [watch for watch in own if watch.watch_id in held]
        return f", but for {spoken(still)}: muted or snoozed by itself" if still else ""

    def _unmute(self, watch: Watch | None) -> str:
        return rule_command(f"{self._name} unmute", watch.rule_text if watch else "all")


def held_by(watch: Watch, rule: Rule, holds: Sequence[Hold]) -> str | None:
    """Why a watch is held back; a hold of everything does not concern channels, nor `always`."""
    for hold in holds:
        is_whole = hold.watch_id == ALL_WATCHES and hold.person == watch.owner
        if hold.watch_id == watch.watch_id or (is_whole and not watch.target and not rule.always):
            return hold.reason
    return None


def _what(watch: Watch | None) -> str:
    return f"*{rule_words(watch.rule_text)}*" if watch else EVERYTHING


def _moment(at_s: float, zone: dt.tzinfo) -> str:
    """A moment as everybody reads it in their own time zone."""
    fallback = dt.datetime.fromtimestamp(at_s, tz=zone)
    return f"<!date^{int(at_s)}^{{date_short_pretty}} {{time}}|{fallback:%Y-%m-%d %H:%M}>"
