"""Whether a picture meets what a watch looks for, for which labels, and why or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.model import Analysis, Label
from bot.rules.printing import print_query
from bot.rules.sighting import Sighting, all_keys
from bot.rules.terms import And, Not, Query, Term


@dataclass(frozen=True)
class Verdict:
    """What a rule says to one picture.

    `matched` are the labels worth telling, the watched one itself first; empty when it did not
    fire. `why` names the first condition that failed, or what was met, with the values. `missing`
    is what is not there though it should be, as it was typed: in "X missing where Y" the X.
    """

    fired: bool
    matched: tuple[Label, ...]
    why: str
    missing: tuple[str, ...] = ()


def names_of(analysis: Analysis) -> frozenset[str]:
    """The keys of all that a rule can match in a picture: names, aliases, parents, categories."""
    return frozenset(key for label in analysis.labels for key in all_keys(label))


def judge(query: Query, analysis: Analysis, *, threshold_percent: float) -> Verdict:
    """Ask a query of a picture; `threshold_percent` is for labels that have no other limit."""
    if isinstance(query, Term):
        sighting = Sighting(query, analysis, threshold_percent=threshold_percent)
        failure = sighting.failure()
        matched = () if failure else tuple(sighting.most_telling)
        return Verdict(not failure, matched, failure or sighting.success())
    if isinstance(query, Not):
        return _opposite(judge(query.operand, analysis, threshold_percent=threshold_percent))
    verdicts: list[Verdict] = []
    for operand in query.operands:
        verdict = judge(operand, analysis, threshold_percent=threshold_percent)
        if isinstance(query, And) and not verdict.fired:
            return verdict
        verdicts.append(verdict)
    found = together([verdict for verdict in verdicts if verdict.fired] or verdicts)
    if isinstance(query, And) and isinstance(absent := query.operands[0], Not):
        return replace(found, missing=(print_query(absent.operand), *found.missing))
    return found


def _opposite(verdict: Verdict) -> Verdict:
    why = f"Should not be there, but is: {verdict.why}" if verdict.fired else verdict.why
    return Verdict(not verdict.fired, (), why)


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Several that agree, as one; each label and each sentence once."""
    matched = {label.name: label for verdict in verdicts for label in verdict.matched}
    why = " ".join(dict.fromkeys(verdict.why for verdict in verdicts))
    missing = dict.fromkeys(name for verdict in verdicts for name in verdict.missing)
    return Verdict(verdicts[0].fired, tuple(matched.values()), why, tuple(missing))
