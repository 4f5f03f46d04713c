"""`bot.hiding`: what a style hides stays hidden, whatever people are shown of it."""

import pytest

from bot.drawing_style import Style
from bot.hiding import Hiding, find_hidden
from bot.model import Analysis, Correction, Instance, Label, RatioBox, ShowSettings
from bot.shown import show
from bot.withheld import Withholding

LEFT, RIGHT = RatioBox(0.1, 0.2, 0.25, 0.6), RatioBox(0.6, 0.3, 0.25, 0.6)
WHOLE = RatioBox(0.0, 0.0, 1.0, 1.0)


def seen(name, *boxes, percent=95.0, parents=()):
    """A label with these boxes, all equally sure."""
    return Label(name, percent, tuple(Instance(box, percent) for box in boxes), tuple(parents))


def hidden(hide, labels, *corrections, **settings):
    """What is hidden of these labels after what people said about them."""
    answer = Analysis(tuple(labels))
    shown = show(
        answer,
        settings=ShowSettings(**settings),
        withholding=Withholding(),
        corrections=corrections,
    )
    return find_hidden(shown, Style(hide=tuple(hide)), answer=answer)


def test_withheld_things_are_hidden():
    """A child is hidden though no child is named, and the strip does not name it either."""
    child = [seen("Child", LEFT, parents=("Person",)), seen("Person", LEFT, RIGHT)]

    assert hidden(["Child"], child) == Hiding((LEFT,), ())
    assert hidden(["Person"], child) == Hiding((LEFT, RIGHT), ("Person",))


@pytest.mark.parametrize(
    "correction", [Correction("wrong", "Person"), Correction("rename", "Person", to="Statue")]
)
@pytest.mark.parametrize("boxes", [(LEFT, RIGHT), ()])
def test_corrections_never_uncover(correction, boxes):
    """What somebody says about a hidden label uncovers nothing of it."""
    assert hidden(["Person"], [seen("Person", *boxes)], correction).boxes == (boxes or (WHOLE,))


def test_renaming_cannot_uncover():
    """A box that is given the name of a hidden label does not stand for what has no box."""
    labels = [seen("Person"), seen("Doll", LEFT)]

    found = hidden(["Person"], labels, Correction("rename", "Doll", to="Person"))

    assert WHOLE in found.boxes


def test_corrections_hide_too():
    """What somebody gave the name of a hidden label is hidden."""
    found = hidden(["Face"], [seen("Doll", LEFT)], Correction("rename", "Doll", to="Face"))

    assert found == Hiding((LEFT,), ("Face",))


def test_each_name_for_itself():
    """A label with a box does not stand for another hidden label that has none."""
    labels = [seen("Person"), seen("Car", LEFT)]

    assert set(hidden(["Person", "Car"], labels).boxes) == {WHOLE, LEFT}


def test_own_threshold_counts():
    """A label that is shown from a lower percentage on can be hidden from there on."""
    labels = [seen("Person", percent=60.0)]

    assert hidden(["Person"], labels).boxes == ()
    assert hidden(["Person"], labels, by_label={"Person": 55.0}).boxes == (WHOLE,)
