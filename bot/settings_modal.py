"""The window of `/labels settings`: built from what is set, and read back with what is wrong.

No Slack call. Source: https://docs.slack.dev/reference/views/modal-views
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from bot.drawing_style import Style
from bot.errors import CommandError
from bot.modal_fields import FieldsWrong, plain, text_field, typed
from bot.model import PERCENT_KNOWN_FROM, PERCENT_SHOWN_FROM, ShowSettings
from bot.rules import label_key, parse_label, tidy
from bot.style_fields import read_style_fields, style_fields
from bot.summary import MAX_LABELS
from bot.withheld import Withholding

CALLBACK = "show_settings"
THRESHOLD = "threshold"
LABELS = "max_labels"
BY_LABEL = "by_label"

MOST_LABELS = 30
_MOST_LINES = 50
_NUMBER = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?%?")
_LINE = re.compile(r"(?P<label>.+?)[\s:=]+(?P<percent>\S+ ?%?)")


def build_settings_modal(
    settings: ShowSettings, *, channel: str, usual_percent: float = PERCENT_SHOWN_FROM
) -> dict[str, Any]:
    """The window for one channel, with what is set there; an empty field means the default."""
    lines = "\n".join(f"{name} {percent:g}" for name, percent in settings.by_label.items())
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": channel,
        "title": plain("What is shown"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": [
            _words(f"For pictures posted in <#{channel}> from now on."),
            text_field(
                THRESHOLD,
                "Show what is at least this sure, in percent",
                _said(settings.threshold_percent),
                hint=f"From {PERCENT_KNOWN_FROM:g} to 100. Empty: {usual_percent:g}.",
            ),
            text_field(
                LABELS,
                "Show at most so many labels",
                _said(settings.max_labels),
                hint=f"From 1 to {MOST_LABELS}. Empty: {MAX_LABELS}.",
            ),
            text_field(
                BY_LABEL,
                "Other percentages for single labels",
                lines,
                hint="One label and its percentage a line, such as: Dog 90",
                multiline=True,
            ),
            {"type": "divider"},
            *style_fields(Style.from_json(settings.style)),
        ],
    }


def read_settings_modal(
    values: Mapping[str, Any], *, before: ShowSettings, withholding: Withholding
) -> ShowSettings:
    """What a submitted window asks for; what it has no field for stays as it was before.

    Raises: FieldsWrong.
    """
    wrong: dict[str, str] = {}
    changed: dict[str, Any] = {}
    readers = {THRESHOLD: read_percent, LABELS: _read_count, BY_LABEL: _read_lines}
    fields = {THRESHOLD: "threshold_percent", LABELS: "max_labels", BY_LABEL: "by_label"}
    for block, read in readers.items():
        text = typed(values, block)
        try:
            empty: Any = {} if block == BY_LABEL else None
            changed[fields[block]] = read(text) if text else empty
        except ValueError as exc:
            wrong[block] = str(exc)
    try:
        style = Style.from_json(before.style)
        changed["style"] = read_style_fields(
            values, before=style, withholding=withholding
        ).to_json()
    except FieldsWrong as exc:
        wrong |= exc.words
    if wrong:
        raise FieldsWrong(wrong)
    return dataclasses.replace(before, **changed)


def read_percent(typed: str) -> float:
    """A confidence that a threshold can have.

    Raises: ValueError with words for who typed it.
    """
    found = _NUMBER.fullmatch(tidy(typed))
    percent = float(found[1].replace(",", ".")) if found else 0.0
    if not PERCENT_KNOWN_FROM <= percent <= 100:
        raise ValueError(f"A threshold is a number from {PERCENT_KNOWN_FROM:g} to 100.")
    return percent


def _read_count(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed) <= MOST_LABELS:
        raise ValueError(f"This is a whole number from 1 to {MOST_LABELS}.")
    return int(typed)


def _read_lines(typed: str) -> dict[str, float]:
    """Thresholds by label, as the names are spelt; the last line about a label counts."""
    found: dict[str, tuple[str, float]] = {}
    lines = [line for line in map(tidy, typed.splitlines()) if line]
    if len(lines) > _MOST_LINES:
        raise ValueError(f"At most {_MOST_LINES} labels can have a percentage of their own.")
    for number, line in enumerate(lines, start=1):
        label, percent = _read_line(line, number)
        found[label_key(label)] = (label, percent)
    return dict(found.values())


def _read_line(line: str, number: int) -> tuple[str, float]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise ValueError(f"Line {number} needs a label and its percentage, such as: Dog 90")
    try:
        return parse_label(parts["label"]), read_percent(parts["percent"])
    except CommandError as exc:
        raise ValueError(f"Line {number}: {exc.facts['problem']}") from None
    except ValueError as exc:
        raise ValueError(f"Line {number}: {exc}") from None


def _said(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _words(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
