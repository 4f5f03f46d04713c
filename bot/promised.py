"""What Slack promises to be a word, read as one: no other value gets as far as the database.

No Slack is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def word(said: Mapping[str, Any], name: str) -> str:
    """A field that is always there.

    Raises: KeyError without it, TypeError and ValueError where it is no word, which are what
    `handlers.trouble` takes for the sender's mistake.
    """
    return _checked(said[name], name)


def word_if_any(said: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that says something, or nothing.

    Raises: TypeError and ValueError where it is no word.
    """
    return next((_checked(said[name], name) for name in names if said.get(name)), "")


def _checked(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is no word.")
    if "\0" in value:
        # PostgreSQL keeps no such text.
        raise ValueError(f"{name} holds a NUL.")
    return value
