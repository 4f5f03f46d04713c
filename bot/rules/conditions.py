"""Reads the conditions behind a label: `over 90%`, `at least 3`, `at most 5`, `bigger than 10%`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.rules.cursor import Cursor, Stumble
from bot.rules.printing import print_term
from bot.rules.terms import Query, Term, map_terms
from bot.rules.words import CONDITIONS, shown

COUNT_MOST = 1000
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)(%|percent)?", re.IGNORECASE)
_PERCENT_SIGNS = frozenset({"%", "percent", "%.", "percent."})

Conditions = Mapping[str, Any]


def read_conditions(cursor: Cursor) -> Conditions:
    """The conditions that stand here, by the names of their fields in `Term`.

    Raises: Stumble.
    """
    found: dict[str, float] = {}
    while cursor.is_at(*CONDITIONS):
        start = cursor.before()
        name, value = _read_condition(cursor, start)
        if found.setdefault(name, value) != value:
            said = cursor.before()[len(start) :].strip()
            raise Stumble(f"{shown(said)} contradicts what stands before it.", start)
    return found


def add_conditions(query: Query, conditions: Conditions) -> Query:
    """Each label with these conditions, where it has none of its own kind.

    Raises: Stumble, when they contradict those that it has.
    """

    def add(term: Term) -> Term:
        missing = {name: each for name, each in conditions.items() if getattr(term, name) is None}
        term = replace(term, **missing)
        if (term.at_least or 0) > (term.at_most or COUNT_MOST):
            raise Stumble(
                f"“at least {term.at_least}” and “at most {term.at_most}” never hold together.",
                print_term(replace(term, at_most=None)),
            )
        return term

    return map_terms(query, add) if conditions else query


def _read_condition(cursor: Cursor, label: str) -> tuple[str, float]:
    if cursor.takes("over"):
        return "over_percent", _read_percent(cursor, "over", f"{label} over 90%")
    if cursor.takes("bigger"):
        cursor.takes("than")
        example = f"{label} bigger than 10%"
        return "bigger_than_percent", _read_percent(cursor, "bigger than", example)
    cursor.takes("at")
    for word in ("least", "most"):
        if cursor.takes(word):
            return f"at_{word}", _read_count(cursor, f"at {word}", label)
    raise Stumble(
        "“at” goes on with “least” or “most”; quotes make it part of a name.",
        f"{label} at least 3",
    )


def _read_percent(cursor: Cursor, keyword: str, example: str) -> float:
    word = cursor.take()
    if word is None:
        raise Stumble(f"“{keyword}” needs a percentage.", example)
    number = _PERCENT.fullmatch(word.bare)
    if number is None:
        raise Stumble(f"{shown(word.text)} is not a percentage.", example)
    if number[2] is None and cursor.is_at(*_PERCENT_SIGNS):
        cursor.take()
    percent = round(float(number[1].replace(",", ".")), 2)
    if not 0 < percent <= 100:
        problem = f"{shown(word.text)} is out of range: above 0 %, at most 100 %."
        raise Stumble(problem, example)
    return percent


def _read_count(cursor: Cursor, keyword: str, label: str) -> int:
    word = cursor.take()
    if word is None:
        raise Stumble(f"“{keyword}” needs a number.", f"{label} {keyword} 3")
    if word.text.endswith("%") or cursor.is_at(*_PERCENT_SIGNS):
        problem = f"“{keyword}” counts; how sure it is, is {shown('over')}."
        raise Stumble(problem, f"{label} over {word.text.rstrip('%')}%")
    count = int(word.bare) if re.fullmatch(r"\d{1,4}", word.bare) else 0
    if count == 0 and keyword == "at most" and word.bare == "0":
        raise Stumble(
            "That there is none is said with “missing where”.", f"{label} missing where person"
        )
    if not 1 <= count <= COUNT_MOST:
        problem = f"{shown(word.text)} is not a whole number from 1 to {COUNT_MOST}."
        raise Stumble(problem, f"{label} {keyword} 3")
    return count
