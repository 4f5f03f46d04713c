import pytest

from bot.adapters.watch_records import WatchRecords
from bot.welcoming import Welcoming

JOB = {"team": "T0SANDBOX", "channel": "C0ALERTS"}


@pytest.fixture
def watches(database):
    """The channels' settings."""
    return WatchRecords(database)


@pytest.fixture
def welcome(slack, workspace, watches):
    """A function that says hello in #alerts; what then stands there."""
    welcoming = Welcoming(
        workspace,
        watches,
        keep_days=90,
        slash_command="/spot",
        label_emoji="mag",
        opt_out_emoji="see_no_evil",
    )

    def say(key="k1", **settings):
        watches.change_channel(JOB["team"], JOB["channel"], **{"mode": "auto", **settings})
        welcoming.welcome(JOB, key)
        return [message.text for message in slack.messages("alerts")]

    return say


def test_welcome_says_what_matters(welcome):
    """A welcome says what is done, by whom, where it is kept, how long, and how to leave it."""
    (text,) = welcome()

    assert "When somebody posts an image here, I say in its thread what is in it." in text
    assert "What I look at goes to Amazon Rekognition" in text
    assert "this team's own S3 bucket keeps it for 90 days." in text
    assert "`/spot mode off` stops it." in text
    assert "`/spot optout`, or :see_no_evil: on a message of your own." in text
    assert len(text) < 500


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mode": "off"}, "but I am switched off in this channel."),
        ({"mode": "request"}, "when somebody asks: with _Label images_ in a message's menu, or"),
        ({"mode": "request"}, ":mag: on it"),
        ({"keep_days": 7}, "keeps it for 7 days."),
        ({"keep_days": 1}, "keeps it for 1 day."),
    ],
)
def test_welcome_of_channel(welcome, settings, words):
    """What a channel's people have set before is what the welcome says."""
    (text,) = welcome(**settings)

    assert words in text


def test_welcome_once(welcome):
    """A welcome that may stand there already is looked up, and not sent again."""
    welcome("k1")

    assert len(welcome("k1")) == 1
    assert len(welcome("k2")) == 2
