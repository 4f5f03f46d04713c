"""A watch as one line, which `bot.rules.parsing` reads back as the same."""

from __future__ import annotations

from collections.abc import Iterable

from bot.rules.terms import And, Not, Or, Query, Term
from bot.rules.words import reads_bare


def print_query(query: Query) -> str:
    """The labels of a rule, with brackets and quotes only where they are needed."""
    if isinstance(query, And) and isinstance(absent := query.operands[0], Not):
        others = query.operands[1:]
        where = _all(others) if len(others) > 1 else _any(others[0])
        return f"{_one(absent.operand)} missing where {where}"
    return _any(query)


def _any(query: Query) -> str:
    alternatives = query.operands if isinstance(query, Or) else (query,)
    return " or ".join(
        _all(each.operands if isinstance(each, And) else (each,)) for each in alternatives
    )


def _all(operands: Iterable[Query]) -> str:
    return " and ".join(map(_one, operands))


def _one(query: Query) -> str:
    if isinstance(query, Term):
        return print_term(query)
    if isinstance(query, Not):
        return f"not {_one(query.operand)}"
    return f"({_any(query)})"


def print_term(term: Term) -> str:
    """One label with its conditions."""
    name = term.label if reads_bare(term.label) else f'"{term.label}"'
    prefix = "exact:" * term.exact + "category:" * term.is_category
    conditions = (
        ("over {:g}%", term.over_percent),
        ("at least {}", term.at_least),
        ("at most {}", term.at_most),
        ("bigger than {:g}%", term.bigger_than_percent),
    )
    said = [words.format(value) for words, value in conditions if value is not None]
    return " ".join([f"{prefix}{name}", *said])
