import pytest

from bot.modal_fields import FieldsWrong
from bot.model import ShowSettings
from bot.sandbox.slack.blocks import check_view
from bot.settings_modal import (
    BY_LABEL,
    LABELS,
    THRESHOLD,
    build_settings_modal,
    read_percent,
    read_settings_modal,
)
from bot.withheld import Withholding

NOTHING_CHANGED = Withholding()
SET = ShowSettings(85.5, 5, {"Dog": 90.0, "Mobile Phone": 70.25}, {"colours": "one"})


def values(**typed):
    """What Slack sends of a window's fields; an empty one is null."""
    return {
        block: {block: {"type": "plain_text_input", "value": typed.get(block)}}
        for block in (THRESHOLD, LABELS, BY_LABEL)
    }


def wrong(**typed):
    """What is said about the fields."""
    with pytest.raises(FieldsWrong) as caught:
        read_settings_modal(values(**typed), before=ShowSettings(), withholding=NOTHING_CHANGED)
    return caught.value.words


def fields(view):
    """What stands in the fields of a window."""
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    return {name: element.get("initial_value") for name, element in elements.items()}


def read(before=None, **typed):
    """What a window asks for in which this was typed."""
    given = before or ShowSettings()
    return read_settings_modal(values(**typed), before=given, withholding=NOTHING_CHANGED)


@pytest.mark.parametrize("settings", [ShowSettings(), SET])
def test_window_comes_back(settings):
    """A window that is saved as it opened changes nothing; Slack takes it."""
    view = build_settings_modal(settings, channel="C1")

    assert check_view(view) == []
    assert view["private_metadata"] == "C1"
    assert read(settings, **fields(view)) == settings


def test_empty_means_default():
    """Emptied fields give the defaults back; what has no field stays."""
    assert read(SET) == ShowSettings(style={"colours": "one"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Dog 90", {"Dog": 90.0}),
        (
            "  Mobile   Phone:  70 %\n\n“Rubik's Cube” 99,5%",
            {"Mobile Phone": 70.0, "Rubik's Cube": 99.5},
        ),
        ("dog 80\nDog = 90", {"Dog": 90.0}),
    ],
)
def test_lines_are_read(typed, expected):
    """A line is a label and its percentage, however it is typed; the last one counts."""
    assert read(by_label=typed).by_label == expected


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"threshold": "54.99"}, {THRESHOLD: "A threshold is a number from 55 to 100."}),
        ({"threshold": "100.01"}, {THRESHOLD: "A threshold is a number from 55 to 100."}),
        ({"threshold": "high"}, {THRESHOLD: "A threshold is a number from 55 to 100."}),
        ({"max_labels": "0"}, {LABELS: "This is a whole number from 1 to 30."}),
        ({"max_labels": "31"}, {LABELS: "This is a whole number from 1 to 30."}),
        ({"max_labels": "²"}, {LABELS: "This is a whole number from 1 to 30."}),
        (
            {"by_label": "Dog 90\nCat"},
            {BY_LABEL: "Line 2 needs a label and its percentage, such as: Dog 90"},
        ),
        ({"by_label": "Dog 9"}, {BY_LABEL: "Line 1: A threshold is a number from 55 to 100."}),
        (
            {"by_label": "Dog 90\n\nDog, Cat 90"},
            {
                BY_LABEL: "Line 2: “Dog,” is more than a name: one label at a time,"
                ' or put one whole name in quotes ("Dog, Cat").'
            },
        ),
    ],
)
def test_errors_by_field(typed, said):
    """What is wrong is said for the field it is in."""
    assert wrong(**typed) == said


def test_all_errors_at_once():
    """Every field that is wrong is named, not the first alone."""
    typed = {"threshold": "x", "max_labels": "x", "by_label": "\n".join(["Dog 90"] * 51)}

    assert set(wrong(**typed)) == {THRESHOLD, LABELS, BY_LABEL}


@pytest.mark.parametrize(("typed", "percent"), [("55", 55.0), ("100 %", 100.0), ("79,99%", 79.99)])
def test_percent_is_read(typed, percent):
    """A percentage is read with comma or point, with or without its sign, both ends included."""
    assert read_percent(typed) == percent
