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
from bot.answering import Asker
from bot.messages import escape
from bot.model import ALL_WATCHES, Hold, Watch
from bot.rule_mentions import rule_words
from bot.rules import Rule
from bot.snooze_times import until_s, zone_of

_GONE = "You have no such watch any more."
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

        Raises: errors.SlackError, when Slack does not say what time it is for the asker.
        """
        watch, no = self._mine(asker, watch_id)
        if no:
            return no
        zone = zone_of(self._workspace.person(asker.person))
        end_s = until_s(choice, now_s=time.time(), zone=zone)
        self._hold(asker, watch_id, watch, until_s=end_s)
        return f"{_what(watch)} is quiet until {_moment(end_s, zone)}, then goes on by itself."

    def mute(self, asker: Asker, watch_id: int, *, for_all: bool = False) -> str:
        """Hold a watch, or ALL_WATCHES of the asker, back until it is unmuted.

        A channel's watch is muted for all; others can only do without the whole channel.
        """
        watch, no = self._mine(asker, watch_id, for_all=for_all)
        if no:
            return no
        self._hold(asker, watch_id, watch, until_s=None)
        which = escape(watch.rule_text) if watch else "all"
        return f"{_what(watch)} is muted until `{self._name} unmute {which}`."

    def unmute(self, asker: Asker, watch_id: int) -> str:
        """End a mute or a snooze."""
        watch, no = self._mine(asker, watch_id)
        if no:
            return no
        for_all = bool(watch and watch.target)
        if not self._holds.lift(asker.team, watch_id, asker.person, for_all=for_all):
            return f"{_what(watch)} is not held back."
        return f"{_what(watch)} tells again."

    def _mine(
        self, asker: Asker, watch_id: int, *, for_all: bool = True
    ) -> tuple[Watch | None, str]:
        """The watch, or why this person may not hold it back; of others' own nothing is said."""
        if watch_id == ALL_WATCHES:
            return None, ""
        watch = self._watches.get(asker.team, watch_id)
        if watch is None or (not watch.target and watch.owner != asker.person):
            return None, _GONE
        may = watch.owner == asker.person or self._access.is_admin(asker.person)
        if watch.target and not (may and for_all):
            return None, _ONLY_THESE.format(owner=watch.owner)
        return watch, ""

    def _hold(
        self, asker: Asker, watch_id: int, watch: Watch | None, *, until_s: float | None
    ) -> None:
        for_all = bool(watch and watch.target)
        self._holds.hold(
            asker.team, watch_id, asker.person, for_all=for_all, until_s=until_s, by=asker.person
        )
        log.info("watch_held", extra={"watch": watch_id, "for_all": for_all})


def held_by(watch: Watch, rule: Rule, holds: Sequence[Hold]) -> str | None:
    """Why a watch is held back; a hold of everything does not concern channels, nor `always`."""
    for hold in holds:
        is_whole = hold.watch_id == ALL_WATCHES and not watch.target and not rule.always
        is_meant = hold.watch_id == watch.watch_id or is_whole
        if is_meant and (hold.for_all or hold.person == watch.owner):
            return hold.reason
    return None


def _what(watch: Watch | None) -> str:
    return f"*{rule_words(watch.rule_text)}*" if watch else "Everything that you watch"


def _moment(at_s: float, zone: dt.tzinfo) -> str:
    """A moment as everybody reads it in their own time zone."""
    fallback = dt.datetime.fromtimestamp(at_s, tz=zone)
    return f"<!date^{int(at_s)}^{{date_short_pretty}} {{time}}|{fallback:%Y-%m-%d %H:%M}>"
