import pytest

from bot.rules import label_key, suggest


def test_keys_forgive_spelling():
    """Labels are compared without regard to case, quotes' shape, spaces and composition."""
    assert label_key("FARMER\u2019S  MARKET") == label_key("Farmer's Market")
    assert label_key("CAN\u0303O") == label_key("caño")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dgo", "Dog"),
        ("dogs", "Dog"),
        ("a dog", "Dog"),
        ("moblie phone", "Mobile Phone"),
        ("DOG", None),
        ("xylophone", None),
        ("", None),
    ],
)
def test_suggest_meant_label(typed, meant):
    """The closest known label is suggested, unless nothing is close or it is known already."""
    assert suggest(typed, ["Cat", "Dog", "Mobile Phone"]) == meant


def test_suggest_without_known():
    """Where no label is known, none is suggested."""
    assert suggest("dog", []) is None
