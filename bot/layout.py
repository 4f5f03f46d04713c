"""Sizes, boxes and lines of text, in whole pixels; where tags go is told by `layout_tags`.

Integers only: no picture, no font, no colours. Text arrives as measured sizes, so the same input
gives the same places everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import PixelBox, RatioBox

Size = tuple[int, int]
"""(width, height) in pixels."""

SMALLEST_FONT_PX = 11


@dataclass(frozen=True)
class Measures:
    """Sizes that follow from the size of the picture, all in pixels."""

    font_px: int
    line_px: int
    halo_px: int
    radius_px: int
    pad_px: int
    """Between a text and the edge of its plate."""


def measure(size_px: Size, *, line_percent: int = 100) -> Measures:
    """Sizes for a picture: readable when it is shown 360 px wide, modest on a panorama.

    `line_percent` makes lines thinner or thicker than usual, never thinner than 1 px.

    >>> measure((2048, 1536)).font_px, measure((200, 200)).font_px, measure((10_000, 160)).font_px
    (53, 11, 25)
    >>> measure((2048, 1536)).line_px, measure((200, 200)).line_px
    (8, 2)
    """
    longest, shortest = max(size_px), min(size_px)
    font_px = max(SMALLEST_FONT_PX, min(longest * 26 // 1000, shortest * 16 // 100))
    line_px = max(1, max(2, font_px * 16 // 100) * line_percent // 100)
    return Measures(
        font_px=font_px,
        line_px=line_px,
        halo_px=max(1, font_px // 25),
        radius_px=max(3, font_px // 4),
        pad_px=max(3, font_px // 3),
    )


def most_confident(
    confidences_percent: Sequence[float], labels: Sequence[str], *, limit: int
) -> tuple[int, ...]:
    """The indexes of at most `limit` boxes to draw, most confident first, then as they came.

    The best one of each label comes before the second of any: a crowd leaves room for the bird.

    >>> most_confident([81.0, 99.0, 90.0], ["Bird", "Person", "Person"], limit=2)
    (1, 0)
    """
    ranked = sorted(range(len(labels)), key=lambda at: -confidences_percent[at])
    best = {labels[at]: at for at in reversed(ranked)}
    return tuple(sorted(ranked, key=lambda at: best[labels[at]] != at)[:limit])


def clamp_box(box: RatioBox, *, size_px: Size, least_px: int) -> PixelBox:
    """The part of a box that lies in the picture, at least `least_px` on each side.

    A box may stick out, or lie outside; it is never lost: one that is too small, or outside,
    grows around its middle to `least_px` and is moved in.

    >>> clamp_box(RatioBox(-0.1, 0.5, 0.3, 0.7), size_px=(100, 100), least_px=10)
    PixelBox(left_px=0, top_px=50, right_px=20, bottom_px=100)
    >>> clamp_box(RatioBox(1.2, 0.5, 0.1, 0.01), size_px=(100, 100), least_px=10)
    PixelBox(left_px=90, top_px=45, right_px=100, bottom_px=55)
    """
    width, height = size_px
    left, right = _clamp_span(box.left_ratio, box.width_ratio, length_px=width, least_px=least_px)
    top, bottom = _clamp_span(box.top_ratio, box.height_ratio, length_px=height, least_px=least_px)
    return PixelBox(left, top, right, bottom)


def _clamp_span(
    start_ratio: float, length_ratio: float, *, length_px: int, least_px: int
) -> tuple[int, int]:
    # Compared as ratios first: a wild number times pixels would not be a pixel any more.
    first, last = (min(1.0, max(0.0, at)) for at in (start_ratio, start_ratio + length_ratio))
    start, end = round(first * length_px), round(last * length_px)
    least = min(least_px, length_px)
    if end - start < least:
        start = min(max(0, (start + end - least) // 2), length_px - least)
        end = start + least
    return start, end


def seam(tag: PixelBox, box: PixelBox, *, tag_px: int, box_px: int) -> PixelBox | None:
    """Where a tag that stands against its box grows into it, so that both look like one piece.

    As long as the edge they share, `tag_px` into the one and `box_px` into the other. None where
    they share no edge.

    >>> seam(PixelBox(10, 28, 40, 40), PixelBox(10, 40, 60, 90), tag_px=5, box_px=3)
    PixelBox(left_px=10, top_px=35, right_px=40, bottom_px=43)
    """
    left, right = max(tag.left_px, box.left_px), min(tag.right_px, box.right_px)
    top, bottom = max(tag.top_px, box.top_px), min(tag.bottom_px, box.bottom_px)
    before, after = (tag_px, box_px) if _comes_first(tag, box) else (box_px, tag_px)
    if left < right and top == bottom:
        return PixelBox(left, top - before, right, bottom + after)
    if top < bottom and left == right:
        return PixelBox(left - before, top, right + after, bottom)
    return None


def _comes_first(tag: PixelBox, box: PixelBox) -> bool:
    return tag.bottom_px == box.top_px or tag.right_px == box.left_px


def distance_px(a: PixelBox, b: PixelBox) -> int:
    """How far apart two boxes are, across plus down; 0 where they touch.

    >>> distance_px(PixelBox(0, 0, 10, 10), PixelBox(15, 13, 20, 20))
    8
    """
    across = max(0, a.left_px - b.right_px, b.left_px - a.right_px)
    down = max(0, a.top_px - b.bottom_px, b.top_px - a.bottom_px)
    return across + down


def overlap_px(a: PixelBox, b: PixelBox) -> int:
    """How many pixels two boxes share.

    >>> overlap_px(PixelBox(0, 0, 10, 10), PixelBox(8, 5, 20, 20))
    10
    """
    across = min(a.right_px, b.right_px) - max(a.left_px, b.left_px)
    if across <= 0:
        return 0
    return across * max(0, min(a.bottom_px, b.bottom_px) - max(a.top_px, b.top_px))


def flow(widths_px: Sequence[int], *, room_px: int, gap_px: int) -> tuple[tuple[int, int], ...]:
    """(line, left) of items set one after another, a new line where one does not fit any more.

    >>> flow([40, 40, 40], room_px=100, gap_px=10)
    ((0, 0), (0, 50), (1, 0))
    """
    places = []
    line = left = 0
    for width in widths_px:
        if left and left + width > room_px:
            line, left = line + 1, 0
        places.append((line, left))
        left += width + gap_px
    return tuple(places)
