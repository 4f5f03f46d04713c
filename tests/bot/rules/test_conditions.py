import pytest

from bot.errors import CommandError
from bot.rules import Term, parse_rule


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("over 90%", {"over_percent": 90.0}),
        ("OVER over 90 percent.", {"over_percent": 90.0}),
        ("over 85,5 %", {"over_percent": 85.5}),
        ("over 0.01", {"over_percent": 0.01}),
        ("over 100", {"over_percent": 100.0}),
        ("at least 3", {"at_least": 3}),
        ("at most 1000, at least 1", {"at_least": 1, "at_most": 1000}),
        ("at least 3 at least 3", {"at_least": 3}),
        ("bigger than 10%", {"bigger_than_percent": 10.0}),
        ("bigger 2.5 percent", {"bigger_than_percent": 2.5}),
        (
            "bigger than 1%, at most 4, over 2% at least 3",
            {"over_percent": 2.0, "at_least": 3, "at_most": 4, "bigger_than_percent": 1.0},
        ),
    ],
)
def test_conditions_are_read(text, conditions):
    """Conditions stand behind a label in any order, whatever their case, signs and commas."""
    assert parse_rule(f"mobile phone {text}").query == Term("mobile phone", **conditions)


@pytest.mark.parametrize(
    ("text", "problem", "example"),
    [
        ("over", "“over” needs a percentage", "over 90%"),
        ("over nine", "“nine” is not a percentage", "over 90%"),
        ("over -5", "“-5” is not a percentage", "over 90%"),
        ("over 0%", "“0%” is out of range", "over 90%"),
        ("over 0.001%", "“0.001%” is out of range", "over 90%"),
        ("over 100.5", "“100.5” is out of range", "over 90%"),
        (f"over {'9' * 400}", "is out of range", "over 90%"),
        ("over 90% over 80%", "“over 80%” contradicts", "over 90%"),
        ("bigger than", "“bigger than” needs a percentage", "bigger than 10%"),
        ("bigger than cat", "“cat” is not a percentage", "bigger than 10%"),
        ("at 3", "“at” goes on with “least” or “most”", "at least 3"),
        ("at least", "“at least” needs a number", "at least 3"),
        ("at least three", "“three” is not a whole number", "at least 3"),
        ("at least 0", "“0” is not a whole number", "at least 3"),
        ("at most 1001", "“1001” is not a whole number", "at most 3"),
        ("at least 90%", "how sure it is, is “over”", "over 90%"),
        ("at least 90 percent", "how sure it is, is “over”", "over 90%"),
        ("at most 0", "That there is none", "missing where person"),
        ("at least 3 at most 2", "never hold together", "at least 3"),
    ],
)
def test_refusal_keeps_label(text, problem, example):
    """A refused condition is named, and the example has the same label."""
    for label in ("dog", '"Mac and Cheese"'):
        with pytest.raises(CommandError) as caught:
            parse_rule(f"{label} {text}")

        assert problem in caught.value.facts["problem"]
        assert caught.value.facts["example"] == f"/labels watch {label} {example}"


def test_group_contradicts_its_label():
    """A condition of a group that can never hold together with a label's own is refused."""
    with pytest.raises(CommandError, match="“at least 3” and “at most 2”"):
        parse_rule("(dog at least 3 or cat) at most 2")
