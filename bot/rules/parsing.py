"""Reads a rule as a person types it: labels first, then options in any order."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

from bot.errors import CommandError
from bot.rules.conditions import add_conditions, read_conditions
from bot.rules.cursor import Cursor, Stumble
from bot.rules.label_reading import LabelReader, leftover, read_label
from bot.rules.option_reading import read_options
from bot.rules.rule import Rule
from bot.rules.terms import Term, index_keys
from bot.rules.words import CONDITIONS

RULE_MAX_CHARS = 500
"""A notice names every rule that fired."""

_RULES_REMEMBERED = 4_096
"""What a workspace watches is read anew for every picture."""

_EXAMPLE = "dog over 90%"
_EXAMPLE_MAX_CHARS = 160

Read = TypeVar("Read")


@functools.lru_cache(maxsize=_RULES_REMEMBERED)
def parse_rule(text: str) -> Rule:
    """Read a rule as a person types it.

    Raises: CommandError, which names the word that it stumbled over and gives a correct example.
    """
    return _or_example(_read_rule, text)


def stored_rule(text: str) -> Rule:
    """A rule as it is stored; what this release cannot read is one label, which nothing shows.

    So one such rule does not fire, and keeps nobody from their others.

    >>> str(stored_rule("dog in photos"))
    '"dog in photos"'
    """
    try:
        return parse_rule(text)
    except CommandError:
        return Rule(Term(text))


def parse_label(text: str) -> str:
    """Read one label without conditions or options, as a rule would.

    Raises: CommandError.
    """
    return _or_example(read_label, text)


def _or_example(read: Callable[[str], Read], text: str) -> Read:
    try:
        return read(text)
    except Stumble as stumble:
        tries = (" ".join(text.split()) for text in stumble.tries)
        example = next((each for each in tries if _is_good(read, each)), _EXAMPLE)
        problem = stumble.problem
    raise CommandError(problem=problem, example=f"/labels watch {example}")


def _is_good(read: Callable[[str], object], example: str) -> bool:
    try:
        read(example)
    except Stumble:
        return False
    return len(example) <= _EXAMPLE_MAX_CHARS


def _read_rule(text: str) -> Rule:
    cursor = Cursor(text)
    query = LabelReader(cursor).query()
    labels = cursor.before()
    options = read_options(cursor)
    if isinstance(query, Term) and cursor.is_at(*CONDITIONS):  # dog in #photos over 90%
        query = add_conditions(query, read_conditions(cursor))
        options = read_options(cursor, options)
    if cursor.next:
        raise leftover(cursor, labels)
    if not index_keys(query):
        problem = "This would fire for nearly every picture: say where it should be missing."
        tries = (f"{labels.removeprefix('not ')} missing where person",)
        raise Stumble(problem, *tries, "indoors missing where person")
    rule = Rule(query, **options)
    if len(str(rule)) > RULE_MAX_CHARS:
        problem = f"A rule has at most {RULE_MAX_CHARS} characters: make two of it."
        raise Stumble(problem)
    return rule
