"""Where boxes, tags and the legend go, in whole pixels.

Integers only: no picture, no font, no colours. Text arrives as measured sizes, so the same input
gives the same places everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def measure(size_px: Size) -> Measures:
    """Sizes for a picture: readable when it is shown 360 px wide, modest on a panorama.

    >>> measure((2048, 1536)).font_px, measure((200, 200)).font_px, measure((10_000, 160)).font_px
    (53, 11, 25)
    >>> measure((2048, 1536)).line_px, measure((200, 200)).line_px
    (6, 2)
    """
    longest, shortest = max(size_px), min(size_px)
    font_px = max(SMALLEST_FONT_PX, min(longest * 26 // 1000, shortest * 16 // 100))
    line_px = max(2, font_px // 8)
    return Measures(
        font_px=font_px,
        line_px=line_px,
        halo_px=max(1, line_px // 4),
        radius_px=max(3, font_px // 4),
        pad_px=max(3, font_px // 3),
    )


def most_confident(confidences_percent: Sequence[float], *, limit: int) -> tuple[int, ...]:
    """The indexes of at most `limit` boxes to draw, most confident first, then as they came.

    >>> most_confident([81.0, 99.0, 90.0], limit=2)
    (1, 2)
    """
    ranked = sorted(range(len(confidences_percent)), key=lambda at: -confidences_percent[at])
    return tuple(ranked[:limit])


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


@dataclass(frozen=True)
class Tag:
    """Where one box's tag goes, and in which of the sizes that were offered for it."""

    place: PixelBox
    variant: int


def place_tags(
    boxes: Sequence[PixelBox], variants: Sequence[Sequence[Size]], *, size_px: Size
) -> tuple[Tag | None, ...]:
    """A place for each box's tag: in the picture, over no other tag, touching its own box.

    `variants` offers sizes for each tag, best first; the next is taken only where the one before
    has no place. Among free places the one wins that hides least of other boxes, then the most
    usual one: above the box, below it, inside it. Where nothing along the box is free, the last
    variant takes the nearest free spot. In a picture too small even for that, all tags take their
    last variant, in rows and columns; None: no cell was left.
    One entry per box, in the given order. Small boxes choose first: they have least to choose.

    >>> place_tags([PixelBox(10, 40, 60, 90)], [[(30, 12)]], size_px=(100, 100))
    (Tag(place=PixelBox(left_px=10, top_px=28, right_px=40, bottom_px=40), variant=0),)
    """
    tags: list[Tag | None] = [None] * len(boxes)
    taken: list[PixelBox] = []
    for at in sorted(range(len(boxes)), key=lambda at: (_area(boxes[at]), at)):
        tags[at] = tag = _place_tag(boxes, at, variants[at], taken=taken, size_px=size_px)
        if tag is None:
            return _place_on_grid(boxes, variants, size_px=size_px)
        taken.append(tag.place)
    return tuple(tags)


def _place_tag(
    boxes: Sequence[PixelBox],
    at: int,
    variants: Sequence[Size],
    *,
    taken: Sequence[PixelBox],
    size_px: Size,
) -> Tag | None:
    others = [box for other, box in enumerate(boxes) if other != at]
    for variant, tag_px in enumerate(variants):
        free = [
            place
            for place in _along(boxes[at], tag_px, size_px)
            if not any(_overlap(place, other) for other in taken)
        ]
        if free:
            ranks = range(len(free))
            best = min(ranks, key=lambda rank: (_hidden_permille(free[rank], others), rank))
            return Tag(free[best], variant)
    spot = _nearest_free(boxes[at], variants[-1], taken, size_px)
    return Tag(spot, len(variants) - 1) if spot else None


def _along(box: PixelBox, tag_px: Size, size_px: Size) -> Iterator[PixelBox]:
    """Places that touch the box and lie in the picture, the usual ones first."""
    width, height = tag_px
    lefts = _stops(box.left_px, box.right_px - width, room_px=size_px[0] - width)
    for top in (box.top_px - height, box.bottom_px, box.top_px, box.bottom_px - height):
        for left in lefts:
            if 0 <= top <= size_px[1] - height:
                yield PixelBox(left, top, left + width, top + height)
    tops = _stops(box.top_px, box.bottom_px - height, room_px=size_px[1] - height)
    for left in (box.right_px, box.left_px - width):
        for top in tops:
            if 0 <= left <= size_px[0] - width:
                yield PixelBox(left, top, left + width, top + height)


def _stops(first_px: int, last_px: int, *, room_px: int, steps: int = 8) -> list[int]:
    """Both ends, then evenly between, each moved into 0 to `room_px`; nothing fits: none."""
    if room_px < 0:
        return []
    between = [first_px + (last_px - first_px) * step // steps for step in range(1, steps)]
    wanted = (min(max(0, at), room_px) for at in (first_px, last_px, *between))
    return list(dict.fromkeys(wanted))


def _nearest_free(
    box: PixelBox, tag_px: Size, taken: Sequence[PixelBox], size_px: Size
) -> PixelBox | None:
    """The free spot nearest to the box, on a grid flush with the tags already there."""
    width, height = tag_px
    room = size_px[0] - width, size_px[1] - height
    lefts = {0, room[0], box.left_px, *(x for t in taken for x in (t.left_px - width, t.right_px))}
    tops = {0, room[1], box.top_px, *(y for t in taken for y in (t.top_px - height, t.bottom_px))}
    spots = [
        PixelBox(left, top, left + width, top + height)
        for left in sorted(lefts)
        for top in sorted(tops)
        if 0 <= left <= room[0] and 0 <= top <= room[1]
    ]
    free = [spot for spot in spots if not any(_overlap(spot, other) for other in taken)]
    return min(free, key=lambda spot: distance_px(spot, box), default=None)


def _place_on_grid(
    boxes: Sequence[PixelBox], variants: Sequence[Sequence[Size]], *, size_px: Size
) -> tuple[Tag | None, ...]:
    """Every tag in the free cell nearest to its box: no room between tags is lost."""
    width = max(offered[-1][0] for offered in variants)
    height = max(offered[-1][1] for offered in variants)
    cells = [
        PixelBox(left, top, left + width, top + height)
        for top in range(0, size_px[1] - height + 1, height)
        for left in range(0, size_px[0] - width + 1, width)
    ]
    tags: list[Tag | None] = []
    for box, offered in zip(boxes, variants, strict=True):
        if not cells:
            tags.append(None)
            continue
        cell = min(cells, key=lambda cell: distance_px(cell, box))
        cells.remove(cell)
        across, down = offered[-1]
        place = PixelBox(cell.left_px, cell.top_px, cell.left_px + across, cell.top_px + down)
        tags.append(Tag(place, len(offered) - 1))
    return tuple(tags)


def seam(tag: PixelBox, box: PixelBox, *, reach_px: int) -> PixelBox | None:
    """Where a tag that stands against its box grows into it, so that both look like one piece.

    As long as the edge they share, `reach_px` into each. None where they share no edge.

    >>> seam(PixelBox(10, 28, 40, 40), PixelBox(10, 40, 60, 90), reach_px=3)
    PixelBox(left_px=10, top_px=37, right_px=40, bottom_px=43)
    """
    left, right = max(tag.left_px, box.left_px), min(tag.right_px, box.right_px)
    top, bottom = max(tag.top_px, box.top_px), min(tag.bottom_px, box.bottom_px)
    if left < right and top == bottom:
        return PixelBox(left, top - reach_px, right, bottom + reach_px)
    if top < bottom and left == right:
        return PixelBox(left - reach_px, top, right + reach_px, bottom)
    return None


def distance_px(a: PixelBox, b: PixelBox) -> int:
    """How far apart two boxes are, across plus down; 0 where they touch.

    >>> distance_px(PixelBox(0, 0, 10, 10), PixelBox(15, 13, 20, 20))
    8
    """
    across = max(0, a.left_px - b.right_px, b.left_px - a.right_px)
    down = max(0, a.top_px - b.bottom_px, b.top_px - a.bottom_px)
    return across + down


def _hidden_permille(place: PixelBox, others: Sequence[PixelBox]) -> int:
    """How much of other boxes a tag would hide: a whole small one weighs more than a big corner."""
    return sum(1000 * _overlap(place, other) // _area(other) for other in others)


def _overlap(a: PixelBox, b: PixelBox) -> int:
    across = min(a.right_px, b.right_px) - max(a.left_px, b.left_px)
    down = min(a.bottom_px, b.bottom_px) - max(a.top_px, b.top_px)
    return across * down if across > 0 and down > 0 else 0


def _area(box: PixelBox) -> int:
    return box.width_px * box.height_px


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
