"""Boxes with their tags: what each tag says, how large it is written, and how it is painted.

Where tags go is the business of `layout_tags`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from bot.drawing_shapes import fill, paint_frame, paint_plate
from bot.drawing_style import TagPosition
from bot.drawing_text import cap_height_px, text_width_px, write
from bot.layout import SMALLEST_FONT_PX, Measures, Size, clamp_box, seam
from bot.layout_tags import Tag, place_tags
from bot.model import PixelBox, RatioBox
from bot.palette import Colour, ink_on

_FONT_PERCENTS = (100, 85, 70)
"""Tags that find no room are tried smaller before they become numbers."""
_CROWDED_FROM = (9, 30)
"""From so many boxes on, the larger sizes are not tried: they would hide more than they tell."""


@dataclass(frozen=True)
class Thing:
    """One box to draw."""

    text: str
    colour: Colour
    confidence_percent: float
    ratio_box: RatioBox


@dataclass(frozen=True)
class Mark:
    """A thing laid out: where its box is drawn, where its tag, and what the tag says."""

    thing: Thing
    box: PixelBox
    tag: Tag | None
    tag_text: str


def lay_out_marks(
    things: Sequence[Thing], *, measures: Measures, size_px: Size, position: TagPosition
) -> tuple[list[Mark], int]:
    """Every thing with its box and tag, and the font size at which the tags fit."""
    least_px = 3 * measures.line_px + 2
    boxes = [clamp_box(thing.ratio_box, size_px=size_px, least_px=least_px) for thing in things]
    words = [(thing.text, str(at)) for at, thing in enumerate(things, start=1)]

    def fit() -> tuple[Tag | None, ...]:
        sizes = [[_plate_size(text, font_px) for text in offered] for offered in words]
        return place_tags(boxes, sizes, size_px=size_px, position=position)

    font_px = measures.font_px
    tags: tuple[Tag | None, ...] = ()
    for percent in _FONT_PERCENTS[sum(len(things) >= count for count in _CROWDED_FROM) :]:
        font_px = max(SMALLEST_FONT_PX, measures.font_px * percent // 100)
        tags = fit()
        if _worded(tags) == len(tags):
            break
    if _worded(tags) * 3 < len(tags) * 2:
        # So crowded that words would hide the picture: numbers for all, words in the legend.
        words = [(number, number) for _, number in words]
        tags = fit()
    texts = [said[tag.variant] if tag else "" for tag, said in zip(tags, words, strict=True)]
    return [Mark(*parts) for parts in zip(things, boxes, tags, texts, strict=True)], font_px


def _worded(tags: Sequence[Tag | None]) -> int:
    return sum(tag is not None and tag.variant == 0 for tag in tags)


def _plate_size(text: str, font_px: int) -> Size:
    pad = _pad_px(font_px)
    return text_width_px(text, font_px=font_px) + 2 * pad, cap_height_px(font_px) + 2 * pad


def _pad_px(font_px: int) -> int:
    return font_px * 2 // 5


def paint_marks(
    image: Image.Image, marks: Sequence[Mark], *, measures: Measures, font_px: int
) -> None:
    """Boxes first, the largest at the bottom; then tags, so that no line crosses a text."""
    for mark in sorted(marks, key=lambda mark: -mark.box.width_px * mark.box.height_px):
        _paint_box(image, mark, measures)
    for mark in marks:
        if mark.tag is not None:
            _paint_tag(image, mark, mark.tag.place, measures=measures, font_px=font_px)


def _paint_box(image: Image.Image, mark: Mark, measures: Measures) -> None:
    least_side = min(mark.box.width_px, mark.box.height_px)
    paint_frame(
        image,
        mark.box,
        colour=mark.thing.colour,
        radius_px=measures.radius_px,
        line_px=max(1, min(measures.line_px, least_side // 5)),
        halo_px=measures.halo_px,
    )


def _paint_tag(
    image: Image.Image, mark: Mark, place: PixelBox, *, measures: Measures, font_px: int
) -> None:
    """The plate, grown into its box where it touches it, then the words."""
    colour = mark.thing.colour
    paint_plate(image, place, colour=colour, radius_px=measures.radius_px, halo_px=measures.halo_px)
    joint = seam(place, mark.box, tag_px=measures.radius_px, box_px=measures.line_px)
    if joint is not None:
        fill(image, joint, colour=colour)
    write(
        image,
        mark.tag_text,
        left_px=place.left_px + _pad_px(font_px),
        middle_px=(place.top_px + place.bottom_px) // 2,
        font_px=font_px,
        colour=ink_on(colour),
    )
