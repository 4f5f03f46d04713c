import pytest

from bot.promised import word, word_if_any
from handlers.trouble import UNREADABLE


def test_word():
    """A word is read as it stands, an empty one too."""
    assert [word({"ts": said}, "ts") for said in ("1.0", "")] == ["1.0", ""]


@pytest.mark.parametrize("said", [{}, {"ts": None}, {"ts": 1.0}, {"ts": ["1.0"]}, {"ts": "1\0"}])
def test_no_word(said):
    """What is missing or no word is the sender's mistake."""
    with pytest.raises(UNREADABLE):
        word(said, "ts")


def test_first_word():
    """Of several fields the first one counts that says something, and none need be there."""
    said = {"name": "", "title": "Park", "user": None}

    assert word_if_any(said, "name", "title") == "Park"
    assert word_if_any(said, "user", "bot_id") == ""


@pytest.mark.parametrize("value", [1, ["a"], {"id": "a"}, "a\0"])
def test_first_is_no_word(value):
    """Where the first of them is no word, the next one does not help."""
    with pytest.raises(UNREADABLE):
        word_if_any({"name": value, "title": "Park"}, "name", "title")
