import re

import pytest

from bot import errors
from bot.command_help import GROUPS, HELP
from tests.command_desk import CommandDesk


@pytest.fixture
def desk(database, slack):
    """A desk where nothing was typed yet."""
    return CommandDesk(database, slack)


@pytest.mark.parametrize("text", ["", "  ", "help", " HELP ", "“help”"])
def test_help_shows_every_command(desk, text):
    """Help, which is also for no words, shows every command with an example, in its group."""
    answer = desk.type(text)
    groups = [block["text"]["text"] for block in answer["blocks"]]

    for line in HELP:
        assert f"`/labels {line.usage}`" in answer["text"]
        assert f"`/labels {line.example}`" in answer["text"]
    assert answer["text"] == "\n\n".join(groups)
    assert [group.split("\n")[0] for group in groups[1:]] == [f"*{name}*" for name in GROUPS]


def test_help_about_one(desk):
    """Help about one command shows that one alone."""
    answer = desk.type("help watches")

    assert answer.startswith("`/labels watches`")
    assert "unwatch" not in answer


def test_unknown_word(desk):
    """An unknown word gets what was probably meant, with an example that works."""
    answer = desk.type("wach dog")

    assert answer == (
        "“wach” is not a command. Did you mean “watch”? For example: /labels watch dog"
    )
    assert desk.own() == []


def test_typed_markup_is_harmless(desk):
    """What was typed mentions nobody in the answer."""
    for text in ("<!channel>", "watch <!here>", "watch a &lt;b&gt;", "unwatch x & y"):
        assert not re.search("<[!@#]", desk.type(text))


def test_command_by_its_name(database, slack):
    """Every answer names the command by the name that people type here."""
    desk = CommandDesk(database, slack, "/spotter")
    desk.see("Dog")
    texts = ("wach dog", "watch over 9%", "watch dog", "watch dog", "watch dogg", "unwatch cat")
    answers = [desk.type(text) for text in (*texts, "mode", "help x", "help watch")]
    answers.append(desk.type("")["text"])

    assert not any("/labels" in answer for answer in answers)
    assert sum("/spotter" in answer for answer in answers) >= 9


def test_own_words_stay(database, slack):
    """What people type themselves is not renamed with the command."""
    desk = CommandDesk(database, slack, "/spotter")

    assert "*/labels*" in desk.type("watch /labels")
    assert "*/labels*" in desk.type("unwatch /labels")
    assert "“a/labels”" in desk.type("a/labels b")
    assert "/spotter watch" in desk.type("watch dog over /labels")


def test_database_away(desk):
    """While the records are away the asker hears so, through whoever answers for errors."""
    with desk.database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE watches")

    with pytest.raises(errors.RecordsUnavailable):
        desk.type("unwatch dog")


def test_help_explains_watches(desk):
    """Help on watches shows the language beside the commands."""
    said = desk.type("help watch")

    assert "`helmet missing where person`" in said
    assert "`tell #alerts`" in said


def test_examples_are_as_typed(desk):
    """An example has channels and people as they are typed, not as Slack sends them."""
    said = desk.type("watch dog tell #nowhere")

    assert "tell #alerts" in said
    assert "C012AB3CD" not in said
