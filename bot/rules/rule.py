"""A rule: what to look for in which pictures, and whom to tell how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.model import PERCENT_SHOWN_FROM, Analysis
from bot.rules.matching import Verdict, judge
from bot.rules.options import Options, Posted, print_options, sorted_options
from bot.rules.printing import print_query
from bot.rules.terms import Query, Term, canonical, index_keys, map_terms, terms_of


@dataclass(frozen=True)
class Rule(Options):
    """What to look for, and the options; `parse_rule` makes it, `str` prints what that reads."""

    query: Query

    def __str__(self) -> str:
        """Print the rule, tidily."""
        return f"{print_query(self.query)} {print_options(self)}".rstrip()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its labels with their conditions, also those that must be missing, as printed."""
        return tuple(terms_of(self.query))

    def with_terms(self, change: Callable[[Term], Term]) -> Rule:
        """The same rule with every label changed."""
        return replace(self, query=map_terms(self.query, change))

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of all its labels, as typed, also of those that must be missing."""
        return tuple(term.label for term in self.terms if not term.is_category)

    @property
    def key(self) -> str:
        """The same for all rules that ask for the same, however they are spelt and ordered."""
        return str(replace(self, query=canonical(self.query), **sorted_options(self)))

    @property
    def index_keys(self) -> frozenset[str]:
        """The rule can fire only for a picture whose `names_of` hold at least one of these."""
        return index_keys(self.query)

    def explain(
        self,
        analysis: Analysis,
        *,
        threshold_percent: float = PERCENT_SHOWN_FROM,
        posted: Posted | None = None,
    ) -> Verdict:
        """Whether the rule fires for a picture, for which labels, and why or why not.

        Where a label has no `over`, what holds for showing it counts: its own threshold, or else
        `threshold_percent`. Without `posted`, the scope of the rule is left aside.
        """
        if posted and (why := self.objection(posted)):
            return Verdict(fired=False, matched=(), why=why)
        return judge(self.query, analysis, threshold_percent=threshold_percent)
