"""What a watch looks for, as a tree: labels with their conditions, joined by and, or and not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.rules.words import label_key

CATEGORY = "category:"


@dataclass(frozen=True)
class Term:
    """One label, and what has to hold for it; `label` keeps the spelling that was typed.

    A label is met by its name, its aliases and its kinds (parents), unless it is `exact`; a
    category by whatever is in it. `over_percent` and `bigger_than_percent` (of the picture's area)
    are above 0 and at most 100, and include themselves. None means that nothing is asked.
    """

    label: str
    exact: bool = False
    is_category: bool = False
    over_percent: float | None = None
    at_least: int | None = None
    at_most: int | None = None
    bigger_than_percent: float | None = None

    @property
    def key(self) -> str:
        """What a picture's names must hold for this to be met; see `bot.rules.names_of`."""
        return (CATEGORY if self.is_category else "") + label_key(self.label)


@dataclass(frozen=True)
class And:
    """All of them; two or more, none of which is an `And` itself."""

    operands: tuple[Query, ...]


@dataclass(frozen=True)
class Or:
    """At least one of them; two or more, none of which is an `Or` itself."""

    operands: tuple[Query, ...]


@dataclass(frozen=True)
class Not:
    """All but this; never a `Not` itself."""

    operand: Query


Query = Term | And | Or | Not


def join(kind: type[And | Or], operands: Iterable[Query]) -> Query:
    """Several as one: flat, and what stands there twice only once."""
    found: dict[Query, Query] = {}
    for operand in operands:
        for part in operand.operands if isinstance(operand, kind) else (operand,):
            found.setdefault(canonical(part), part)
    parts = tuple(found.values())
    return parts[0] if len(parts) == 1 else kind(parts)


def negate(query: Query) -> Query:
    """The opposite; twice is not at all."""
    return query.operand if isinstance(query, Not) else Not(query)


def terms_of(query: Query) -> Iterator[Term]:
    """Every label of a query, in the order in which they were typed."""
    if isinstance(query, Term):
        yield query
    elif isinstance(query, Not):
        yield from terms_of(query.operand)
    else:
        for operand in query.operands:
            yield from terms_of(operand)


def map_terms(query: Query, change: Callable[[Term], Term]) -> Query:
    """The same query with every label changed."""
    if isinstance(query, Term):
        return change(query)
    if isinstance(query, Not):
        return Not(map_terms(query.operand, change))
    return join(type(query), (map_terms(operand, change) for operand in query.operands))


def canonical(query: Query) -> Query:
    """The one form of all queries that differ in spelling and order alone."""
    if isinstance(query, Term):
        return replace(query, label=label_key(query.label))
    if isinstance(query, Not):
        return Not(canonical(query.operand))
    return type(query)(tuple(sorted(map(canonical, query.operands), key=repr)))


def index_keys(query: Query) -> frozenset[str]:
    """A picture that meets the query has at least one of these names; empty: none is needed."""
    if isinstance(query, Term):
        return frozenset({query.key})
    if isinstance(query, Not):
        return frozenset()
    each = [index_keys(operand) for operand in query.operands]
    if isinstance(query, And):
        return min(filter(None, each), key=_cost, default=frozenset())
    return frozenset().union(*each) if all(each) else frozenset()


def _cost(keys: frozenset[str]) -> tuple[int, bool]:
    """Fewer names are cheaper, and a label is rarer than a category."""
    return len(keys), any(key.startswith(CATEGORY) for key in keys)
