import pytest

from bot.label_catalogue import Catalogue
from tests.command_desk import CommandDesk


@pytest.fixture
def desk(database, slack):
    """A desk where nothing was typed yet."""
    return CommandDesk(database, slack)


def test_watch(desk):
    """A watch is kept, and the answer says what will happen."""
    desk.see("Dog")

    assert desk.type("watch dog") == (
        "You now watch *dog*: I tell you in a direct message when somebody else posts a picture "
        "that shows it, in any channel you may see."
    )
    assert desk.own() == ["dog"]
    assert desk.own("U0ANA") == []


@pytest.mark.parametrize(
    "text",
    [
        "watch dog",
        "watch DOG",
        "  Watch   “Dog” ",
        "watch \u2018dog\u2019",
        'WATCH "dog"',
        "watch dog.",
    ],
)
def test_watch_twice(desk, text):
    """The same watch again, however it is typed, is said to be there already."""
    desk.type("watch dog")
    answer = desk.type(text)

    assert answer.startswith("You watch *")
    assert "already" in answer
    assert desk.own() == ["dog"]


def test_watch_over_percent(desk):
    """The same label with another threshold is another watch."""
    for text in ("watch dog", "watch dog over 90%", "watch dog over 90 percent"):
        desk.type(text)

    assert desk.own() == ["dog", "dog over 90%"]


def test_watch_nonsense(desk):
    """What cannot be a rule is explained with an example, and nothing is kept."""
    for text in ("watch over 90%", "watch dog over 900%", "watch not dog"):
        assert "For example: /labels watch" in desk.type(text)

    assert desk.own() == []


@pytest.mark.parametrize("text", ["watch woman", "watch WOMAN over 99%", "watch “Prayer Beads”"])
def test_withheld_is_not_watched(desk, text):
    """A label that is withheld is not watched, and the answer says why."""
    desk.see("Dog")
    answer = desk.type(text)

    assert answer.startswith("I do not say “")
    assert "guesses somebody's" in answer
    assert desk.own() == []


def test_other_name_is_one_watch(desk):
    """Another name for a label is the same watch, whichever is typed, and also to end it."""
    desk.type("watch cell phone")
    desk.catalogue.replace(Catalogue({"Mobile Phone": ()}, {"Cell Phone": "Mobile Phone"}))

    assert desk.type("watch mobile phone").startswith("You watch *mobile phone* already.")
    assert desk.type("unwatch mobile phone") == "You no longer watch *cell phone*."
    assert desk.type("watch cell phone").endswith(
        "\nRekognition calls “cell phone” *Mobile Phone*."
    )
    assert desk.own() == ["Mobile Phone"]


def test_unwatch(desk):
    """A label alone stops the one watch of it, whatever else that asks for."""
    for text in ("watch dog over 90% every 1h", "watch cat"):
        desk.type(text)

    assert desk.type("unwatch DOG") == "You no longer watch *dog over 90% every 1h*."
    assert desk.own() == ["cat"]


def test_unwatch_several(desk):
    """Where a label fits several watches they are named, and none is removed until one says all."""
    for text in ("watch dog", "watch dog over 90%", "watch cat"):
        desk.type(text)

    assert desk.type("unwatch DOG")["text"] == (
        "2 of your watches fit *DOG*. None is removed yet: which?\n"
        "`/labels unwatch all DOG` removes all of them.\n• *dog*\n• *dog over 90%*"
    )
    assert desk.own() == ["dog", "dog over 90%", "cat"]
    assert desk.type("unwatch all DOG") == "You no longer watch *dog* and *dog over 90%*."
    assert desk.own() == ["cat"]


def test_unwatch_exactly(desk):
    """With its threshold, one watch is stopped and its neighbours stay."""
    for text in ("watch dog", "watch dog over 90%"):
        desk.type(text)

    assert desk.type("unwatch dog over 90%") == "You no longer watch *dog over 90%*."
    assert desk.own() == ["dog"]


def test_unwatch_leaves_the_rest(desk):
    """A label alone stands for no watch that is about another label too."""
    rules = ("dog and cat", "dog missing where cat", "category:sports", "dog over 90%")
    for rule in rules:
        desk.type(f"watch {rule}")
    for rule in ("dog", "category:sports", "cat and dog"):
        desk.type(f"unwatch {rule}")

    assert desk.own() == ["dog missing where cat"]


def test_unwatch_what_is_not(desk):
    """Stopping a watch that is not there says so, and leaves other people's alone."""
    desk.type("watch dog", person="U0ANA")

    assert desk.type("unwatch dog") == (
        "You do not watch *dog*. `/labels watches` lists what you watch."
    )
    assert desk.own("U0ANA") == ["dog"]
