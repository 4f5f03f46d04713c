"""Paint an Analysis on a picture: a new image, the input is left alone.

No Slack, no AWS. What is shown is what `summary` chose; where it goes is what `layout` says.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from bot.drawing_hiding import hidden
from bot.drawing_legend import Entry, lay_out_legend, paint_legend
from bot.drawing_style import Style
from bot.drawing_tags import Mark, Thing, lay_out_marks, paint_marks
from bot.drawing_text import printable
from bot.hiding import Hiding, find_hidden
from bot.layout import measure, most_confident
from bot.model import Analysis
from bot.palette import BLUE, INK, Colour, band_of, colour_of
from bot.pictures import Picture
from bot.summary import (
    SeenLabel,
    Summary,
    counted,
    headline,
    left_out,
    percent_text,
    summarise,
)

__all__ = ["Style", "draw"]

_LINE_PERCENTS = {"thin": 60, "normal": 100, "thick": 170}
_ICON_BELOW_PX, _ICON_DRAWN_PX = 160, 320


def draw(
    picture: Picture, analysis: Analysis, style: Style, *, hiding: Hiding | None = None
) -> Image.Image:
    """The working copy with boxes and tags, and below it a strip for what has no box.

    Boxes of the analysis are in ratios of `picture.image`. The new image is as wide as that (wider
    only where the strip could not hold a name, or tags would hide an icon), and taller by the strip
    where there is something to say. What the style hides, by `hiding` where more is known than the
    analysis shows, is made unrecognisable before anything is drawn. Same input, same pixels.
    """
    summary = summarise(
        analysis, threshold_percent=style.threshold_percent, max_labels=style.max_labels
    )
    hiding = find_hidden(analysis, style) if hiding is None else hiding
    width, height = (side * _magnification(picture.image.size) for side in picture.image.size)
    measures = measure((width, height), line_percent=_LINE_PERCENTS[style.thickness])
    found = _things(summary, style)
    things = [found[at] for at in _chosen(summary, style)]
    marks, font_px = lay_out_marks(
        things, measures=measures, size_px=(width, height), position=style.tags
    )
    legend = lay_out_legend(
        _entries(marks, summary, style),
        note=_note(summary, hiding, boxes_left=len(found) - len(things)),
        width_px=width,
        font_px=measures.font_px,
    )
    image = Image.new("RGB", (width, height + legend.height_px), INK)
    ground = hidden(picture.image, hiding.boxes, style.hide_by)
    if ground.size != (width, height):
        ground = ground.resize((width, height), Image.Resampling.NEAREST)
    image.paste(ground)
    paint_marks(image, marks, measures=measures, font_px=font_px)
    if legend.width_px > width:
        image = _widened(image, legend.width_px)
    paint_legend(image, legend, top_px=height)
    return image


def _magnification(size_px: tuple[int, int]) -> int:
    """How many times as large an icon is drawn, for tags beside which it can still be seen.

    >>> _magnification((80, 80)), _magnification((159, 20)), _magnification((160, 80))
    (4, 2, 1)
    """
    longest = max(size_px)
    return _ICON_DRAWN_PX // longest if longest < _ICON_BELOW_PX else 1


def _widened(image: Image.Image, width_px: int) -> Image.Image:
    """The image in the middle of a wider one, for a strip that needs more room."""
    wide = Image.new("RGB", (width_px, image.height), INK)
    wide.paste(image, ((width_px - image.width) // 2, 0))
    return wide


def _things(summary: Summary, style: Style) -> list[Thing]:
    return [
        Thing(
            text=_wording(seen, instance.confidence_percent, style),
            colour=_colour(seen.name, instance.confidence_percent, style),
            confidence_percent=instance.confidence_percent,
            ratio_box=instance.box,
        )
        for seen in summary.objects
        for instance in seen.boxes
    ]


def _colour(name: str, confidence_percent: float, style: Style) -> Colour:
    if style.colours == "confidence":
        return band_of(confidence_percent)[1]
    return BLUE if style.colours == "one" else colour_of(name)


def _wording(seen: SeenLabel, value_percent: float, style: Style) -> str:
    name = printable(seen.title)
    if seen.is_corrected or not style.show_confidence:
        return name
    return f"{name} {percent_text(value_percent, limit_percent=style.threshold_percent)} %"


def _chosen(summary: Summary, style: Style) -> tuple[int, ...]:
    boxes = [(box.confidence_percent, seen.name) for seen in summary.objects for box in seen.boxes]
    confidences_percent, names = zip(*boxes, strict=True) if boxes else ((), ())
    return most_confident(confidences_percent, names, limit=style.max_boxes)


def _entries(marks: Sequence[Mark], summary: Summary, style: Style) -> list[Entry]:
    """What a tag cannot say on the picture, what the colours mean, then the scenes."""
    unsaid = [
        Entry(mark.thing.text, mark.thing.colour, number=mark.tag_text)
        for mark in marks
        if mark.tag_text != mark.thing.text
    ]
    scenes = [Entry(_wording(seen, seen.confidence_percent, style)) for seen in summary.scenes]
    return unsaid + _key(marks, style) + scenes


def _key(marks: Sequence[Mark], style: Style) -> list[Entry]:
    """Which colour stands for which confidence, where that is what colours say."""
    if style.colours != "confidence":
        return []
    bands = {band_of(mark.thing.confidence_percent) for mark in marks}
    return [
        Entry(f"{least_percent:g} % or more" if least_percent else "less", colour)
        for least_percent, colour in sorted(bands, reverse=True)
    ]


def _note(summary: Summary, hiding: Hiding, *, boxes_left: int) -> str:
    """What one does not see: hidden, beyond the limits, below the threshold."""
    names = ", ".join(printable(name) for name in hiding.names)
    hidden_words = f"Hidden: {names}" if names else "Hidden" if hiding.boxes else ""
    if not (summary.objects or summary.scenes):
        nothing = headline(summary).removesuffix(".")
        return " · ".join(part for part in (nothing, hidden_words, left_out(summary)) if part)
    counts = (
        (boxes_left, counted(boxes_left, "more box", "more boxes")),
        (summary.beyond_limit, counted(summary.beyond_limit, "more label")),
        (summary.below_threshold, f"{summary.below_threshold} more {summary.below}"),
    )
    left = ", ".join(words for count, words in counts if count)
    return " · ".join(part for part in (hidden_words, left and f"and {left}") if part)
