"""`bot.former_names`, as the summary uses them."""

import pytest

from bot.model import Analysis, Instance, Label, RatioBox
from bot.summary import headline, summarise


def box(left):
    """Build a box in ratios."""
    return RatioBox(left, 0.4, 0.1, 0.2)


def label(name, percent=95.0, *boxes):
    """Build a label with boxes as sure as itself."""
    return Label(name, percent, tuple(Instance(each, percent) for each in boxes))


def told(*labels):
    """Word the headline of some labels."""
    return headline(summarise(Analysis(labels)))


@pytest.mark.parametrize(
    ("former", "current"),
    [("Human", "Person"), ("Automobile", "Car"), ("Bike", "Bicycle"), ("Apparel", "Clothing")],
)
def test_former_names_fold_away(former, current):
    """Model 2 gave one thing two names: only the one that model 3 kept is told."""
    here = box(0.1)

    assert told(label(former), label(current, 95.0, here)) == f"1 {current} (95 %)"
    assert told(label(former, 96.0, here), label(current, 95.0, here)) == f"1 {current} (95 %)"
    assert told(label(former), label(current)) == current


def test_former_name_alone_stays():
    """A former name is told where the current one is not shown, and for boxes of its own."""
    human, person = label("Human", 95.0, box(0.1)), label("Person", 95.0, box(0.6))

    assert told(label("Human"), label("Person", 60.0)) == "Human"
    assert told(human, person) == "1 Human (95 %), 1 Person (95 %)"
