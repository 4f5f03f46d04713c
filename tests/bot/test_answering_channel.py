import re
import time

import pytest

from bot.adapters.call_records import CallRecords
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import Accepted
from bot.adapters.removal_records import RemovalRecords
from bot.budget import Budget
from bot.label_catalogue import Catalogue
from bot.model import MessageRef, ShowSettings
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import TEAM
from tests.command_desk import CommandDesk

INVITE = "I am not in this channel. Type /invite <@U0SPOTTER> here, then post a picture."
HOW = "with _Label images_ in its menu, or :label: on it"
AWAY = "Slack does not answer me right now. Try again in a minute."


@pytest.fixture
def desk(database, slack):
    """A desk where nothing was typed yet."""
    return CommandDesk(database, slack)


def test_status(desk):
    """The status says how the channel is set and when the last picture was answered."""
    assert desk.type("status") == (
        "I am in this channel.\nEvery picture posted here is labelled.\n"
        "Pictures that other bots post here are left alone.\n"
        "I show what is at least 75 % sure, at most 8 labels.\n"
        "Pictures and labels are kept for 90 days here.\nLast picture answered here: none yet."
    )


def test_status_tells_settings(desk):
    """The status says what the channel's people have set about what is shown."""
    settings = ShowSettings(85.5, 1, {"Dog": 90.0, "A&B": 60.0}, {"hide": ["Person"]})
    desk.shows.change_settings(TEAM, "C0PHOTOS", lambda _: settings)

    assert desk.type("status").splitlines()[3:6] == [
        "I show what is at least 85.5 % sure, at most 1 label.",
        "With a confidence of their own: Dog 90 %, A&amp;B 60 %.",
        "Hidden in pictures: Person.",
    ]


def test_status_tells_opt_out(desk):
    """Who wants their pictures left alone is reminded of it, and nobody else."""
    RemovalRecords(desk.database).mark_person(TEAM, "U0BEN")
    line = "Your own pictures are left alone. `/labels optin` undoes that."

    assert line in desk.type("status").splitlines()
    assert line not in desk.type("status", person="U0ANA").splitlines()


def test_guest_sees_status(desk):
    """A guest sees how a channel of theirs is set, and hears that members alone set it."""
    assert desk.type("status", person="U0GUEST").startswith("I am in this channel.")
    assert desk.type("mode off", person="U0GUEST").startswith("Guests cannot change")


def test_status_after_picture(desk):
    """The last answered picture is told in the reader's own time."""
    message = MessageRef(TEAM, "C0PHOTOS", "1.0")
    with desk.database.begin() as connection:
        accepted = Accepted(message, "1.0", "U0ANA")
        desk.messages.accept(connection, accepted, files=[{"id": "F1"}])
    desk.messages.note_reply(message, 1, state="sent")
    last = desk.type("status").splitlines()[-1]

    assert re.fullmatch(
        r"Last picture answered here: <!date\^\d{10}\^\{date_short_pretty\} at \{time\}"
        r"\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>\.",
        last,
    )


def test_status_tells_limit(database, slack):
    """Where there is a monthly limit of calls, the status tells how much of it is used."""
    Budget(JobIntake(database), CallRecords(database), limit=2000, per_second=5).reserve()
    desk = CommandDesk(database, slack, "/labels", limit=2000)

    assert desk.type("status").splitlines()[-1] == "Rekognition calls this month: 1 of 2,000."


def test_status_counts_labels(desk):
    """Once Amazon's list is imported, the status tells how many names there are."""
    desk.catalogue.replace(Catalogue({"Dog": (), "TV": ()}, {"Television": "TV"}))

    assert desk.type("status").splitlines()[-1] == (
        "Names in watches are checked against Amazon's list: 2 labels, 1 other name for them, "
        "0 categories."
    )


def test_status_in_direct_message(desk):
    """A direct message with the bot is a channel like any other."""
    assert desk.type("status", channel="D0BEN").startswith("I am in this channel.")


def test_status_is_for_members(slack, desk):
    """Who may not see a channel is told nothing of it."""
    slack.leave("ana", "lab")

    assert "Last picture" not in desk.type("status", person="U0ANA", channel="C0LAB")


@pytest.mark.parametrize("text", ["status", "mode off", "mode bots on"])
@pytest.mark.parametrize("method", ["conversations.info", "users.info"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("rate_limited", retry_after="30"),
        Fault("error", error="internal_error"),
        Fault("html"),
    ],
    ids=lambda fault: fault.kind,
)
def test_slack_away(desk, slack, *, text, method, fault):
    """While Slack does not say who may see what, that is the answer, and nothing is set."""
    slack.faults.order("slack", method, fault)
    begun_s = time.monotonic()

    assert desk.type(text) == AWAY
    assert time.monotonic() - begun_s < 1
    assert desk.watches.channel(TEAM, "C0PHOTOS").mode == "auto"


@pytest.mark.parametrize("text", ["status", "mode off", "mode bots on"])
@pytest.mark.parametrize("channel", ["C0RANDOM", "C0PRIVATE"])
def test_invite(desk, text, channel):
    """Where the bot is not in the channel, the answer says how to bring it in."""
    assert desk.type(text, channel=channel) == INVITE


@pytest.mark.parametrize(
    ("text", "answer", "then"),
    [
        ("mode off", "Pictures posted here are left alone.", ("off", False)),
        (
            "MODE  Request",
            f"Pictures posted here are labelled only when somebody asks: {HOW}.",
            ("request", False),
        ),
        ("mode auto", "Every picture posted here is labelled.", ("auto", False)),
        ("mode bots on", "Pictures that other bots post here are labelled too.", ("auto", True)),
        ("mode bots off", "Pictures that other bots post here are left alone.", ("auto", False)),
    ],
)
def test_modes(desk, text, answer, then):
    """A mode is set for the channel, and the answer says what that means."""
    assert desk.type(text) == answer
    settings = desk.watches.channel(TEAM, "C0PHOTOS")
    assert (settings.mode, settings.bots_on) == then


def test_modes_are_kept_apart(desk):
    """Setting the mode leaves what is set for bots, and the other way round."""
    for text in ("mode bots on", "mode request"):
        desk.type(text)
    settings = desk.watches.channel(TEAM, "C0PHOTOS")

    assert (settings.mode, settings.bots_on) == ("request", True)
    assert "other bots" not in desk.type("status")


def test_modes_are_for_members(desk):
    """Who may not see a channel does not set how the bot works there."""
    answer = desk.type("mode off", person="U0BEN", channel="C0LAB")

    assert answer == "Only people in this channel can set how I work here."
    assert desk.watches.channel(TEAM, "C0LAB").mode == "auto"


def test_wrong_mode(desk):
    """A mode that there is not is answered with those that there are."""
    assert "auto, request, off" in desk.type("mode of")


def test_guest_changes_no_mode(desk):
    """A guest cannot switch a channel off for everybody."""
    answer = desk.type("mode off", person="U0GUEST")

    assert answer.startswith("Guests cannot change")
    assert "Every picture" in desk.type("status")
