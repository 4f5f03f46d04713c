"""The buttons under a reply that shows pictures, as plain data, inside Slack's limits.

Try again and Delete, which stand under reasons too, are in `messages`. No Slack call.
Source: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.messages import PictureAnswer, button, menu
from bot.rules import LABEL_MAX_CHARS

WATCH = "watch_label"
AMOUNT = "choose_amount"
STYLE = "choose_style"
WRONG = "wrong_label"
EXPORT = "export_labels"
EXPLAIN = "explain_watches"
ABOUT_PICTURES = (WATCH, AMOUNT, STYLE, WRONG, EXPORT, EXPLAIN)
"""The action ids of all of them, in the order in which they stand."""

MORE, LESS = "more", "less"
"""What the button about the amount of labels is for."""

OPTIONS_AT_MOST = 100
_NAMES_MAX_CHARS = 1500
"""Slack counts all characters of a message's blocks, and takes some 12,000; each name is said
twice in each of two menus."""

_STYLES = {
    "channel": "As set for this channel",
    "confidence": "Colours by confidence",
    "one": "One colour",
    "plain": "Thin lines, no percentages",
    "hide_people": "Hide people",
}
_FORMATS = {"json": "JSON", "csv": "CSV", "coco": "COCO"}


def picture_buttons(answers: Sequence[PictureAnswer]) -> list[dict[str, Any]]:
    """What can be done about the pictures of a reply; nothing where it has reasons alone."""
    pictures = [answer for answer in answers if answer.reason is None]
    if not pictures:
        return []
    labels = _offered(name for picture in pictures for name in picture.labels)
    named = {name: name for name in labels}
    about_labels = [menu("Watch…", WATCH, named)] if labels else []
    corrects = [menu("Style…", STYLE, _STYLES), menu("Wrong label…", WRONG, named)]
    return [
        *about_labels,
        *_amount(pictures),
        *(corrects if labels else []),
        menu("Export…", EXPORT, _FORMATS),
        button("Was I told?", EXPLAIN, "watches"),
    ]


def _offered(names: Iterable[str]) -> list[str]:
    """The names, each once and in order, as many as a message has room for."""
    offered: list[str] = []
    room = _NAMES_MAX_CHARS
    for name in dict.fromkeys(name for name in names if len(name) <= LABEL_MAX_CHARS):
        room -= len(name)
        if room < 0 or len(offered) == OPTIONS_AT_MOST:
            break
        offered.append(name)
    return offered


def _amount(pictures: Sequence[PictureAnswer]) -> list[dict[str, Any]]:
    """Less where more was asked for, More where there is more, or nothing."""
    if any(picture.shows_more for picture in pictures):
        return [button("Less", AMOUNT, LESS)]
    return [button("More", AMOUNT, MORE)] if any(p.has_more for p in pictures) else []
