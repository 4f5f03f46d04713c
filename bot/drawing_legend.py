"""The strip below the picture: what has no box, what had no room, what was left out.

It is added below the image area, so nothing is covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from bot.drawing_shapes import paint_plate
from bot.drawing_text import cap_height_px, fitted, text_width_px, write
from bot.layout import flow
from bot.model import PixelBox
from bot.palette import INK, MUTED, PAPER, Colour, ink_on


@dataclass(frozen=True)
class Entry:
    """One name in the strip, with its colour, and the number that stands on its box if any."""

    text: str
    colour: Colour
    number: str = ""


@dataclass(frozen=True)
class _Placed:
    entry: Entry | None
    text: str
    line: int
    left_px: int
    width_px: int


@dataclass(frozen=True)
class Legend:
    """The laid out strip; `height_px` is 0 when there is nothing to say."""

    height_px: int
    font_px: int
    placed: tuple[_Placed, ...]


def lay_out_legend(entries: Sequence[Entry], *, note: str, width_px: int, font_px: int) -> Legend:
    """Set the entries one after another, then the note, on as many lines as they need."""
    if not entries and not note:
        return Legend(0, font_px, ())
    room = width_px - 2 * _margin(font_px)
    placed = _place_entries(entries, room_px=room, font_px=font_px)
    placed += _place_note(note, placed, room_px=room, font_px=font_px)
    lines = 1 + max(item.line for item in placed)
    return Legend(lines * _line_height(font_px) + 2 * _padding(font_px), font_px, tuple(placed))


def paint_legend(image: Image.Image, legend: Legend, *, top_px: int) -> None:
    """Paint the strip across the image, from `top_px` down."""
    if not legend.height_px:
        return
    image.paste(INK, (0, top_px, image.width, top_px + legend.height_px))
    font_px, height = legend.font_px, _line_height(legend.font_px)
    for item in legend.placed:
        middle = top_px + _padding(font_px) + item.line * height + height // 2
        left = _margin(font_px) + item.left_px
        if item.entry:
            _paint_mark(image, item.entry, left_px=left, middle_px=middle, font_px=font_px)
            left += _mark_width(item.entry, font_px) + font_px // 3
        colour = PAPER if item.entry else MUTED
        write(image, item.text, left_px=left, middle_px=middle, font_px=font_px, colour=colour)


def _place_entries(entries: Sequence[Entry], *, room_px: int, font_px: int) -> list[_Placed]:
    marks = [_mark_width(entry, font_px) + font_px // 3 for entry in entries]
    texts = [
        fitted(entry.text, font_px=font_px, room_px=room_px - mark)
        for entry, mark in zip(entries, marks, strict=True)
    ]
    widths = [
        mark + text_width_px(text, font_px=font_px) for mark, text in zip(marks, texts, strict=True)
    ]
    places = flow(widths, room_px=room_px, gap_px=font_px)
    return [
        _Placed(entry, text, line, left, width)
        for entry, text, width, (line, left) in zip(entries, texts, widths, places, strict=True)
    ]


def _place_note(
    note: str, placed: Sequence[_Placed], *, room_px: int, font_px: int
) -> list[_Placed]:
    """The note behind the last entry where it fits, else word by word on lines of its own."""
    if not note:
        return []
    width = text_width_px(note, font_px=font_px)
    if placed:
        last = placed[-1]
        left = last.left_px + last.width_px + 2 * font_px
        if left + width <= room_px:
            return [_Placed(None, note, last.line, left, width)]
    first_line = placed[-1].line + 1 if placed else 0
    words = note.split()
    widths = [text_width_px(word, font_px=font_px) for word in words]
    places = flow(widths, room_px=room_px, gap_px=text_width_px(" ", font_px=font_px))
    return [
        _Placed(None, word, first_line + line, left, width)
        for word, width, (line, left) in zip(words, widths, places, strict=True)
    ]


def _paint_mark(
    image: Image.Image, entry: Entry, *, left_px: int, middle_px: int, font_px: int
) -> None:
    side = _mark_side(entry, font_px)
    top = middle_px - side // 2
    width = _mark_width(entry, font_px)
    box = PixelBox(left_px, top, left_px + width, top + side)
    paint_plate(image, box, colour=entry.colour, radius_px=side // (4 if entry.number else 2))
    if entry.number:
        inner = (width - text_width_px(entry.number, font_px=font_px)) // 2
        write(
            image,
            entry.number,
            left_px=left_px + inner,
            middle_px=middle_px,
            font_px=font_px,
            colour=ink_on(entry.colour),
        )


def _mark_side(entry: Entry, font_px: int) -> int:
    return cap_height_px(font_px) + (font_px // 2 if entry.number else 0)


def _mark_width(entry: Entry, font_px: int) -> int:
    side = _mark_side(entry, font_px)
    return max(
        side, text_width_px(entry.number, font_px=font_px) + font_px // 2 if entry.number else 0
    )


def _margin(font_px: int) -> int:
    return max(4, font_px * 2 // 3)


def _padding(font_px: int) -> int:
    return max(2, font_px // 3)


def _line_height(font_px: int) -> int:
    return font_px * 3 // 2
