"""Paint an Analysis on a picture: a new image, the input is left alone.

No Slack, no AWS. What is shown is what `summary` chose; where it goes is what `layout` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from bot.drawing_legend import Entry, lay_out_legend, paint_legend
from bot.drawing_shapes import fill, grown, paint_frame, paint_plate
from bot.drawing_text import cap_height_px, printable, text_width_px, write
from bot.layout import (
    SMALLEST_FONT_PX,
    Measures,
    Size,
    Tag,
    clamp_box,
    measure,
    most_confident,
    place_tags,
    seam,
)
from bot.model import PERCENT_SHOWN_FROM, Analysis, PixelBox, RatioBox
from bot.palette import Colour, colour_of, ink_on
from bot.pictures import Picture
from bot.summary import MAX_LABELS, SeenLabel, Summary, headline, left_out, percent_text, summarise

_SHRINK_PERCENTS = (85, 70)
"""Tags that find no room are tried smaller before they become numbers."""


@dataclass(frozen=True)
class Style:
    """How much is drawn, and how."""

    threshold_percent: float = PERCENT_SHOWN_FROM
    max_labels: int = MAX_LABELS
    max_boxes: int = 15
    show_confidence: bool = True


@dataclass(frozen=True)
class _Thing:
    """One box to draw."""

    text: str
    colour: Colour
    confidence_percent: float
    ratio_box: RatioBox


@dataclass(frozen=True)
class _Mark:
    """A thing laid out: where its box is drawn, where its tag, and what the tag says."""

    thing: _Thing
    box: PixelBox
    tag: Tag | None
    tag_text: str


def draw(picture: Picture, analysis: Analysis, style: Style) -> Image.Image:
    """The working copy with boxes and tags, and below it a strip for what has no box.

    Boxes of the analysis are in ratios of `picture.image`. The new image is as wide as that, and
    taller by the strip where there is something to say. Same input, same pixels.
    """
    summary = summarise(
        analysis, threshold_percent=style.threshold_percent, max_labels=style.max_labels
    )
    width, height = picture.image.size
    measures = measure((width, height))
    found = _things(summary, style)
    things = [found[at] for at in _chosen(found, style)]
    marks, font_px = _lay_out(things, measures=measures, size_px=(width, height))
    legend = lay_out_legend(
        _entries(marks, summary, style),
        note=_note(summary, boxes_left=len(found) - len(things)),
        width_px=width,
        font_px=measures.font_px,
    )
    image = Image.new("RGB", (width, height + legend.height_px))
    image.paste(picture.image)
    _paint_marks(image, marks, measures=measures, font_px=font_px)
    paint_legend(image, legend, top_px=height)
    return image


def _things(summary: Summary, style: Style) -> list[_Thing]:
    return [
        _Thing(
            text=_wording(seen, instance.confidence_percent, style),
            colour=colour_of(seen.name),
            confidence_percent=instance.confidence_percent,
            ratio_box=instance.box,
        )
        for seen in summary.objects
        for instance in seen.boxes
    ]


def _wording(seen: SeenLabel, value_percent: float, style: Style) -> str:
    name = printable(seen.title)
    if seen.is_corrected or not style.show_confidence:
        return name
    return f"{name} {percent_text(value_percent, limit_percent=style.threshold_percent)} %"


def _chosen(found: Sequence[_Thing], style: Style) -> tuple[int, ...]:
    return most_confident([thing.confidence_percent for thing in found], limit=style.max_boxes)


def _lay_out(
    things: Sequence[_Thing], *, measures: Measures, size_px: Size
) -> tuple[list[_Mark], int]:
    """Every thing with its box and tag, and the font size at which the tags fit."""
    least_px = 3 * measures.line_px + 2
    boxes = [clamp_box(thing.ratio_box, size_px=size_px, least_px=least_px) for thing in things]
    words = [(thing.text, str(at)) for at, thing in enumerate(things, start=1)]
    font_px, tags = measures.font_px, _fit_tags(boxes, words, measures.font_px, size_px)
    for percent in _SHRINK_PERCENTS:
        if _worded(tags) == len(tags):
            break
        font_px = max(SMALLEST_FONT_PX, measures.font_px * percent // 100)
        tags = _fit_tags(boxes, words, font_px, size_px)
    shown = words
    if _worded(tags) * 3 < len(tags) * 2:
        # So crowded that words would hide the picture: numbers for all, words in the legend.
        shown = [(number, number) for _, number in words]
        tags = _fit_tags(boxes, shown, font_px, size_px)
    texts = [
        "" if tag is None else said[tag.variant] for tag, said in zip(tags, shown, strict=True)
    ]
    return [_Mark(*parts) for parts in zip(things, boxes, tags, texts, strict=True)], font_px


def _fit_tags(
    boxes: Sequence[PixelBox], words: Sequence[Sequence[str]], font_px: int, size_px: Size
) -> tuple[Tag | None, ...]:
    sizes = [[_plate_size(text, font_px) for text in offered] for offered in words]
    return place_tags(boxes, sizes, size_px=size_px)


def _worded(tags: Sequence[Tag | None]) -> int:
    return sum(tag is not None and tag.variant == 0 for tag in tags)


def _plate_size(text: str, font_px: int) -> Size:
    pad = font_px * 2 // 5
    return text_width_px(text, font_px=font_px) + 2 * pad, cap_height_px(font_px) + 2 * pad


def _entries(marks: Sequence[_Mark], summary: Summary, style: Style) -> list[Entry]:
    """What a tag cannot say on the picture, then the scenes."""
    unsaid = [
        Entry(mark.thing.text, mark.thing.colour, number=mark.tag_text)
        for mark in marks
        if mark.tag_text != mark.thing.text
    ]
    scenes = [
        Entry(_wording(seen, seen.confidence_percent, style), colour_of(seen.name))
        for seen in summary.scenes
    ]
    return unsaid + scenes


def _note(summary: Summary, *, boxes_left: int) -> str:
    nothing = "" if summary.objects or summary.scenes else headline(summary)
    noun = "box" if boxes_left == 1 else "boxes"
    boxes = f"and {boxes_left} more {noun}" if boxes_left else ""
    if nothing:
        return " ".join(part for part in (nothing, left_out(summary)) if part)
    return ", ".join(part for part in (boxes, left_out(summary)) if part)


def _paint_marks(
    image: Image.Image, marks: Sequence[_Mark], *, measures: Measures, font_px: int
) -> None:
    """Boxes first, the largest at the bottom; then tags, so that no line crosses a text."""
    for mark in sorted(marks, key=lambda mark: -mark.box.width_px * mark.box.height_px):
        _paint_box(image, mark, measures)
    for mark in marks:
        if mark.tag is not None:
            _paint_tag(image, mark, mark.tag, measures=measures, font_px=font_px)


def _paint_box(image: Image.Image, mark: _Mark, measures: Measures) -> None:
    """The line with a thin edge of its opposite on both sides: one of them shows on any ground."""
    halo, line, radius = measures.halo_px, measures.line_px, measures.radius_px
    paint_frame(
        image,
        grown(mark.box, halo),
        colour=ink_on(mark.thing.colour),
        radius_px=radius + halo,
        line_px=line + 2 * halo,
    )
    paint_frame(image, mark.box, colour=mark.thing.colour, radius_px=radius, line_px=line)


def _paint_tag(
    image: Image.Image, mark: _Mark, tag: Tag, *, measures: Measures, font_px: int
) -> None:
    colour = mark.thing.colour
    radius = measures.radius_px
    paint_plate(
        image,
        grown(tag.place, measures.halo_px),
        colour=ink_on(colour),
        radius_px=radius + measures.halo_px,
    )
    paint_plate(image, tag.place, colour=colour, radius_px=radius)
    joint = seam(tag.place, mark.box, reach_px=measures.line_px)
    if joint is not None:
        fill(image, joint, colour=colour)
    write(
        image,
        mark.tag_text,
        left_px=tag.place.left_px + font_px * 2 // 5,
        middle_px=(tag.place.top_px + tag.place.bottom_px) // 2,
        font_px=font_px,
        colour=ink_on(colour),
    )
