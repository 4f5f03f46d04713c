"""Read what is typed to correct a label: which, in the picture behind which link, of several which.

What cannot be read is a ValueError with words for who typed it.
"""

from __future__ import annotations

import re

from bot import rules
from bot.errors import CommandError
from bot.model import Correction, CorrectionKind
from bot.permalinks import Permalink, parse_permalink

_JOINTS: dict[CorrectionKind, str] = {"wrong": "in", "add": "to", "rename": "in"}


def parse_correction(kind: CorrectionKind, text: str) -> tuple[Correction, Permalink, int | None]:
    """`LABEL in LINK [NUMBER]`, where a rename has `LABEL to LABEL`, and an add `to` for `in`.

    Raises: ValueError.
    """
    joint = _JOINTS[kind]
    found = re.fullmatch(rf"(?P<said>.*?) {joint} (?P<link>\S+)(?: (?P<number>[1-9]\d?))?", text)
    link = parse_permalink(found["link"]) if found else None
    if found is None or link is None:
        raise ValueError(f"“{kind}” ends with “{joint}” and the link to the picture's message.")
    number = int(found["number"]) if found["number"] else None
    return _correction(kind, found["said"]), link, number


def _correction(kind: CorrectionKind, said: str) -> Correction:
    if kind != "rename":
        return Correction(kind, parse_label(said))
    label, joint, to = said.partition(" to ")
    if not joint:
        raise ValueError("“rename” takes two labels with “to” between them.")
    return Correction(kind, parse_label(label), parse_label(to))


def parse_label(text: str) -> str:
    """One label, read as a watch reads it.

    Raises: ValueError.
    """
    try:
        return rules.parse_label(text)
    except CommandError as exc:
        raise ValueError(exc.facts["problem"]) from None
