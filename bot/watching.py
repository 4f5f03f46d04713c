"""Somebody makes a watch or changes one: what is in its way, and what they are told.

The line that is typed, the button under a reply and the window all come through here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from bot.access import Access
from bot.adapters.watch_records import WatchRecords
from bot.answering import GONE_WATCH, Asker
from bot.label_names import LabelNames
from bot.modal_fields import FieldsWrong
from bot.model import Watch
from bot.rule_mentions import rule_words
from bot.rule_reference import is_meant
from bot.rules import Rule, Term, stored_rule
from bot.watch_list import spoken
from bot.watch_modal import CHANNELS, LABELS, TELL

WATCHES_MOST = 100
"""One person's: every picture is held against all watches, and the list of them is read by eye."""

_TOO_MANY = (
    f"You have {WATCHES_MOST} watches, the most that one person can have. Remove one that you no "
    "longer need first: “watches” lists them."
)

log = logging.getLogger(__name__)


class AlreadyWatched(Exception):
    """The same person has a watch that asks for the same."""

    def __init__(self, rule: Rule) -> None:
        """Keep the rule."""
        super().__init__()
        self.rule = rule


class Watching:
    """Keeps people's watches; adding one never replaces another."""

    def __init__(self, access: Access, names: LabelNames, watches: WatchRecords) -> None:
        """Take who may see what, what labels are called, and the records."""
        self._access = access
        self._names = names
        self._watches = watches

    def own(self, asker: Asker) -> list[tuple[Watch, Rule]]:
        """The asker's watches, each with its rule in the form in which two can be compared."""
        found = self._watches.of_owner(asker.team, asker.person)
        return [(watch, self._compared(watch)) for watch in found]

    def meant(self, wanted: Rule, watches: Iterable[Watch]) -> list[Watch]:
        """Those of the watches that somebody means who types this, by whichever of their names."""
        wanted = self._names.unified(wanted)
        return [watch for watch in watches if is_meant(self._compared(watch), wanted)]

    def add(self, asker: Asker, rule: Rule) -> str:
        """Keep a watch; what is said to its owner.

        Raises: AlreadyWatched, FieldsWrong, errors.CommandError, errors.SlackBusy,
            errors.SlackUnknown, errors.RecordsUnavailable.
        """
        rule, note = self._checked(asker, rule)
        own = self.own(asker)
        if _same(rule, own):
            raise AlreadyWatched(rule)
        if len(own) >= WATCHES_MOST:
            raise FieldsWrong({LABELS: _TOO_MANY})
        if not self._watches.add(asker.team, asker.person, rule):
            raise AlreadyWatched(rule)
        return f"You now watch {_promise(rule)}{_beside(rule, own)}{note}"

    def change(self, asker: Asker, watch_id: int, rule: Rule) -> str:
        """Put another rule in a watch's place; what is said to its owner.

        Raises: as `add`.
        """
        if self.to_change(asker, watch_id) is None:
            raise FieldsWrong({LABELS: GONE_WATCH})
        rule, note = self._checked(asker, rule)
        others = [(watch, its) for watch, its in self.own(asker) if watch.watch_id != watch_id]
        if _same(rule, others) or not self._watches.change(watch_id, rule):
            raise AlreadyWatched(rule)
        log.info("watch_changed", extra={"watch": watch_id})
        return f"Changed: you watch {_promise(rule)}{_beside(rule, others)}{note}"

    def to_change(self, asker: Asker, watch_id: int) -> Rule | None:
        """What a watch asks for; None where it is gone, or somebody else's."""
        watch = self._watches.get(asker.team, watch_id)
        return stored_rule(watch.rule_text) if watch and watch.owner == asker.person else None

    def _compared(self, watch: Watch) -> Rule:
        return self._names.unified(stored_rule(watch.rule_text))

    def _checked(self, asker: Asker, rule: Rule) -> tuple[Rule, str]:
        """The rule by its labels' own names, and what there is to say about those."""
        wrong = self._unseen(asker, rule.in_channels)
        if rule.tell and (obstacle := self._untold(asker, rule.tell)):
            wrong[TELL] = obstacle
        if wrong:
            raise FieldsWrong(wrong)
        return self._names.checked(asker, rule)

    def _unseen(self, asker: Asker, channels: tuple[str, ...]) -> dict[str, str]:
        """A channel that is not there is answered as one that the asker may not see."""
        if not channels:
            return {}
        seen = set(self._access.visible(asker.person, channels))
        if seen.issuperset(channels):
            return {}
        return {CHANNELS: "You cannot see all of these channels: choose others."}

    def _untold(self, asker: Asker, channel: str) -> str:
        rights = self._access.rights(asker.person, channel)
        if not (rights.bot_is_in and rights.sees):
            return "I can only tell a channel that you can see and that I am in: invite me there."
        if not rights.is_full_member:
            return "Guests cannot have a channel told; ask a member to."
        return ""


def _same(rule: Rule, own: Iterable[tuple[Watch, Rule]]) -> bool:
    return any(other.key == rule.key for _, other in own)


def _promise(rule: Rule) -> str:
    """What is watched, and what will happen."""
    whom = f"<#{rule.tell}>" if rule.tell else "you in a direct message"
    shows = "shows it" if isinstance(rule.query, Term) else "meets that"
    who = "somebody" if rule.tell or rule.from_people else "somebody else"
    where = _where(rule)
    return (
        f"*{rule_words(str(rule))}*: I tell {whom} when {who} posts a picture that {shows}{where}."
    )


def _where(rule: Rule) -> str:
    whose = f"that all of <#{rule.tell}> may see" if rule.tell else "you may see"
    if not rule.in_channels:
        return f", in any channel {whose}"
    elsewhere = rule.tell and rule.in_channels != (rule.tell,)
    return f", as long as it is in a channel {whose}" if elsewhere else ""


def _beside(rule: Rule, own: Iterable[tuple[Watch, Rule]]) -> str:
    """That other watches for the same labels stand beside this one."""
    keys = {term.key for term in rule.terms}
    beside = [watch for watch, other in own if {term.key for term in other.terms} == keys]
    if not beside:
        return ""
    names = spoken(beside)
    return f"\nYou watch {names} as well; whoever is told hears of a picture once."
