"""What `/labels` says about watches: `watch`, `unwatch` and `watches`."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

from bot import commands, errors, rules
from bot.access import Access
from bot.adapters.watch_records import WatchRecords
from bot.answering import Answers, Asker
from bot.messages import escape
from bot.model import Watch
from bot.showing import Showing

_CHANNELS_ASKED = 5
_ASKING_ENDS_AFTER_S = 1.0
"""A suggestion is a courtesy: Slack waits three seconds for the whole answer."""


class WatchAnswers:
    """Keeps people's watches, and helps with the names of labels."""

    def __init__(
        self,
        access: Access,
        *,
        watches: WatchRecords,
        showing: Showing,
        slash_command: str,
    ) -> None:
        """Take who may see what, the watches, what is shown, and the name people type."""
        self._access = access
        self._watches = watches
        self._showing = showing
        self._name = slash_command

    @property
    def answers(self) -> Answers:
        """The answer to each kind of command."""
        return {
            commands.AddWatch: self.add_watch,
            commands.RemoveWatch: self._remove_watch,
            commands.ListWatches: self._list_watches,
        }

    def add_watch(self, asker: Asker, command: commands.AddWatch) -> str:
        """Keep a watch; what is said to its owner.

        Raises: errors.RecordsUnavailable.
        """
        rule = command.rule
        name = escape(str(rule))
        withholding = self._showing.withholding(asker.team)
        if withheld := next(filter(withholding.is_withheld, rule.labels), None):
            label, why = escape(withheld), withholding.reason(withheld)
            return f"I do not say *{label}* to anybody, so it cannot be watched: {why}."
        if any(rules.parse_rule(own.rule_text).key == rule.key for own in self._own(asker)):
            return f"You watch *{name}* already. `{self._name} watches` lists what you watch."
        self._watches.add(asker.team, asker.person, rule)
        hint = "".join(self._hint(asker, label) for label in rule.labels[:1])
        return (
            f"You now watch *{name}*: I tell you in a direct message when somebody else posts a "
            f"picture that shows it, in any channel you may see.{hint}"
        )

    def _hint(self, asker: Asker, label: str) -> str:
        try:
            known = self._names_known_to(asker, label)
        except (errors.SlackBusy, errors.SlackUnknown):
            return ""
        if any(map(_called(label), known)):
            return ""
        meant = rules.suggest(label, known)
        if meant:
            example = f"{self._name} watch {escape(meant)}"
            undo = f"{self._name} unwatch {escape(label)}"
            hint = f"\nDid you mean *{escape(meant)}*? Then type `{example}`."
            hint += f" And to undo this one: `{undo}`."
            return hint
        return "\nIt is new to me, so check the spelling if nothing ever comes."

    def _names_known_to(self, asker: Asker, label: str) -> set[str]:
        """The label, or names close to it, that were seen where the asker may look.

        Another's private channels stay unsaid. Only channels that matter are asked about, a few at
        most: first those where the label itself or the closest name was seen, and the asker's own.
        """
        is_it, seen = _called(label), self._showing.names_seen(asker.team)
        all_names = {name for names in seen.values() for name in names}
        near = {name for name in all_names if is_it(name) or rules.suggest(label, [name])}
        best: set[str | None] = {*filter(is_it, near)} or {rules.suggest(label, near)}
        holders = sorted(
            (names.isdisjoint(best), channel != asker.channel, channel)
            for channel, names in seen.items()
            if names & near
        )
        known: set[str] = set()
        for channel in self._access.visible(asker.person, _for_a_while(holders)):
            known |= seen[channel] & near
            if known & best:
                break
        return known

    def _remove_watch(self, asker: Asker, command: commands.RemoveWatch) -> str:
        wanted = command.rule
        name = escape(str(wanted))
        doomed = [own for own in self._own(asker) if _is_meant(own, wanted)]
        if not doomed:
            return f"You do not watch *{name}*. `{self._name} watches` lists what you watch."
        self._watches.remove(watch.watch_id for watch in doomed)
        return "You no longer watch " + _spoken(doomed) + "."

    def _list_watches(self, asker: Asker, _command: commands.ListWatches) -> str:
        own = self._own(asker)
        if not own:
            return f"You watch nothing yet. For example: `{self._name} watch dog`"
        example = f"{self._name} unwatch {escape(own[0].rule_text)}"
        return f"You watch {_spoken(own)}.\nTo stop one: `{example}`"

    def _own(self, asker: Asker) -> list[Watch]:
        return self._watches.of_owner(asker.team, asker.person)


def _called(label: str) -> Callable[[str], bool]:
    """Whether a name is this label, however it is spelt."""
    key = rules.label_key(label)
    return lambda name: rules.label_key(name) == key


def _for_a_while(holders: list[tuple[bool, bool, str]]) -> Iterator[str]:
    """The first few channels, as long as there is time to ask about them."""
    ends_s = time.monotonic() + _ASKING_ENDS_AFTER_S
    few = (channel for *_, channel in holders[:_CHANNELS_ASKED])
    return itertools.takewhile(lambda _: time.monotonic() < ends_s, few)


def _is_meant(own: Watch, wanted: rules.Rule) -> bool:
    """A label alone stands for all watches of it; with options, for that very one."""
    rule = rules.parse_rule(own.rule_text)
    if wanted == rules.Rule(rules.Term(wanted.terms[0].label)):
        return [term.key for term in rule.terms] == [wanted.terms[0].key]
    return rule.key == wanted.key


def _spoken(watches: list[Watch]) -> str:
    names = [f"*{escape(watch.rule_text)}*" for watch in watches]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
