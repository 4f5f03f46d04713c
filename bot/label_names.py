"""Whether a name that somebody typed is a label's, what was probably meant, and what to offer.

Known are the labels of Amazon's list, where an operator has imported it, and those that were seen
where the asker may look. Withheld labels are neither known nor offered, and what is in another's
private channel stays unsaid.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

from bot import errors
from bot.access import Access
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.one_answer import in_time
from bot.answering import Asker
from bot.label_catalogue import Catalogue, by_key, matching, near
from bot.messages import escape
from bot.rule_mentions import rule_command
from bot.rules import Rule, Term, label_key, shown
from bot.showing import Showing
from bot.withheld import Withholding

OFFERED_AT_MOST = 50
_CHANNELS_ASKED = 5


class LabelNames:
    """Checks the names in rules, and completes those that are being typed."""

    def __init__(
        self, access: Access, showing: Showing, catalogue: CatalogueRecords, *, slash_command: str
    ) -> None:
        """Take who may see what, what is shown, Amazon's list, and the name people type."""
        self._access = access
        self._showing = showing
        self._catalogue = catalogue
        self._command = slash_command

    def checked(self, asker: Asker, rule: Rule) -> tuple[Rule, str]:
        """The rule by Rekognition's own names, and what there is to say about them, or nothing.

        With the list, a name that is nowhere known is refused; without it, it is only remarked on.
        Raises: errors.CommandError for a name that is withheld or not known, errors.SlackBusy,
            errors.SlackUnknown, errors.RecordsUnavailable.
        """
        catalogue = self._catalogue.current()
        unified = _unified(rule, catalogue)
        withholding = self._showing.withholding(asker.team)
        for term in unified.terms:
            _refuse_withheld(term, catalogue, withholding)
        seen = self._seen_near_all(asker, unified, catalogue)
        checks = [
            self._check(asker, unified, term, catalogue=catalogue, seen=seen)
            for term in unified.terms
        ]
        return unified, "".join(dict.fromkeys([*_renamed(rule, catalogue), *checks]))

    def unified(self, rule: Rule) -> Rule:
        """The rule with other names for labels replaced, so that two can be compared."""
        return _unified(rule, self._catalogue.current())

    def canonical(self, name: str) -> str:
        """The label that a name stands for; the name itself where nothing else is known."""
        return self._catalogue.current().canonical(name)

    def names_for(self, asker: Asker, typed: str) -> list[str]:
        """Names to offer while somebody types, the likeliest first; each label once.

        Raises: errors.RecordsUnavailable.
        """
        catalogue = self._catalogue.current()
        withholding = self._showing.withholding(asker.team)
        names = {**self._seen_for(asker, typed), **catalogue.names_by_key}
        found = matching(typed, names) or near(typed, names)
        once: dict[str, str] = {}
        for name in found:
            label = catalogue.label(name)
            if not withholding.covers(label):
                once.setdefault(label.name, name)
            if len(once) == OFFERED_AT_MOST:
                break
        return [*once.values()]

    # -- one label

    def _check(
        self,
        asker: Asker,
        rule: Rule,
        term: Term,
        *,
        catalogue: Catalogue,
        seen: dict[str, str] | None,
    ) -> str:
        """What there is to say about one name; nothing where Slack did not say what was seen."""
        if term.is_category:
            return _check_category(rule, term, catalogue)
        if catalogue.known(term.label) or seen is None or label_key(term.label) in seen:
            return ""
        meant = self._meant(asker, term.label, seen, catalogue)
        if catalogue:
            problem = f"{shown(term.label)} is not on Amazon's list of labels."
            if catalogue.known(str(rule)):  # "Mac and Cheese" is one, without its quotes
                whole, meant = Term(str(rule)), catalogue.canonical(str(rule))
                raise _unknown(problem, Rule(whole), whole, meant)
            raise _unknown(problem, rule, term, meant)
        return self._remark(rule, term, meant)

    def _meant(
        self, asker: Asker, label: str, seen: dict[str, str], catalogue: Catalogue
    ) -> str | None:
        withholding = self._showing.withholding(asker.team)
        close = near(label, {**catalogue.names_by_key, **seen})
        sayable = (name for name in close if not withholding.covers(catalogue.label(name)))
        return next(sayable, None)

    def _remark(self, rule: Rule, term: Term, meant: str | None) -> str:
        if meant is None:
            it = "It" if len(rule.terms) == 1 else escape(shown(term.label))
            return f"\n{it} is new to me, so check the spelling if nothing ever comes."
        example = rule_command(f"{self._command} watch", str(_with_label(rule, term, meant)))
        undo = rule_command(f"{self._command} unwatch", str(rule))
        return (
            f"\nDid you mean *{escape(meant)}*? Then type {example}. And to undo this one: {undo}."
        )

    # -- what was seen where the asker may look

    def _seen_near_all(
        self, asker: Asker, rule: Rule, catalogue: Catalogue
    ) -> dict[str, str] | None:
        """A rule's labels that nothing else is known of, or names close to them, by key.

        None where Slack does not answer, and no list says what is known.
        """
        unknown = [label for label in rule.labels if not catalogue.known(label)]
        if not unknown:
            return {}
        seen = self._showing.names_seen(asker.team)
        all_names = by_key(name for names in seen.values() for name in names)
        wanted, best = set[str](), set[str]()
        for label in unknown:
            close, exact = near(label, all_names), all_names.get(label_key(label))
            best |= {exact} if exact else {*close[:1]}
            wanted |= {*close, *best}
        try:
            return by_key(self._seen(asker, wanted, best))
        except (errors.SlackBusy, errors.SlackUnknown):
            if catalogue:
                raise
            return None

    def _seen_for(self, asker: Asker, typed: str) -> dict[str, str]:
        """The names that begin as typed, by key; none where Slack does not answer."""
        seen = self._showing.names_seen(asker.team)
        wanted = {*matching(typed, by_key(name for names in seen.values() for name in names))}
        try:
            return by_key(self._seen(asker, wanted, wanted))
        except (errors.SlackBusy, errors.SlackUnknown):
            return {}

    def _seen(self, asker: Asker, wanted: Collection[str], best: Collection[str]) -> set[str]:
        """Those of the wanted names that were seen where the asker may look.

        Only channels that matter are asked about, a few at most: first those where the best were
        seen, and the asker's own.
        """
        seen = self._showing.names_seen(asker.team)
        holders = sorted(
            (names.isdisjoint(best), channel != asker.channel, channel)
            for channel, names in seen.items()
            if not names.isdisjoint(wanted)
        )
        known: set[str] = set()
        few = (channel for *_, channel in holders[:_CHANNELS_ASKED])
        for channel in self._access.visible(asker.person, in_time(few)):
            known |= seen[channel].intersection(wanted)
            if known.issuperset(best):
                break
        return known


def _unified(rule: Rule, catalogue: Catalogue) -> Rule:
    def unify(term: Term) -> Term:
        label = catalogue.canonical(term.label)
        is_same = term.is_category or label_key(label) == label_key(term.label)
        return term if is_same else dataclasses.replace(term, label=label)

    return rule.with_terms(unify)


def _renamed(rule: Rule, catalogue: Catalogue) -> Iterable[str]:
    """Which names were replaced, for whoever typed them."""
    for term in rule.terms:
        label = catalogue.canonical(term.label)
        if not term.is_category and label_key(label) != label_key(term.label):
            yield f"\nRekognition calls {escape(shown(term.label))} *{escape(label)}*."


def _refuse_withheld(term: Term, catalogue: Catalogue, withholding: Withholding) -> None:
    label = catalogue.label(term.label)
    if term.is_category or not withholding.covers(label):
        return
    names = filter(withholding.is_withheld, (term.label, label.name, *label.aliases))
    withheld = next(names, None)
    why = withholding.reason(withheld) if withheld else "no admin has decided about it yet"
    problem = f"I do not say {shown(term.label)} to anybody, so it cannot be watched: {why}."
    raise errors.CommandError(problem=problem, example="/labels watch person")


def _check_category(rule: Rule, term: Term, catalogue: Catalogue) -> str:
    if catalogue.category(term.label):
        return ""
    if catalogue:
        problem = f"{shown(term.label)} is not on Amazon's list of categories."
        meant = next(iter(catalogue.near_categories(term.label)), None)
        raise _unknown(problem, rule, term, meant)
    return "\nI have no list of categories, so check the spelling if nothing ever comes."


def _unknown(problem: str, rule: Rule, term: Term, meant: str | None) -> errors.CommandError:
    if meant is None:
        example = 'category:"Animals and Pets"' if term.is_category else "dog"
        return errors.CommandError(problem=problem, example=f"/labels watch {example}")
    problem += f" Did you mean {shown(meant)}?"
    example = str(_with_label(rule, term, meant))
    return errors.CommandError(problem=problem, example=f"/labels watch {example}")


def _with_label(rule: Rule, term: Term, label: str) -> Rule:
    """The rule with another name in the place of one."""

    def change(other: Term) -> Term:
        return dataclasses.replace(other, label=label) if other == term else other

    return rule.with_terms(change)
