import pytest

from bot import commands
from bot.access import Access
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.watch_records import WatchRecords
from bot.answering import Asker
from bot.answering_keeping import KeepingAnswers
from bot.model import ChannelSettings
from bot.removing import Removing

TEAM = "T0SANDBOX"


@pytest.fixture
def ask(database, workspace):
    """Give the answer to a command; ana is an admin in the local Slack."""
    messages, watches = MessageRecords(database), WatchRecords(database)
    access = Access(workspace, TEAM)
    removing = Removing(JobIntake(database), messages, RemovalRecords(database), access)
    answering = KeepingAnswers(access, removing, watches, slash_command="/spot", keep_days=90)

    def ask(command, person="U0ANA"):
        asker = Asker(TEAM, person, "C0PHOTOS")
        return answering.answers[type(command)](asker, command)

    return ask


@pytest.fixture
def channel(database):
    """Give how the channel is set."""
    return lambda: WatchRecords(database).channel(TEAM, "C0PHOTOS")


def test_keep(ask, channel):
    """An admin sets for how long the channel's pictures are kept, and nothing else changes."""
    answer = ask(commands.Keep(30))
    assert channel() == ChannelSettings(keep_days=30)
    ask(commands.Keep(1))
    assert channel().keep_days == 1

    assert answer == (
        "Pictures and labels are kept for 30 days here. "
        "What is older is deleted within a day; replies in threads stay."
    )
    assert ask(commands.Keep(1)).startswith("Pictures and labels are kept for 1 day here.")


def test_keep_default(ask, channel):
    """The channel goes back to the days of the whole bot, whatever they will be."""
    ask(commands.Keep(30))
    answer = ask(commands.Keep(None))

    assert channel().keep_days is None
    assert answer.startswith("Pictures and labels are kept for 90 days here.")


@pytest.mark.parametrize("person", ["U0BEN", "U0GUEST", "U0NOBODY"])
def test_keep_is_for_admins(ask, channel, person):
    """Nobody but an admin sets it."""
    answer = ask(commands.Keep(30), person)

    assert answer == "Only admins can change how long pictures are kept."
    assert channel().keep_days is None


def test_opt_out_and_in(ask, database):
    """Opting out says what goes and how to undo it, under the name that people type here."""
    messages = MessageRecords(database)
    out = ask(commands.OptOut(), "U0BEN")
    is_out = messages.is_opted_out(TEAM, "U0BEN")
    back = ask(commands.OptIn(), "U0BEN")

    assert (is_out, messages.is_opted_out(TEAM, "U0BEN")) == (True, False)
    assert "are being deleted. `/spot optin` undoes this" in out
    assert "To stop that: `/spot optout`" in back
