"""`bot.layout`: integers in, integers out."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from bot import (
    drawing_style,
    drawing_text,
    former_names,
    layout,
    layout_tags,
    palette,
    picture_kinds,
    pictures,
)
from bot.layout import clamp_box, flow, measure, most_confident, seam
from bot.model import PixelBox, RatioBox

ratios = st.floats(-1.5, 2.5, allow_nan=False)
sizes = st.tuples(st.integers(80, 2600), st.integers(80, 2600))


def test_examples_in_docstrings_hold():
    """Every worked example in the picture modules is true."""
    for module in (
        drawing_style,
        drawing_text,
        former_names,
        layout,
        layout_tags,
        palette,
        picture_kinds,
        pictures,
    ):
        assert doctest.testmod(module).failed == 0


def test_measures_follow_the_picture():
    """Text is readable at 200 px, and as 9 px or more when 2,048 px are shown as 360."""
    assert measure((200, 200)).font_px == 11
    assert measure((2048, 1536)).font_px * 360 / 2048 >= 9
    assert measure((10_000, 160)).font_px == 25


def test_lines_follow_the_style():
    """A thicker line leaves the text as it is; a thin one is still a line."""
    usual, thick = measure((2048, 1536)), measure((2048, 1536), line_percent=170)

    assert usual.line_px < thick.line_px
    assert usual.font_px == thick.font_px
    assert measure((80, 80), line_percent=60).line_px == 1


@given(st.tuples(ratios, ratios, ratios, ratios), sizes, st.integers(1, 60))
def test_clamped_boxes_stay_inside(numbers, size_px, least_px):
    """Any box ends inside the picture, never smaller than asked."""
    box = clamp_box(RatioBox(*numbers), size_px=size_px, least_px=least_px)

    assert 0 <= box.left_px <= box.right_px <= size_px[0]
    assert 0 <= box.top_px <= box.bottom_px <= size_px[1]
    assert min(box.width_px, box.height_px) >= least_px


def test_most_confident_are_chosen():
    """Above the limit the most confident stay; equal ones in the order they came."""
    assert most_confident([80, 99, 99, 90], ["Dog"] * 4, limit=3) == (1, 2, 3)
    assert most_confident([80], ["Dog"], limit=3) == (0,)
    assert most_confident([], [], limit=3) == ()


def test_each_label_keeps_a_box():
    """Before any label gets a second box, each has its best one, however unsure that is."""
    labels = ["Person", "Person", "Bird", "Person", "Bird"]

    assert most_confident([99, 98, 70, 97, 75], labels, limit=5) == (0, 4, 1, 3, 2)
    assert most_confident([99, 98, 70, 97, 75], labels, limit=1) == (0,)


def test_seams_join_tag_and_box():
    """A tag at any side of its box grows into it along the edge they share."""
    box = PixelBox(40, 40, 80, 80)

    assert grow(PixelBox(40, 30, 60, 40), box) == PixelBox(40, 37, 60, 42)
    assert grow(PixelBox(70, 80, 90, 90), box) == PixelBox(70, 78, 80, 83)
    assert grow(PixelBox(80, 45, 99, 55), box) == PixelBox(78, 45, 83, 55)
    assert grow(PixelBox(20, 45, 40, 55), box) == PixelBox(37, 45, 42, 55)
    assert grow(PixelBox(42, 42, 60, 52), box) is None


def grow(tag, box):
    """The seam of a tag that grows 3 px into itself and 2 px into its box."""
    return seam(tag, box, tag_px=3, box_px=2)


@given(st.lists(st.integers(1, 120), max_size=30), st.integers(100, 400))
def test_flow_stays_in_room(widths, room_px):
    """Items keep their order and stay in the room; only one wider than it stands alone."""
    places = flow(widths, room_px=room_px, gap_px=7)

    assert list(places) == sorted(places)
    for (_, left), width in zip(places, widths, strict=True):
        assert left == 0 or left + width <= room_px
