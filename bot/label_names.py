"""Whether a name that somebody typed is a label's, what was probably meant, and what to offer.

Known are the labels that were seen where the asker may look. Withheld labels are neither known nor
offered, and what is in another's private channel stays unsaid.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

from bot import errors, rules
from bot.access import Access
from bot.answering import Asker
from bot.messages import escape
from bot.rules import Rule, label_key, shown
from bot.showing import Showing

OFFERED_AT_MOST = 50
_CHANNELS_ASKED = 5
_ASKING_ENDS_AFTER_S = 1.0
"""A suggestion is a courtesy: Slack waits three seconds for the whole answer."""


class LabelNames:
    """Checks the names in rules, and completes those that are being typed."""

    def __init__(self, access: Access, showing: Showing, *, slash_command: str) -> None:
        """Take who may see what, what is shown, and the name people type."""
        self._access = access
        self._showing = showing
        self._command = slash_command

    def checked(self, asker: Asker, rule: Rule) -> tuple[Rule, str]:
        """The rule, and what there is to say about its names, or nothing.

        Raises: errors.CommandError for a name that is withheld, errors.RecordsUnavailable.
        """
        withholding = self._showing.withholding(asker.team)
        if withheld := next(filter(withholding.is_withheld, rule.labels), None):
            why = withholding.reason(withheld)
            problem = f"I do not say {shown(withheld)} to anybody, so it cannot be watched: {why}."
            raise errors.CommandError(problem=problem, example="/labels watch person")
        return rule, "".join(dict.fromkeys(self._hint(asker, label) for label in rule.labels))

    def unified(self, rule: Rule) -> Rule:
        """The rule in the form in which two can be compared."""
        return rule

    def names_for(self, asker: Asker, typed: str) -> list[str]:
        """Names to offer while somebody types, those that begin so first; each label once.

        Raises: errors.RecordsUnavailable.
        """
        key = label_key(typed)
        seen = self._showing.names_seen(asker.team)
        wanted = {name for names in seen.values() for name in names if key in label_key(name)}
        try:
            known = self._seen(asker, wanted, wanted)
        except (errors.SlackBusy, errors.SlackUnknown):
            return []
        best = sorted(known, key=lambda name: (not label_key(name).startswith(key), name))
        return best[:OFFERED_AT_MOST]

    def _hint(self, asker: Asker, label: str) -> str:
        try:
            known = self._seen_near(asker, label)
        except (errors.SlackBusy, errors.SlackUnknown):
            return ""
        if any(map(_called(label), known)):
            return ""
        meant = rules.suggest(label, known)
        if meant:
            example = f"{self._command} watch {escape(meant)}"
            undo = f"{self._command} unwatch {escape(label)}"
            hint = f"\nDid you mean *{escape(meant)}*? Then type `{example}`."
            return f"{hint} And to undo this one: `{undo}`."
        return "\nIt is new to me, so check the spelling if nothing ever comes."

    def _seen_near(self, asker: Asker, label: str) -> set[str]:
        """The label, or names close to it, that were seen where the asker may look."""
        is_it, seen = _called(label), self._showing.names_seen(asker.team)
        all_names = {name for names in seen.values() for name in names}
        near = {name for name in all_names if is_it(name) or rules.suggest(label, [name])}
        closest = rules.suggest(label, near)
        best = {*filter(is_it, near)} or {*filter(None, [closest])}
        return self._seen(asker, near, best)

    def _seen(self, asker: Asker, wanted: set[str], best: set[str]) -> set[str]:
        """Those of the wanted names that were seen where the asker may look.

        Only channels that matter are asked about, a few at most: first those where the best were
        seen, and the asker's own.
        """
        seen = self._showing.names_seen(asker.team)
        holders = sorted(
            (names.isdisjoint(best), channel != asker.channel, channel)
            for channel, names in seen.items()
            if names & wanted
        )
        known: set[str] = set()
        for channel in self._access.visible(asker.person, _for_a_while(holders)):
            known |= seen[channel] & wanted
            if known >= best:
                break
        return known


def _called(label: str) -> Callable[[str], bool]:
    """Whether a name is this label, however it is spelt."""
    key = label_key(label)
    return lambda name: label_key(name) == key


def _for_a_while(holders: list[tuple[bool, bool, str]]) -> Iterator[str]:
    """The first few channels, as long as there is time to ask about them."""
    ends_s = time.monotonic() + _ASKING_ENDS_AFTER_S
    few = (channel for *_, channel in holders[:_CHANNELS_ASKED])
    return itertools.takewhile(lambda _: time.monotonic() < ends_s, few)
