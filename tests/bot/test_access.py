"""Who may see what, asked of the local Slack; long because its tables belong together."""

import logging

import pytest

from bot import errors
from bot.access import Access, Rights
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import Channel

TEAM = "T0SANDBOX"
CALLS = ("users.info", "conversations.info", "conversations.members")


@pytest.fixture
def access(workspace):
    """Access that asks the local Slack."""
    return Access(workspace, TEAM)


@pytest.fixture
def shared(slack):
    """A public channel that is shared with another organisation; ana is in it."""
    with slack.world.changed:
        members = ["U0ANA", "U0SPOTTER"]
        slack.world.channels["C0SHARED"] = Channel(
            "C0SHARED", "shared", "public", members, 0, is_ext_shared=True
        )


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("person", "channel", "expected"),
    [
        # ana is a member of all of these
        ("U0ANA", "C0PHOTOS", True),
        ("U0ANA", "C0LAB", True),
        ("U0ANA", "C0SHARED", True),
        ("U0ANA", "D0ANA", True),
        # ben is a full member of the team
        ("U0BEN", "C0RANDOM", True),
        ("U0BEN", "C0LAB", False),
        ("U0BEN", "C0SHARED", False),
        ("U0BEN", "D0ANA", False),
        # a guest sees what they are a member of
        ("U0GUEST", "C0PHOTOS", True),
        ("U0GUEST", "C0ALERTS", False),
        ("U0GUEST", "C0LAB", False),
        ("U0GUEST", "D0GUEST", True),
        # another bot is no person of the team
        ("U0CAMERA", "C0PHOTOS", True),
        ("U0CAMERA", "C0ALERTS", False),
        # nobody, nowhere
        ("U0NOBODY", "C0PHOTOS", False),
        ("U0ANA", "C0NOWHERE", False),
    ],
)
def test_who_may_see(access, person, channel, expected):
    """Members see their channels, full members also the team's own public ones."""
    assert access.may_see(person, channel) is expected


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0PHOTOS", True),
        ("C0LAB", True),
        ("D0ANA", True),
        ("C0SHARED", False),
        ("C0NOWHERE", False),
    ],
)
def test_whose_channel(access, channel, expected):
    """A channel is the team's own where nobody from outside is in it; in doubt it is not."""
    assert access.is_ours(channel) is expected


def test_full_member_outside_public(slack, access):
    """A full member sees a public channel that they are not in."""
    slack.leave("ben", "photos")

    assert access.may_see("U0BEN", "C0PHOTOS")


def test_who_leaves_private(slack, access):
    """Who has left a private channel no longer sees it, from the next question on."""
    before = access.may_see("U0ANA", "C0LAB")
    slack.leave("ana", "lab")

    assert before
    assert not access.may_see("U0ANA", "C0LAB")


@pytest.mark.parametrize(
    ("person", "expected"),
    [("U0ANA", True), ("U0BEN", False), ("U0GUEST", False), ("U0NOBODY", False)],
)
def test_who_is_admin(access, person, expected):
    """Slack's admins are admins; who is unknown is none."""
    assert access.is_admin(person) is expected


def test_admins_of_settings(slack, workspace):
    """Full members that the settings name are admins too, as long as Slack says who they are."""
    access = Access(workspace, TEAM, admins=("U0BEN", "U0GUEST"))

    assert access.is_admin("U0BEN")
    assert not access.is_admin("U0GUEST")
    slack.faults.order("slack", "users.info", Fault("error", error="internal_error"))
    assert not access.is_admin("U0BEN")


PEOPLE = {
    "full": {},
    "deactivated": {"deleted": True},
    "guest": {"is_restricted": True},
    "single-channel guest": {"is_restricted": True, "is_ultra_restricted": True},
    "stranger": {"is_stranger": True, "team_id": "T0OTHER"},
    "of another team": {"team_id": "T0OTHER"},
    "bot": {"is_bot": True},
}
CHANNELS = {
    "public": {"is_channel": True},
    "private": {"is_channel": True, "is_private": True},
    "old private": {"is_group": True, "is_private": True},
    "shared": {"is_channel": True, "is_ext_shared": True, "is_shared": True},
    "about to be shared": {"is_channel": True, "is_pending_ext_shared": True},
    "shared in the organisation": {"is_channel": True, "is_org_shared": True, "is_shared": True},
    "direct": {"is_im": True},
    "group": {"is_mpim": True, "is_private": True},
}


class Slack:
    """A workspace of one person and one channel."""

    def __init__(self, person, channel, *, is_member):
        self._person = {"id": "U1", "team_id": TEAM, **person}
        self._channel = {"id": "C1", **channel}
        self._is_member = is_member

    def person(self, _):
        """Give the person."""
        return self._person

    def channel(self, _):
        """Give the channel."""
        return self._channel

    def is_member(self, *_):
        """Say whether the person is in the channel."""
        return self._is_member


@pytest.mark.parametrize("where", CHANNELS)
@pytest.mark.parametrize("who", PEOPLE)
def test_everyone_everywhere(who, where):
    """Whoever is not deactivated sees as a member; others only as full members in public."""
    person, channel = PEOPLE[who], CHANNELS[where]
    as_member = Access(Slack(person, channel, is_member=True), TEAM).may_see("U1", "C1")
    as_other = Access(Slack(person, channel, is_member=False), TEAM).may_see("U1", "C1")

    assert as_member is (who != "deactivated")
    assert as_other is (who == "full" and where == "public")


@pytest.mark.parametrize("where", CHANNELS)
@pytest.mark.parametrize("who", PEOPLE)
def test_strangers_may_not_ask(who, where):
    """Who may see may ask, members from outside the team aside."""
    access = Access(Slack(PEOPLE[who], CHANNELS[where], is_member=True), TEAM)
    outside = who in {"stranger", "of another team"}

    assert access.may_ask("U1", "C1") is (access.may_see("U1", "C1") and not outside)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "fault",
    [
        Fault("error", error="internal_error"),
        Fault("status", status=503),
        Fault("html"),
        Fault("drop_before"),
        Fault("cut"),
    ],
    ids=lambda fault: f"{fault.kind} {fault.error}",
)
def test_in_doubt_no_yes(slack, access, call, fault):
    """While Slack does not say, nobody hears that they may see."""
    slack.faults.order("slack", call, fault)

    with pytest.raises(errors.SlackUnknown):
        access.may_see("U0ANA", "C0LAB")


@pytest.mark.parametrize("call", CALLS)
def test_refusal_is_no(slack, access, caplog, call):
    """What Slack refuses to say is a no, and the log says why."""
    slack.faults.order("slack", call, Fault("error", error="missing_scope"))
    with caplog.at_level(logging.INFO):
        seen = access.may_see("U0ANA", "C0LAB")

    assert not seen
    assert "access_denied" in caplog.text


@pytest.mark.parametrize(
    ("person", "channel", "expected"),
    [
        ("U0ANA", "C0LAB", Rights(bot_is_in=True, sees=True, is_full_member=True)),
        ("U0BEN", "C0LAB", Rights(bot_is_in=True, sees=False, is_full_member=True)),
        ("U0GUEST", "C0PHOTOS", Rights(bot_is_in=True, sees=True, is_full_member=False)),
        ("U0ANA", "C0RANDOM", Rights()),
        ("U0NOBODY", "C0PHOTOS", Rights(bot_is_in=True)),
    ],
)
def test_rights(slack, access, person, channel, expected):
    """All rights in a channel are told, and nothing is asked of Slack twice."""
    assert access.rights(person, channel) == expected
    assert all(slack.ledger.count("slack", call) <= 1 for call in CALLS)


def test_without_team_a_stranger():
    """Somebody of whom Slack does not say which team they belong to is from outside."""
    slack = Slack({"team_id": None}, CHANNELS["public"], is_member=False)

    assert not Access(slack, TEAM).may_see("U1", "C1")


def test_visible_channels(slack, access):
    """Of many channels those that a person may see are told, with one question about the person."""
    asked = ["C0PHOTOS", "C0LAB", "C0ALERTS", "C0NOWHERE", "D0ANA"]

    assert list(access.visible("U0BEN", asked)) == ["C0PHOTOS", "C0ALERTS"]
    assert slack.ledger.count("slack", "users.info") == 1
    assert list(access.visible("U0GUEST", asked)) == ["C0PHOTOS"]
    assert list(access.visible("U0NOBODY", asked)) == []


@pytest.mark.parametrize("call", CALLS)
def test_visible_needs_slack(slack, access, call):
    """While Slack does not say, the asker hears that it does not."""
    slack.faults.order("slack", call, Fault("error", error="internal_error"))

    with pytest.raises(errors.SlackUnknown):
        list(access.visible("U0ANA", ["C0LAB"]))


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0PHOTOS", True),
        ("C0RANDOM", True),
        ("C0LAB", False),
        ("D0ANA", False),
        ("C0SHARED", False),
        ("C0NO", False),
    ],
)
def test_is_public(access, channel, expected):
    """A channel is public when any full member may look in, and nobody from outside."""
    assert access.is_public(channel) is expected


def test_is_public_in_doubt(slack, access):
    """While Slack does not say, no channel is public."""
    slack.faults.order("slack", "conversations.info", Fault("error", error="internal_error"))

    assert not access.is_public("C0PHOTOS")


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("C0PHOTOS", True), ("C0LAB", True), ("D0ANA", True), ("C0RANDOM", False), ("C0NO", False)],
)
def test_is_bot_in(access, channel, expected):
    """The bot knows where it is itself."""
    assert access.is_bot_in(channel) is expected


@pytest.mark.parametrize("who", PEOPLE)
def test_full_members(who):
    """Only people of the team itself are full members: no guest, stranger or bot, nobody gone."""
    slack = Slack(PEOPLE[who], {}, is_member=True)

    assert Access(slack, TEAM).is_full_member("U1") is (who == "full")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("error", error="missing_scope"), errors.SlackRefused),
        (Fault("error", error="internal_error"), errors.SlackUnknown),
        (Fault("status", status=503), errors.SlackUnknown),
    ],
)
def test_membership_needs_slack(slack, access, fault, error):
    """While Slack does not say who somebody is, that is no answer; nobody is no member."""
    slack.faults.order("slack", "users.info", fault)
    with pytest.raises(error):
        access.is_full_member("U0ANA")

    assert access.is_full_member("U0ANA")
    assert not access.is_full_member("U0NOBODY")
