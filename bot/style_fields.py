"""The part of the window of `/labels settings` about how pictures are drawn. No Slack call."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from bot.drawing_style import Style
from bot.errors import CommandError
from bot.modal_fields import FieldsWrong, choice_field, chosen, text_field, typed
from bot.rules import label_key, parse_label, tidy
from bot.withheld import Withholding

COLOURS = "colours"
TAGS = "tags"
THICKNESS = "thickness"
CONFIDENCE = "confidence"
HIDE = "hide"
HIDE_BY = "hide_by"

_MENUS: dict[str, tuple[str, dict[str, str]]] = {
    COLOURS: (
        "Colours",
        {"label": "One for each label", "confidence": "By confidence", "one": "One for all"},
    ),
    TAGS: (
        "Names stand",
        {
            "auto": "Where there is room",
            "inside": "Inside the boxes",
            "outside": "Outside the boxes",
        },
    ),
    THICKNESS: ("Lines", {"thin": "Thin", "normal": "Normal", "thick": "Thick"}),
    CONFIDENCE: ("Percentages in the picture", {"on": "Shown", "off": "Left out"}),
    HIDE_BY: ("Make them unrecognisable by", {"pixelate": "Coarse squares", "blur": "A blur"}),
}
_MOST_HIDDEN = 20


def style_fields(style: Style) -> list[dict[str, Any]]:
    """The fields, with what is set."""
    hide = text_field(
        HIDE,
        "Hide in the pictures I post",
        ", ".join(style.hide),
        hint="Labels with commas between them, such as: Person, License Plate. The original stays.",
    )
    now = {**dataclasses.asdict(style), CONFIDENCE: "on" if style.show_confidence else "off"}
    menus = {
        block: choice_field(block, label, now[block], choices=choices)
        for block, (label, choices) in _MENUS.items()
    }
    by = menus.pop(HIDE_BY)
    return [*menus.values(), hide, by]


def read_style_fields(
    values: Mapping[str, Any], *, before: Style, withholding: Withholding
) -> Style:
    """The style that a submitted window asks for; a menu that it does not have changes nothing.

    Raises: FieldsWrong.
    """
    found = {block: chosen(values, block) for block in _MENUS}
    changed: dict[str, Any] = {
        block: value for block, value in found.items() if value in _MENUS[block][1]
    }
    if confidence := changed.pop(CONFIDENCE, None):
        changed["show_confidence"] = confidence == "on"
    try:
        hide = _read_names(typed(values, HIDE), withholding)
    except ValueError as exc:
        raise FieldsWrong({HIDE: str(exc)}) from None
    return dataclasses.replace(before, hide=hide, **changed)


def _read_names(text: str, withholding: Withholding) -> tuple[str, ...]:
    """Each name once, as it is spelt first."""
    found: dict[str, str] = {}
    for part in filter(None, map(tidy, text.replace("\n", ",").split(","))):
        name = _read_name(part)
        if withholding.is_withheld(name):
            raise ValueError(_withheld(name, withholding))
        found.setdefault(label_key(name), name)
    if len(found) > _MOST_HIDDEN:
        raise ValueError(f"At most {_MOST_HIDDEN} labels can be hidden.")
    return tuple(found.values())


def _read_name(part: str) -> str:
    try:
        return parse_label(part)
    except CommandError as exc:
        raise ValueError(exc.facts["problem"]) from None


def _withheld(name: str, withholding: Withholding) -> str:
    return (
        f"“{name}” is withheld from everybody: {withholding.reason(name)}. So I keep no box of it "
        "to hide. To hide people, type: Person"
    )
