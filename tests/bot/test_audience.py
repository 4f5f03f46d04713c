from types import SimpleNamespace

import pytest

from bot.access import Access
from bot.audience import Audience
from bot.model import NO_ACCESS, Watch
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import BOT_USER, Channel, Person

TEAM = "T0SANDBOX"


@pytest.fixture
def clock():
    """A clock that stands still until a test sets it."""
    return SimpleNamespace(now_s=0.0)


@pytest.fixture
def audience(workspace, clock):
    """The audience in the local Slack, with more channels, and people from outside."""
    return Audience(workspace, Access(workspace, TEAM), clock=lambda: clock.now_s)


@pytest.fixture(autouse=True)
def town(slack):
    """More channels: private ones, and some that are shared with another organisation."""
    ana, ben, guest, other = "U0ANA", "U0BEN", "U0GUEST", "U0OTHER"
    rows = [
        ("C0DEN", "private", [ana]),
        ("C0VAULT", "private", [ana, ben]),
        ("C0GUESTS", "private", [ana, guest]),
        ("C0CAMERA", "private", [ana, "U0CAMERA"]),
        ("C0HALL", "public", [ana, ben, "U0CAMERA"]),
        ("C0MEET", "private", [ana, other]),
        ("C0FAIR", "public", [ana, other]),
    ]
    with slack.world.changed:
        slack.world.people[other] = Person(other, "other", "Other", team="T0OTHER")
        for name, kind, members in rows:
            shared = other in members
            slack.world.channels[name] = Channel(
                name, name, kind, [*members, BOT_USER], 0, is_ext_shared=shared
            )
    return slack


def watch(target="", owner="U0ANA", watch_id=1):
    """A watch of everything that shows a dog."""
    return Watch(watch_id, TEAM, owner, "dog", target)


def barred(audience, channel, target="", owner="U0ANA"):
    """Why such a watch must not tell of a channel; None where it may."""
    return audience.barred([watch(target, owner)], channel).get(1)


@pytest.mark.parametrize(
    ("source", "target", "may"),
    [
        # into the same channel
        ("C0PHOTOS", "C0PHOTOS", True),
        ("C0LAB", "C0LAB", True),
        ("C0MEET", "C0MEET", True),
        # from a public channel: to wherever there are only full members, and the team's bots
        ("C0PHOTOS", "C0ALERTS", True),
        ("C0PHOTOS", "C0HALL", True),
        ("C0ALERTS", "C0VAULT", True),
        ("C0ALERTS", "C0CAMERA", True),
        # guests see what they are in
        ("C0ALERTS", "C0PHOTOS", False),
        ("C0ALERTS", "C0GUESTS", False),
        ("C0PHOTOS", "C0GUESTS", True),
        # people from outside see no public channel of ours
        ("C0ALERTS", "C0MEET", False),
        ("C0ALERTS", "C0FAIR", False),
        # from a private channel: only to private ones whose members are all in it
        ("C0LAB", "C0ALERTS", False),
        ("C0LAB", "C0DEN", True),
        ("C0DEN", "C0VAULT", False),
        ("C0VAULT", "C0DEN", True),
        ("C0LAB", "C0GUESTS", False),
        ("C0LAB", "C0CAMERA", False),
        # what is shared is not for the whole team either
        ("C0FAIR", "C0ALERTS", False),
        ("C0FAIR", "C0VAULT", False),
        ("C0FAIR", "C0DEN", True),
        ("C0MEET", "C0FAIR", False),
        # nowhere
        ("C0NOWHERE", "C0ALERTS", False),
    ],
)
def test_channel_target(audience, source, target, may):
    """A channel is told only what everybody who may read it may see."""
    assert (barred(audience, source, target) is None) is may
    assert audience.may_see(target, source) is may


def test_owner_sees_too(audience, slack):
    """A channel's watch tells nothing of what its owner may not see, also into that channel."""
    slack.world.channels["C0DEN"].members.append("U0BEN")

    assert barred(audience, "C0LAB", "C0LAB", "U0BEN") == NO_ACCESS
    assert barred(audience, "C0ALERTS", "C0HALL", "U0BEN") is None
    both = [watch("C0DEN", owner, at) for at, owner in enumerate(("U0ANA", "U0BEN"))]
    slack.world.channels["C0VAULT"].members.remove("U0BEN")
    slack.world.channels["C0DEN"].members.remove("U0BEN")
    assert audience.barred(both, "C0VAULT") == {1: NO_ACCESS}


def test_person(audience, slack):
    """A person is told what they may see, by what holds now."""
    assert barred(audience, "C0VAULT", owner="U0BEN") is None
    slack.world.channels["C0VAULT"].members.remove("U0BEN")

    assert barred(audience, "C0VAULT", owner="U0BEN") == NO_ACCESS
    assert audience.may_see("U0BEN", "C0ALERTS")
    assert not audience.may_see("U0BEN", "C0VAULT")


@pytest.mark.parametrize("target", ["", "C0ALERTS", "C0PHOTOS"])
def test_deactivated_owner(audience, slack, target):
    """Who is deactivated is told nothing, and neither is a channel for them."""
    slack.world.people["U0BEN"].is_deactivated = True

    assert barred(audience, "C0PHOTOS", target, "U0BEN") == "deactivated"


@pytest.mark.parametrize(
    ("target", "why"), [("C0ALERTS", "bot_removed"), ("C0VAULT", "bot_removed")]
)
def test_bot_removed(audience, slack, target, why):
    """A channel that the bot was removed from cannot be told, be it public or private."""
    slack.world.channels[target].members.remove(BOT_USER)

    assert barred(audience, "C0PHOTOS", target) == why


def test_archived(audience, slack):
    """A channel that is archived cannot be told."""
    slack.archive("alerts")

    assert barred(audience, "C0PHOTOS", "C0ALERTS") == "archived"


@pytest.mark.parametrize("call", ["conversations.members", "users.info"])
def test_refusal_is_no(audience, slack, call):
    """Where Slack refuses to say who is in a channel, or who they are, it is not told."""
    slack.faults.order("slack", call, Fault("error", error="access_denied"))

    assert barred(audience, "C0PHOTOS", "C0ALERTS") == NO_ACCESS


def test_few_calls(audience, slack):
    """A picture in the channel itself takes as many calls as one that a person is told of."""
    audience.barred([watch("C0PHOTOS", watch_id=at) for at in range(5)], "C0PHOTOS")

    assert [entry.call for entry in slack.ledger.entries("slack")] == [
        "users.info",
        "conversations.info",
    ]


def test_newcomer_is_asked_about(audience, slack):
    """Who is in a channel is never remembered: a guest who has just joined is found."""
    assert barred(audience, "C0ALERTS", "C0VAULT") is None
    slack.world.channels["C0VAULT"].members.append("U0GUEST")

    assert barred(audience, "C0ALERTS", "C0VAULT") == NO_ACCESS


def test_many_readers(audience, slack, clock):
    """The people of a large channel are looked up together, and again after some minutes."""
    with slack.world.changed:
        for number in range(30):
            user = f"U0CROWD{number}"
            slack.world.people[user] = Person(user, user.lower(), "Somebody")
            slack.world.channels["C0VAULT"].members.append(user)
    assert barred(audience, "C0ALERTS", "C0VAULT") is None
    assert slack.ledger.count("slack", "users.list") == 1
    assert slack.ledger.count("slack", "users.info") == 1
    assert barred(audience, "C0ALERTS", "C0VAULT") is None
    assert slack.ledger.count("slack", "users.list") == 1
    slack.world.people["U0CROWD7"].is_restricted = True
    clock.now_s = 301.0

    assert barred(audience, "C0ALERTS", "C0VAULT") == NO_ACCESS
