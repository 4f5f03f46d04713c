import re

import pytest

from bot.alt_text import ALT_TEXT_MAX_CHARS, alt_text
from bot.model import Analysis, Instance, Label, RatioBox
from bot.summary import summarise


def box(left, top=0.4, width=0.1, height=0.2):
    """Build a box in ratios."""
    return RatioBox(left, top, width, height)


def label(name, percent=95.0, *boxes):
    """Build a label with boxes as sure as itself."""
    return Label(name, percent, tuple(Instance(each, percent) for each in boxes))


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (box(0.0, 0.0), "top left"),
        (box(0.45, 0.0), "top"),
        (box(0.9, 0.1), "top right"),
        (box(0.0), "left"),
        (box(0.45), "centre"),
        (box(0.9), "right"),
        (box(0.0, 0.8), "bottom left"),
        (box(0.45, 0.8), "bottom"),
        (box(0.9, 0.8), "bottom right"),
        (box(0.1, 0.1, 0.8, 0.8), "most of the picture"),
        (box(0.5, 0.0, 0.3, 1.0), "centre"),
        (box(-0.6, -0.6, 1.0, 1.0), "top left"),
        (box(1.2, 1.2), "bottom right"),
    ],
)
def test_places_by_visible_middle(where, place):
    """A box is placed by the ninth of the picture in which the middle of its visible part lies."""
    text = alt_text(summarise(Analysis((label("Dog", 95.0, where),))))

    assert text == f"Picture with 1 Dog ({place})."


@pytest.mark.parametrize(
    ("lefts", "places"),
    [
        ((0.9, 0.45, 0.0), "left, centre, right"),
        ((0.9, 0.88), "right"),
        ((0.0, 0.9, 0.88), "2 right, 1 left"),
    ],
)
def test_places_are_grouped(lefts, places):
    """Several boxes of a label are told by place, with counts where the places differ in them."""
    dogs = label("Dog", 95.0, *(box(left) for left in lefts))

    count = f"{len(lefts)} \N{MULTIPLICATION SIGN}"
    text = alt_text(summarise(Analysis((dogs, label("Beach", 90.0)))))

    assert text == f"Picture with {count} Dog ({places}). Also: Beach."


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ((), "Picture in which nothing was found at 80 % or more."),
        ((label("Beach"), label("Sea")), "Picture showing Beach, Sea."),
    ],
)
def test_alt_text_without_objects(labels, text):
    """A picture without objects has an alternative text as well."""
    assert alt_text(summarise(Analysis(labels))) == text


def test_alt_text_is_cut():
    """A long alternative text ends at a word and within 1,000 characters."""
    labels = tuple(label(f"Walk-In Closet {n}", 90.0) for n in range(100))

    text = alt_text(summarise(Analysis(labels), max_labels=100))

    assert ALT_TEXT_MAX_CHARS - 20 < len(text) <= ALT_TEXT_MAX_CHARS
    assert re.search(r" (Walk-In|Closet|\d+,) …$", text)
