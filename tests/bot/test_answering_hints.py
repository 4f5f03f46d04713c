import time

import pytest

from bot.label_catalogue import Catalogue
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import TEAM, Channel
from tests.command_desk import CommandDesk


@pytest.fixture
def desk(database, slack):
    """A desk where nothing was typed yet."""
    return CommandDesk(database, slack)


@pytest.fixture
def many(slack):
    """The ids of sixty more public channels."""
    with slack.world.changed:
        ids = [f"C1{at:02}" for at in range(60)]
        for name in ids:
            members = ["U0ANA", "U0SPOTTER"]
            slack.world.channels[name] = Channel(name, name.lower(), "public", members, 0)
    return ids


def test_known_label_gets_no_hint(desk):
    """A label that was seen, in whatever case, raises no doubt."""
    desk.see("Mobile Phone")

    assert "\n" not in desk.type("watch mobile phone")


def test_typo_gets_suggestion(desk):
    """A typo in a label that was seen gets what was probably meant, and can be taken at once."""
    desk.see("Dog", "Mobile Phone")
    answer = desk.type("watch mobil phone")

    assert "\nDid you mean *Mobile Phone*? Then type `/labels watch Mobile Phone`." in answer
    assert answer.endswith("`/labels unwatch mobil phone`.")
    assert desk.own() == ["mobil phone"]


def test_never_seen_label(desk):
    """A label that nobody has seen is watched, with a word of caution."""
    assert desk.type("watch platypus").endswith(
        "\nIt is new to me, so check the spelling if nothing ever comes."
    )


def test_suggestions_stay_private(desk):
    """Labels of a channel that the asker may not see are neither suggested nor known."""
    desk.see("Platypus", channel="C0LAB")

    assert "Did you mean *Platypus*" in desk.type("watch platypos", person="U0ANA")
    assert "Platypus" not in desk.type("watch platypos")
    assert "new to me" in desk.type("watch platypus")
    assert "new to me" not in desk.type("watch platypus", person="U0ANA")


def test_withheld_since(desk):
    """A name that was seen before an admin withheld it is suggested no more."""
    desk.see("Platypus")
    assert "Did you mean *Platypus*" in desk.type("watch platypos")
    desk.withheld.change(TEAM, "platypus", is_withheld=True, person="U0ANA")

    assert "Platypus" not in desk.type("watch platypis")
    assert "an admin of this workspace withholds it" in desk.type("watch platypus")


def test_list_refuses_unknown(desk):
    """With Amazon's list an unknown name is refused, with what was probably meant."""
    desk.catalogue.replace(Catalogue({"Dog": (), "Mobile Phone": ()}))

    assert desk.type("watch dgo over 90%") == (
        "“dgo” is not on Amazon's list of labels. Did you mean “Dog”? "
        "For example: /labels watch Dog over 90%"
    )
    assert desk.own() == []


def test_guest_gets_own_channels(desk):
    """A guest gets suggestions from the channels they are in."""
    desk.see("Platypus", channel="C0ALERTS")

    elsewhere = desk.type("watch platypos", person="U0GUEST")
    desk.see("Platypus", channel="C0PHOTOS")
    own = desk.type("watch platypas", person="U0GUEST")

    assert "Platypus" not in elsewhere
    assert "Did you mean *Platypus*" in own


@pytest.mark.parametrize("text", ["watch platypos", "watch platypus", "watch zyxw"])
def test_no_hint_in_doubt(desk, slack, text):
    """While Slack does not say who may see what, nothing is said of any label, seen or not."""
    desk.see("Platypus")
    slack.faults.order("slack", "users.info", Fault("error", error="internal_error"))

    assert desk.type(text).endswith("in any channel you may see.")
    assert desk.own() == [text.removeprefix("watch ")]


@pytest.mark.parametrize(
    ("person", "text", "asked"),
    [
        ("U0BEN", "watch dog", [1, 1, 0]),
        ("U0BEN", "watch dogg", [1, 1, 0]),
        ("U0BEN", "watch zyxw", [1, 0, 0]),
        ("U0BEN", "watch dogg or carr or persn", [1, 1, 0]),
        ("U0GUEST", "watch dog", [1, 5, 5]),
        ("U0GUEST", "watch dogg", [1, 5, 5]),
    ],
)
def test_few_channels_are_asked(desk, slack, many, *, person, text, asked):
    """However many channels there are, Slack is asked about a few, and once about the person."""
    for channel in many:
        desk.see("Dog", "Car", "Person", channel=channel)
    desk.type(text, person=person)
    counts = [
        slack.ledger.count("slack", method)
        for method in ("users.info", "conversations.info", "conversations.members")
    ]

    assert counts == asked


def test_own_channel_first(desk, many):
    """The channel that the asker is in is among those that are asked about."""
    for channel in many:
        desk.see("Platypus", channel=channel)
    desk.see("Platypus", channel="C0PHOTOS")

    assert "Did you mean *Platypus*" in desk.type("watch platypos", person="U0GUEST")


def test_suggestion_keeps_time(desk, slack, many):
    """Where Slack is slow, the answer comes without a suggestion rather than too late."""
    for channel in many:
        desk.see("Platypus", channel=channel)
    slack.faults.order("slack", "conversations.info", Fault("slow", seconds=0.6), times=9)
    begun_s = time.monotonic()
    desk.type("watch platypos", person="U0GUEST")

    assert time.monotonic() - begun_s < 2.5
