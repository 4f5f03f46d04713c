"""Where each box's tag goes: in the picture, over no other tag, at its own box, off the faces.

Integers only, like `layout`: the same input gives the same places everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.layout import Size, distance_px, overlap_px
from bot.model import PixelBox

Position = Literal["auto", "inside", "outside"]

_STEPS = 6
"""How many places are tried along each side of a box."""
_NEAR = 16
"""How many columns and rows are tried around a box before those of the whole picture."""
_ROUNDS = 3
"""How often tags may move on after the others have found their places."""
_BELOW, _BESIDE, _INSIDE = 20, 120, 250
"""What unusual places cost; to hide one whole box costs 1,000, and its face 2,000 more."""
_UNWANTED = 100_000
"""What it costs to stand where the style does not want tags: only where nothing else is free."""


_Area = tuple[int, int, int, int, int]
"""A part of the picture, as edges, and what it costs to hide all of it."""


@dataclass(frozen=True)
class Tag:
    """Where one box's tag goes, and in which of the sizes that were offered for it."""

    place: PixelBox
    variant: int


def place_tags(
    boxes: Sequence[PixelBox],
    variants: Sequence[Sequence[Size]],
    *,
    size_px: Size,
    position: Position = "auto",
) -> tuple[Tag | None, ...]:
    """A place for each box's tag: in the picture, over no other tag, touching its own box.

    `variants` offers sizes for each tag, best first; the next is taken only where the one before
    has no place. Among free places the one wins that hides least of any box, above all of where a
    face would be; then the most usual one: above the box, below it. Where nothing along the box is
    free, the last variant takes the nearest free spot. In a picture too small even for that, all
    tags take their last variant, in rows and columns; None: no cell was left.
    One entry per box, in the given order. Small boxes choose first: they have least to choose.

    >>> place_tags([PixelBox(10, 40, 60, 90)], [[(30, 12)]], size_px=(100, 100))
    (Tag(place=PixelBox(left_px=10, top_px=28, right_px=40, bottom_px=40), variant=0),)
    """
    order = sorted(range(len(boxes)), key=lambda at: (boxes[at].width_px * boxes[at].height_px, at))
    precious = [_area(box, 1000) for box in boxes] + [_area(_face(box), 2000) for box in boxes]

    @cache
    def spots(at: int, variant: int) -> list[PixelBox]:
        tag_px = variants[at][variant]
        near = _within_reach(precious, boxes[at], tag_px)
        return _cheapest_first(_along(boxes[at], tag_px, size_px, position), near)

    tags: list[Tag | None] = [None] * len(boxes)
    for _ in range(_ROUNDS):
        before = list(tags)
        for at in order:
            taken = [tag.place for other, tag in enumerate(tags) if tag and other != at]
            tag = _first_free((spots(at, variant) for variant in range(len(variants[at]))), taken)
            tags[at] = tag or _nearest_free(boxes[at], variants[at], taken, size_px)
        if tags == before:
            break
    if not all(tags):
        return _place_on_grid(boxes, variants, size_px=size_px)
    return tuple(tags)


def _first_free(offered: Iterable[list[PixelBox]], taken: Sequence[PixelBox]) -> Tag | None:
    """The cheapest free place of the first variant that has one."""
    for variant, places in enumerate(offered):
        for place in places:
            if not any(overlap_px(place, other) for other in taken):
                return Tag(place, variant)
    return None


def _cheapest_first(
    spots: Iterable[tuple[int, PixelBox]], precious: Sequence[_Area]
) -> list[PixelBox]:
    """Places by how usual they are, and how much of what is precious they hide."""
    spots = list(spots)
    costs = [usual + _hidden_cost(place, precious) for usual, place in spots]
    return [spots[rank][1] for rank in sorted(range(len(spots)), key=costs.__getitem__)]


def _within_reach(areas: Sequence[_Area], box: PixelBox, tag_px: Size) -> list[_Area]:
    """The areas that a tag which touches the box could hide."""
    left, top = box.left_px - tag_px[0], box.top_px - tag_px[1]
    right, bottom = box.right_px + tag_px[0], box.bottom_px + tag_px[1]
    return [a for a in areas if a[0] < right and a[2] > left and a[1] < bottom and a[3] > top]


def _hidden_cost(place: PixelBox, precious: Sequence[_Area]) -> int:
    """What it costs that a tag in this place hides a part of each of these areas."""
    # The innermost loop of drawing: plain numbers and comparisons take a third of the time.
    left, top, right, bottom = place.left_px, place.top_px, place.right_px, place.bottom_px
    total = 0
    for area_left, area_top, area_right, area_bottom, cost in precious:
        across = min(right, area_right) - max(left, area_left)
        if across > 0:
            down = min(bottom, area_bottom) - max(top, area_top)
            if down > 0:
                size = (area_right - area_left) * (area_bottom - area_top)
                total += cost * across * down // size
    return total


def _along(
    box: PixelBox, tag_px: Size, size_px: Size, position: Position
) -> Iterator[tuple[int, PixelBox]]:
    """Places in the picture that touch the box, each with what it costs apart from hiding."""
    width, height = tag_px
    inside = _INSIDE if position == "auto" else _UNWANTED * (position == "outside")
    outside = _UNWANTED * (position == "inside")
    lefts = _stops(box.left_px, box.right_px - width, room_px=size_px[0] - width)
    tops = _stops(box.top_px, box.bottom_px - height, room_px=size_px[1] - height)
    rows = (
        (outside, box.top_px - height),
        (outside + _BELOW, box.bottom_px),
        (inside, box.top_px),
        (inside, box.bottom_px - height),
    )
    spots = [(cost + step, left, top) for cost, top in rows for step, left in enumerate(lefts)]
    for left in (box.right_px, box.left_px - width):
        spots += [(outside + _BESIDE + step, left, top) for step, top in enumerate(tops)]
    for cost, left, top in spots:
        if 0 <= left <= size_px[0] - width and 0 <= top <= size_px[1] - height:
            yield cost, PixelBox(left, top, left + width, top + height)


def _stops(first_px: int, last_px: int, *, room_px: int) -> list[int]:
    """Both ends, then evenly between, each moved into 0 to `room_px`; nothing fits: none."""
    if room_px < 0:
        return []
    between = [first_px + (last_px - first_px) * step // _STEPS for step in range(1, _STEPS)]
    wanted = (min(max(0, at), room_px) for at in (first_px, last_px, *between))
    return list(dict.fromkeys(wanted))


def _area(box: PixelBox, cost: int) -> _Area:
    return box.left_px, box.top_px, box.right_px, box.bottom_px, cost


def _face(box: PixelBox) -> PixelBox:
    """Where one looks first: the upper middle of what stands upright, else the middle."""
    width, height = box.width_px, box.height_px
    upright = height * 4 > width * 5
    top, bottom = (0, height * 35 // 100) if upright else (height // 4, height * 3 // 4)
    across = width // 5
    return PixelBox(
        box.left_px + across, box.top_px + top, box.right_px - across, box.top_px + bottom
    )


def _nearest_free(
    box: PixelBox, offered: Sequence[Size], taken: Sequence[PixelBox], size_px: Size
) -> Tag | None:
    """The last variant in the free spot nearest to the box, flush with the tags already there."""
    width, height = offered[-1]
    room = size_px[0] - width, size_px[1] - height
    lefts = {0, room[0], box.left_px, *(x for t in taken for x in (t.left_px - width, t.right_px))}
    tops = {0, room[1], box.top_px, *(y for t in taken for y in (t.top_px - height, t.bottom_px))}
    columns = _nearest_first((x for x in lefts if 0 <= x <= room[0]), box.left_px)
    rows = _nearest_first((y for y in tops if 0 <= y <= room[1]), box.top_px)
    for count in (_NEAR, max(len(columns), len(rows))):
        spots = [
            PixelBox(left, top, left + width, top + height)
            for left in columns[:count]
            for top in rows[:count]
        ]
        for spot in sorted(spots, key=lambda spot: distance_px(spot, box)):
            if not any(overlap_px(spot, other) for other in taken):
                return Tag(spot, len(offered) - 1)
    return None


def _nearest_first(numbers: Iterable[int], to: int) -> list[int]:
    return sorted(numbers, key=lambda number: (abs(number - to), number))


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
