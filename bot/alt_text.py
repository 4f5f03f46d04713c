"""What a screen reader says of a picture: how many of what, where, and the scene.

No Slack markup, no pixels.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from bot.model import Instance, RatioBox
from bot.summary import Summary

ALT_TEXT_MAX_CHARS = 1_000
"""Half of what Slack takes; a screen reader reads all of it aloud."""

_MOST_OF_THE_PICTURE_RATIO = 2 / 3
_PLACES = (
    "most of the picture",
    *("top left", "top", "top right"),
    *("left", "centre", "right"),
    *("bottom left", "bottom", "bottom right"),
)


def alt_text(summary: Summary) -> str:
    """What a screen reader says, in at most 1,000 characters: counts, places, scene.

    `Picture with 3 x Person (2 left, 1 right), 1 Dog (bottom). Also: Beach.`
    """
    objects = ", ".join(f"{o.count} {o.title} ({_places(o.boxes)})" for o in summary.objects)
    scenes = ", ".join(seen.title for seen in summary.scenes)
    if objects:
        text = f"Picture with {objects}." + (f" Also: {scenes}." if scenes else "")
    elif scenes:
        text = f"Picture showing {scenes}."
    else:
        text = f"Picture in which nothing was found at {summary.reach}."
    return textwrap.shorten(text, ALT_TEXT_MAX_CHARS, placeholder=" …", break_on_hyphens=False)


def _places(boxes: Sequence[Instance]) -> str:
    """Where boxes are: the fullest place first, then as one reads; counts only if they differ."""
    counts = Counter(_place_index(instance.box) for instance in boxes)
    places = sorted(counts, key=lambda index: (-counts[index], index))
    if len(places) in {1, len(boxes)}:
        return ", ".join(_PLACES[index] for index in places)
    return ", ".join(f"{counts[index]} {_PLACES[index]}" for index in places)


def _place_index(box: RatioBox) -> int:
    """The ninth of the picture that the middle of the visible part of a box lies in."""
    column, width_ratio = _visible(box.left_ratio, box.width_ratio)
    row, height_ratio = _visible(box.top_ratio, box.height_ratio)
    if min(width_ratio, height_ratio) >= _MOST_OF_THE_PICTURE_RATIO:
        return 0
    return 1 + 3 * row + column


def _visible(start_ratio: float, length_ratio: float) -> tuple[int, float]:
    """Which third (0-2) the middle of the part inside 0-1 lies in, and how long that part is."""
    start = min(max(start_ratio, 0.0), 1.0)
    end = min(max(start_ratio + length_ratio, start), 1.0)
    return min(2, int((start + end) / 2 * 3)), end - start
