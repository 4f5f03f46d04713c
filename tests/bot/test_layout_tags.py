"""`bot.layout_tags`: integers in, integers out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.layout import clamp_box, distance_px, measure
from bot.layout_tags import Tag, place_tags
from bot.model import PixelBox, RatioBox

ratios = st.floats(-1.5, 2.5, allow_nan=False)
sizes = st.tuples(st.integers(80, 2600), st.integers(80, 2600))
positions = st.sampled_from(["auto", "inside", "outside"])


def test_usual_place_is_above():
    """A lone tag stands on its box, flush left."""
    (tag,) = place_tags([PixelBox(50, 50, 90, 90)], [[(30, 10)]], size_px=(200, 200))

    assert tag == Tag(PixelBox(50, 40, 80, 50), 0)


def test_no_room_above():
    """At the upper edge the tag hangs below instead."""
    (tag,) = place_tags([PixelBox(50, 0, 90, 90)], [[(30, 10)]], size_px=(200, 200))

    assert tag.place.top_px == 90


def test_full_size_box_holds_its_tag():
    """A box as large as the picture has its tag inside."""
    (tag,) = place_tags([PixelBox(0, 0, 200, 200)], [[(30, 10)]], size_px=(200, 200))

    assert tag.place == PixelBox(0, 0, 30, 10)


def test_tag_moves_in_sideways():
    """A tag wider than its box at the right edge is moved in, not cut."""
    (tag,) = place_tags([PixelBox(190, 50, 200, 90)], [[(60, 10)]], size_px=(200, 200))

    assert tag.place == PixelBox(140, 40, 200, 50)


def test_tags_avoid_small_boxes():
    """A tag does not cover a small thing when another place is free."""
    big, small = PixelBox(50, 50, 150, 150), PixelBox(55, 42, 65, 48)

    tags = place_tags([big, small], [[(30, 10)], [(10, 5)]], size_px=(200, 200))

    assert not overlap(tags[0].place, small)


def test_tags_leave_faces_free():
    """A tag that must stand inside covers the legs of an upright box, not its head."""
    person = PixelBox(50, 0, 90, 200)

    (tag,) = place_tags([person], [[(200, 10)]], size_px=(200, 200))

    assert tag.place.top_px >= 70


def test_neighbours_make_room():
    """Tags of a row of people stand side by side above them, and cover nobody's head."""
    people = [PixelBox(left, 60, left + 40, 200) for left in (20, 70, 120)]

    tags = place_tags(people, [[(45, 10)]] * 3, size_px=(200, 220))

    assert [tag.place.bottom_px for tag in tags] == [60, 60, 60]


@pytest.mark.parametrize(("position", "top_px"), [("auto", 40), ("outside", 40), ("inside", 50)])
def test_position_follows_the_style(position, top_px):
    """Tags stand where the style wants them."""
    box = PixelBox(50, 50, 90, 90)

    (tag,) = place_tags([box], [[(30, 10)]], size_px=(200, 200), position=position)

    assert tag.place == PixelBox(50, top_px, 80, top_px + 10)


@pytest.mark.parametrize("position", ["inside", "outside"])
def test_unwanted_position_beats_none(position):
    """Where a tag cannot stand as wanted, it stands at its box in the other way."""
    box = {"inside": PixelBox(50, 50, 60, 55), "outside": PixelBox(0, 0, 200, 200)}[position]

    (tag,) = place_tags([box], [[(30, 10)]], size_px=(200, 200), position=position)

    assert distance_px(tag.place, box) == 0


def test_next_size_when_crowded():
    """A tag that has no room takes the next size that was offered for it."""
    (tag,) = place_tags([PixelBox(10, 10, 50, 50)], [[(300, 10), (20, 10)]], size_px=(200, 200))

    assert tag.variant == 1


def test_full_picture_leaves_tags_out():
    """Where the picture is full, a tag is left out instead of covering another."""
    boxes = [PixelBox(0, 0, 80, 80)] * 3

    tags = place_tags(boxes, [[(80, 40)]] * 3, size_px=(80, 80))

    assert [tag is None for tag in tags] == [False, False, True]


@st.composite
def crowds(draw):
    """Up to 15 boxes anywhere in a picture of any size, with tags of any length."""
    size_px = draw(sizes)
    measures = measure(size_px)
    numbers = draw(st.lists(st.tuples(ratios, ratios, ratios, ratios), max_size=15))
    boxes = [
        clamp_box(RatioBox(*box), size_px=size_px, least_px=3 * measures.line_px) for box in numbers
    ]
    font_px = measures.font_px
    widths = draw(st.lists(st.integers(2, 9), min_size=len(boxes), max_size=len(boxes)))
    badge = (font_px * 3 // 2, font_px * 3 // 2)
    return size_px, boxes, [[(width * font_px, badge[1]), badge] for width in widths]


@given(crowds(), positions)
@settings(max_examples=150, deadline=None)
def test_tags_never_collide(crowd, position):
    """Up to 15 tags stay in the picture, over no other tag, next to their box."""
    size_px, boxes, variants = crowd

    tags = place_tags(boxes, variants, size_px=size_px, position=position)

    assert all(tags)
    for at, tag in enumerate(tags):
        place = tag.place
        assert 0 <= place.left_px < place.right_px <= size_px[0]
        assert 0 <= place.top_px < place.bottom_px <= size_px[1]
        assert (place.width_px, place.height_px) == variants[at][tag.variant]
        assert not any(overlap(place, other.place) for other in tags[:at])
        if tag.variant == 0:
            assert distance_px(place, boxes[at]) == 0
        else:
            assert distance_px(place, boxes[at]) <= 8 * place.height_px


@given(crowds())
@settings(max_examples=20, deadline=None)
def test_same_input_same_places(crowd):
    """Places depend on the input alone."""
    size_px, boxes, variants = crowd

    assert place_tags(boxes, variants, size_px=size_px) == place_tags(
        boxes, variants, size_px=size_px
    )


def overlap(a, b):
    """Whether two boxes share a pixel."""
    return min(a.right_px, b.right_px) > max(a.left_px, b.left_px) and min(
        a.bottom_px, b.bottom_px
    ) > max(a.top_px, b.top_px)
