"""`bot.layout`: integers in, integers out."""

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import drawing_text, layout, palette, picture_kinds, pictures
from bot.layout import Tag, clamp_box, distance_px, flow, measure, most_confident, place_tags, seam
from bot.model import PixelBox, RatioBox

ratios = st.floats(-1.5, 2.5, allow_nan=False)
sizes = st.tuples(st.integers(80, 2600), st.integers(80, 2600))


def test_examples_in_docstrings_hold():
    """Every worked example in the picture modules is true."""
    for module in (layout, palette, picture_kinds, pictures, drawing_text):
        assert doctest.testmod(module).failed == 0


def test_measures_follow_the_picture():
    """Text is readable at 200 px, and as 9 px or more when 2,048 px are shown as 360."""
    assert measure((200, 200)).font_px == 11
    assert measure((2048, 1536)).font_px * 360 / 2048 >= 9
    assert measure((10_000, 160)).font_px == 25


@given(st.tuples(ratios, ratios, ratios, ratios), sizes, st.integers(1, 60))
def test_clamped_boxes_stay_inside(numbers, size_px, least_px):
    """Any box ends inside the picture, never smaller than asked."""
    box = clamp_box(RatioBox(*numbers), size_px=size_px, least_px=least_px)

    assert 0 <= box.left_px <= box.right_px <= size_px[0]
    assert 0 <= box.top_px <= box.bottom_px <= size_px[1]
    assert min(box.width_px, box.height_px) >= least_px


def test_most_confident_are_chosen():
    """Above the limit the most confident stay; equal ones in the order they came."""
    assert most_confident([80, 99, 99, 90], limit=3) == (1, 2, 3)
    assert most_confident([80], limit=3) == (0,)


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


@given(crowds())
@settings(max_examples=150, deadline=None)
def test_tags_never_collide(crowd):
    """Up to 15 tags stay in the picture, over no other tag, next to their box."""
    size_px, boxes, variants = crowd

    tags = place_tags(boxes, variants, size_px=size_px)

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


def test_seams_join_tag_and_box():
    """A tag at any side of its box grows into it along the edge they share."""
    box = PixelBox(40, 40, 80, 80)

    assert seam(PixelBox(40, 30, 60, 40), box, reach_px=2) == PixelBox(40, 38, 60, 42)
    assert seam(PixelBox(70, 80, 90, 90), box, reach_px=2) == PixelBox(70, 78, 80, 82)
    assert seam(PixelBox(80, 45, 99, 55), box, reach_px=2) == PixelBox(78, 45, 82, 55)
    assert seam(PixelBox(20, 45, 40, 55), box, reach_px=2) == PixelBox(38, 45, 42, 55)
    assert seam(PixelBox(42, 42, 60, 52), box, reach_px=2) is None


@given(st.lists(st.integers(1, 120), max_size=30), st.integers(100, 400))
def test_flow_stays_in_room(widths, room_px):
    """Items keep their order and stay in the room; only one wider than it stands alone."""
    places = flow(widths, room_px=room_px, gap_px=7)

    assert list(places) == sorted(places)
    for (_, left), width in zip(places, widths, strict=True):
        assert left == 0 or left + width <= room_px


def overlap(a, b):
    """Whether two boxes share a pixel."""
    return min(a.right_px, b.right_px) > max(a.left_px, b.left_px) and min(
        a.bottom_px, b.bottom_px
    ) > max(a.top_px, b.top_px)
