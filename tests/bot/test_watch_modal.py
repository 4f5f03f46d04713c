import json
import re

import pytest

from bot.modal_fields import FieldsWrong
from bot.rules import parse_rule
from bot.sandbox.slack.answering import state_json
from bot.sandbox.slack.blocks import check_view, settle
from bot.watch_modal import (
    COUNT,
    EVERY,
    LABELS,
    OVER,
    RULE,
    SIZE,
    FormContext,
    build_watch_modal,
    read_watch_modal,
)

CONTEXT = FormContext("C1", watch_id=7, reply_url="https://hooks.example/x", page=2)


def filled(opened_with=None, /, **values):
    """What Slack sends of a window in which some fields were filled in anew."""
    view = build_watch_modal(CONTEXT, opened_with)
    offered = {name: {"text": {}, "value": name} for name in values.get(LABELS, ())}
    return state_json(settle(view["blocks"]), values, offered=offered)["values"]


@pytest.mark.parametrize(
    "text",
    [
        None,
        '(dog or "Mac and Cheese") over 90% and not indoors in <#C012AB3CD> every 90m',
        "person at least 3 bigger than 10% from <@U012AB3CD> always tell <#C012AB3CD>",
        "dog over 90% or cat at most 2",
        "l" * 100,
    ],
)
def test_window_is_taken(text):
    """Slack takes the window, empty or with what a watch asks for, and it remembers its context."""
    view = build_watch_modal(CONTEXT, parse_rule(text) if text else None)

    assert check_view(view) == []
    assert FormContext.from_metadata(view["private_metadata"]) == CONTEXT


@pytest.mark.parametrize(
    "text",
    [
        "dog",
        '(dog or "Mac and Cheese") over 90% and not indoors in <#C012AB3CD> every 90m',
        "person at least 3 bigger than 10% from <@U012AB3CD> always tell <#C012AB3CD>",
        "dog and cat and not indoors every 1h",
        "dog over 90% or cat at most 2 in s3://cams/in",
    ],
)
def test_unchanged_window_changes_nothing(text):
    """A window that is saved as it opens asks for what the watch asks for."""
    rule = parse_rule(text)

    assert read_watch_modal(filled(rule)).key == rule.key


def test_window_is_a_line():
    """What is chosen in the fields is the rule of the line that says the same."""
    values = filled(**{LABELS: ["dog", "cat"], OVER: "92,5 %", COUNT: "2", EVERY: "1h"})

    assert str(read_watch_modal(values)) == str(
        parse_rule("(dog or cat) over 92.5% at least 2 every 1h")
    )


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (OVER, "900", "out of range"),
        (OVER, "sure", "This is a number, such as 3."),
        (OVER, "90% or cat", "This is a number"),
        (COUNT, "2.5", "2.5"),
        (COUNT, "0", "0"),
        (SIZE, "101", "out of range"),
    ],
)
def test_wrong_number_is_named(field, typed, words):
    """A number that cannot be is refused beside its own field."""
    with pytest.raises(FieldsWrong) as caught:
        read_watch_modal(filled(**{LABELS: ["dog"], field: typed}))

    assert list(caught.value.words) == [field]
    assert words in caught.value.words[field]


def test_label_is_asked_for():
    """Without a label there is nothing to watch."""
    with pytest.raises(FieldsWrong) as caught:
        read_watch_modal(filled())

    assert "Which label?" in caught.value.words[LABELS]


def test_wrong_line_is_explained():
    """A line that cannot be followed is refused beside it, with an example."""
    rule = parse_rule("dog at most 2")
    with pytest.raises(FieldsWrong) as caught:
        read_watch_modal(filled(rule, **{RULE: "dog over\n900%"}))

    assert "For example: dog over 90%" in caught.value.words[RULE]
    assert "/labels" not in caught.value.words[RULE]


def test_one_voice():
    """The window speaks to whoever looks at it, and never for them."""
    words = json.dumps(build_watch_modal(FormContext("C1")), ensure_ascii=False)

    assert "You, in a direct message" in words
    assert not re.search(r"\b(I|me|Me|my)\b", words)
