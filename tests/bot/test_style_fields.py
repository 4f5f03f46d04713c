import itertools

import pytest

from bot.drawing_style import Style
from bot.modal_fields import FieldsWrong
from bot.model import ShowSettings
from bot.sandbox.slack.blocks import check_view
from bot.settings_modal import build_settings_modal, read_settings_modal
from bot.style_fields import (
    COLOURS,
    CONFIDENCE,
    HIDE,
    HIDE_BY,
    TAGS,
    THICKNESS,
    read_style_fields,
    style_fields,
)
from bot.withheld import Withholding

SET = Style(
    show_confidence=False,
    colours="one",
    tags="inside",
    thickness="thick",
    hide=("Person", "License Plate"),
    hide_by="blur",
)


def as_sent(blocks):
    """What Slack sends of fields that nobody has touched."""
    sent = {}
    for block in (block for block in blocks if block["type"] == "input"):
        name, element = block["block_id"], block["element"]
        first = element.get("initial_option")
        value = {"selected_option": first} if first else {"value": element.get("initial_value")}
        sent[name] = {name: value}
    return sent


def read(before=None, **given):
    """The style that a window asks for in which this was typed or chosen."""
    values = as_sent(style_fields(before or Style()))
    for name, value in given.items():
        option = {"selected_option": {"value": value}}
        values[name] = {name: {"value": value} if name == HIDE else option}
    return read_style_fields(values, before=before or Style(), withholding=Withholding())


@pytest.mark.parametrize("style", [Style(), SET])
def test_fields_come_back(style):
    """Fields that are saved as they stood change nothing; Slack takes the whole window."""
    settings = ShowSettings(style=style.to_json())
    view = build_settings_modal(settings, channel="C1")
    sent = as_sent(view["blocks"])

    assert check_view(view) == []
    assert read_settings_modal(sent, before=settings, withholding=Withholding()) == settings


def test_every_choice_is_read():
    """Everything that can be chosen comes to be the style."""
    chosen = {
        COLOURS: "confidence",
        TAGS: "outside",
        THICKNESS: "thin",
        CONFIDENCE: "off",
        HIDE_BY: "blur",
    }
    style = read(**chosen, hide="person,  license   plate,Person")

    assert style == Style(
        show_confidence=False,
        colours="confidence",
        tags="outside",
        thickness="thin",
        hide=("person", "license plate"),
        hide_by="blur",
    )
    assert read(style, **{CONFIDENCE: "on", HIDE: ""}).to_json() == {
        "colours": "confidence",
        "tags": "outside",
        "thickness": "thin",
        "hide_by": "blur",
    }


def test_choices_are_what_style_knows():
    """Every choice in a menu is one that a style keeps."""
    menus = [block for block in style_fields(Style()) if "options" in block["element"]]
    choices = [
        (menu["block_id"], option["value"])
        for menu in menus
        for option in menu["element"]["options"]
        if menu["block_id"] != CONFIDENCE
    ]

    assert len(list(itertools.groupby(choices, key=lambda one: one[0]))) == 4
    for name, value in choices:
        assert getattr(Style.from_json({name: value}), name) == value


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Person, Woman", "“Woman” is withheld from everybody: it guesses somebody's gender"),
        ("dog over 90%", "“over” is more than a name"),
        ("dog and cat", "“and” is more than a name"),
        (",".join(f"label {at}" for at in range(21)), "At most 20 labels can be hidden."),
    ],
)
def test_names_that_cannot_be(typed, said):
    """What is no name, or is withheld so that no box is left, is refused with the reason."""
    with pytest.raises(FieldsWrong) as caught:
        read(hide=typed)

    assert caught.value.words[HIDE].startswith(said)
