"""The strip below the picture: what has no box, what had no room, what was left out.

It is added below the image area, so nothing is covered. Where the picture is so narrow that not
even words would fit, the strip is wider than the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from bot.drawing_shapes import paint_plate
from bot.drawing_text import cap_height_px, fitted, text_width_px, write
from bot.layout import flow
from bot.model import PixelBox
from bot.palette import INK, MUTED, PAPER, PILL, Colour, ink_on

_NARROW_EMS, _WIDENED_EMS = 8, 20
"""In font sizes: below the one, hardly a name would fit, and the strip takes the other."""


@dataclass(frozen=True)
class Entry:
    """One name in the strip: with the colour of its box, and the number on it if any; or a pill.

    A name without a box has no colour: colours in the strip point at boxes.
    """

    text: str
    colour: Colour | None = None
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
    """The laid out strip; its size is 0 when there is nothing to say."""

    width_px: int
    height_px: int
    font_px: int
    placed: tuple[_Placed, ...]


def lay_out_legend(entries: Sequence[Entry], *, note: str, width_px: int, font_px: int) -> Legend:
    """Set the entries one after another, then the note, on as many lines as they need."""
    if not entries and not note:
        return Legend(0, 0, font_px, ())
    width = width_px if width_px >= _NARROW_EMS * font_px else _WIDENED_EMS * font_px
    room = width - 2 * _margin(font_px)
    placed = _place_entries(entries, room_px=room, font_px=font_px)
    placed += _place_note(note, placed, room_px=room, font_px=font_px)
    lines = 1 + max(item.line for item in placed)
    height = lines * _line_height(font_px) + 2 * _padding(font_px)
    return Legend(width, height, font_px, tuple(placed))


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
            _paint_mark(image, item, left_px=left, middle_px=middle, font_px=font_px)
            left += _text_left(item.entry, font_px)
        colour = PAPER if item.entry else MUTED
        write(image, item.text, left_px=left, middle_px=middle, font_px=font_px, colour=colour)


def _place_entries(entries: Sequence[Entry], *, room_px: int, font_px: int) -> list[_Placed]:
    around = [_text_left(entry, font_px) + _text_right(entry, font_px) for entry in entries]
    texts = [
        fitted(entry.text, font_px=font_px, room_px=room_px - taken)
        for entry, taken in zip(entries, around, strict=True)
    ]
    widths = [
        taken + text_width_px(text, font_px=font_px)
        for taken, text in zip(around, texts, strict=True)
    ]
    places = flow(widths, room_px=room_px, gap_px=font_px * 2 // 3)
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
        left = last.left_px + last.width_px + font_px
        if left + width <= room_px:
            return [_Placed(None, note, last.line, left, width)]
    first_line = placed[-1].line + 1 if placed else 0
    words = [fitted(word, font_px=font_px, room_px=room_px) for word in note.split()]
    widths = [text_width_px(word, font_px=font_px) for word in words]
    places = flow(widths, room_px=room_px, gap_px=font_px // 5)
    return [
        _Placed(None, word, first_line + line, left, width)
        for word, width, (line, left) in zip(words, widths, places, strict=True)
    ]


def _paint_mark(
    image: Image.Image, item: _Placed, *, left_px: int, middle_px: int, font_px: int
) -> None:
    """The pill behind the text, or the spot or number before it."""
    entry = item.entry
    if entry is None or entry.colour is None:
        height = cap_height_px(font_px) + 2 * (font_px * 2 // 5)
        top = middle_px - height // 2
        pill = PixelBox(left_px, top, left_px + item.width_px, top + height)
        paint_plate(image, pill, colour=PILL, radius_px=height // 2)
        return
    width, height = _spot_size(entry, font_px)
    top = middle_px - height // 2
    paint_plate(
        image,
        PixelBox(left_px, top, left_px + width, top + height),
        colour=entry.colour,
        radius_px=height // (4 if entry.number else 2),
        halo_px=max(1, font_px // 25),
    )
    write(
        image,
        entry.number,
        left_px=left_px + (width - text_width_px(entry.number, font_px=font_px)) // 2,
        middle_px=middle_px,
        font_px=font_px,
        colour=ink_on(entry.colour),
    )


def _spot_size(entry: Entry, font_px: int) -> tuple[int, int]:
    height = cap_height_px(font_px) + (font_px // 2 if entry.number else 0)
    number_width = text_width_px(entry.number, font_px=font_px) + font_px // 2
    return (max(height, number_width) if entry.number else height), height


def _text_left(entry: Entry, font_px: int) -> int:
    """What stands before the text of an entry: the end of its pill, or its spot and a gap."""
    if entry.colour is None:
        return font_px // 2
    return _spot_size(entry, font_px)[0] + font_px // 3


def _text_right(entry: Entry, font_px: int) -> int:
    return font_px // 2 if entry.colour is None else font_px // 4


def _margin(font_px: int) -> int:
    return max(4, font_px // 2)


def _padding(font_px: int) -> int:
    return max(2, font_px // 3)


def _line_height(font_px: int) -> int:
    return font_px * 17 // 10
