"""`bot.drawing_style`: small JSON there and back, and what a style changes in a picture."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.drawing import Style, draw
from bot.model import Analysis, Instance, Label, PixelBox, RatioBox
from bot.palette import BLUE, band_of, colour_of
from bot.pictures import Picture

GROUND = (120, 125, 130)
styles = st.builds(
    Style,
    threshold_percent=st.floats(0, 100),
    max_labels=st.integers(1, 50),
    max_boxes=st.integers(0, 100),
    show_confidence=st.booleans(),
    colours=st.sampled_from(["label", "confidence", "one"]),
    tags=st.sampled_from(["auto", "inside", "outside"]),
    thickness=st.sampled_from(["thin", "normal", "thick"]),
    hide=st.lists(st.text(), max_size=3).map(tuple),
    hide_by=st.sampled_from(["pixelate", "blur"]),
)


def drawn(style, percent=95.0):
    """A dog and a cat, drawn in a style."""
    boxes = {"Dog": RatioBox(0.1, 0.3, 0.3, 0.5), "Cat": RatioBox(0.6, 0.3, 0.3, 0.5)}
    labels = (Label(name, percent, (Instance(box, percent),)) for name, box in boxes.items())
    image = Image.new("RGB", (400, 300), GROUND)
    picture = Picture(image, image.size, "PNG", 1, PixelBox(0, 0, 400, 300))
    return draw(picture, Analysis(tuple(labels)), style)


def colours(image):
    """Every colour of the image and how many pixels have it."""
    return {colour: count for count, colour in image.getcolors(maxcolors=1 << 24)}


@given(styles)
def test_styles_travel_as_json(style):
    """Any style comes back from JSON as it was, and from another process."""
    assert Style.from_json(json.loads(json.dumps(style.to_json()))) == style
    assert pickle.loads(pickle.dumps(style)) == style  # noqa: S301 - our own bytes


def test_usual_style_is_empty():
    """Only what differs from the default is stored."""
    assert Style().to_json() == {}
    assert Style(hide=("Person",), tags="inside").to_json() == {
        "tags": "inside",
        "hide": ["Person"],
    }


@pytest.mark.parametrize(
    "stored",
    [
        {"colours": "rainbow"},
        {"glitter": 9},
        {"tags": ["auto"]},
        {"hide_by": None},
        {"max_boxes": "many"},
        {"show_confidence": 1},
    ],
)
def test_unknown_choices_are_passed_over(stored):
    """What another release wrote and this one does not know leaves the default."""
    assert Style.from_json(stored) == Style()


def test_whole_numbers_are_numbers():
    """A threshold without decimals is read as it is."""
    assert Style.from_json({"threshold_percent": 90}).threshold_percent == 90


@pytest.mark.parametrize("hide", ["Person", None, ["Person", 3], {"Person": True}])
def test_unreadable_hiding_is_refused(hide):
    """A style that should hide something, but does not say what, draws nothing."""
    with pytest.raises(ValueError, match="list of label names"):
        Style.from_json({"hide": hide})


def test_every_combination_draws():
    """Each choice of colours, tags and thickness gives another picture."""
    options = [
        Style(colours=colours, tags=tags, thickness=thickness)
        for colours in ("label", "confidence", "one")
        for tags in ("outside", "inside")
        for thickness in ("thin", "normal", "thick")
    ]

    assert len({drawn(style).tobytes() for style in options}) == len(options)


def test_one_colour_for_all():
    """In one colour, no label's own colour appears."""
    found = colours(drawn(Style(colours="one")))

    assert BLUE in found
    assert not {colour_of("Dog"), colour_of("Cat")} & set(found)


@pytest.mark.parametrize("percent", [81.0, 92.0, 99.0])
def test_colours_tell_confidence(percent):
    """By confidence, boxes have the colour of their step, which the strip explains."""
    image = drawn(Style(colours="confidence"), percent)

    assert image.getpixel((41, 200)) == band_of(percent)[1]
    assert band_of(percent)[1] in colours(image.crop((0, 300, *image.size)))


def test_thick_lines_are_thicker():
    """A thick line covers pixels that a usual one leaves to its halo."""
    usual, thick = (
        drawn(Style(thickness=thickness)).getpixel((42, 200)) for thickness in ("normal", "thick")
    )

    assert usual != colour_of("Dog") == thick


def test_confidence_can_be_hidden():
    """Without confidences the tags are shorter."""
    shown, hidden = (
        colours(drawn(Style(show_confidence=shown)))[colour_of("Dog")] for shown in (True, False)
    )

    assert shown > hidden


def test_tags_can_stand_inside():
    """Tags inside leave the ground above the boxes alone."""
    above = (0, 0, 400, 85)

    assert len(colours(drawn(Style(tags="inside")).crop(above))) == 1
    assert len(colours(drawn(Style(tags="outside")).crop(above))) > 1
