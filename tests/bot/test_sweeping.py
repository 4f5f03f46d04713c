import pytest

from bot.access import Access
from bot.adapters.job_intake import JobIntake
from bot.adapters.keeping_records import KeepingRecords
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.render_records import RenderRecords
from bot.adapters.slack_files import SlackFiles
from bot.model import MessageRef
from bot.removing import Removing
from bot.render_requests import RenderRequests
from bot.sandbox.faults import Fault
from bot.sweeping import DONE, Sweeping

TEAM = "T0SANDBOX"


@pytest.fixture
def post(slack, database):
    """Post a file in the local Slack, and keep its message; the file's id."""

    def post(channel="photos"):
        ts = slack.post("ana", channel, [("a.png", b"not looked at")])
        message = next(m for m in slack.messages(channel) if m.ts == ts)
        with database.begin() as connection:
            accepted = Accepted(MessageRef(TEAM, message.channel, ts), ts, "U0ANA")
            MessageRecords(database).accept(
                connection, accepted, files=[{"id": name} for name in message.files]
            )
        return message.files[0]

    return post


@pytest.fixture
def sweeping(database, slack, workspace):
    """The sweep over the local Slack."""
    access = Access(workspace, TEAM)
    messages, removals = MessageRecords(database), RemovalRecords(database)
    removing = Removing(JobIntake(database), messages, removals, access)
    files = SlackFiles(
        workspace,
        token=slack.terms.bot_token,
        api_url=f"{slack.url}/api/",
        download_limit_bytes=1_000_000,
    )
    return Sweeping(
        KeepingRecords(database),
        removing,
        files,
        access,
        renders=RenderRequests(JobIntake(database), RenderRecords(database)),
        keep_days=90,
    )


@pytest.fixture
def deleted(database):
    """Tell which of some files are known to be deleted."""
    return lambda files: MessageRecords(database).deleted_among(TEAM, files)


def test_vanished_from_the_oldest_on(slack, sweeping, post, deleted):
    """Missing files are found from the oldest on, until three in a row are still there."""
    files = [post() for _ in range(8)]
    for number in (0, 1, 3, 7):
        slack.lose_file(files[number])
    found = sweeping.find_vanished([TEAM, "C0PHOTOS"])

    assert found == {"outcome": DONE}
    assert deleted(files) == {files[0], files[1], files[3]}
    assert slack.ledger.count("slack", "files.info") == 7


def test_each_channel(slack, sweeping, post, deleted):
    """Every channel has its turn, one after the other, also when the one before is empty now."""
    files = [post("lab"), post("photos")]
    place = ["", ""]
    for file_id in files:
        slack.lose_file(file_id)
        place = sweeping.next_channel(place)["place"]
        sweeping.find_vanished(place)

    assert sweeping.next_channel(place) == {"outcome": DONE, "place": place}
    assert deleted(files) == {*files}


def test_not_from_outside(slack, sweeping, post, deleted):
    """In a channel that the bot has left every file looks missing, and none is taken for that."""
    file_id = post("alerts")
    slack.leave("spotter", "alerts")
    sweeping.find_vanished([TEAM, "C0ALERTS"])

    assert deleted([file_id]) == set()


@pytest.mark.parametrize("error", ["not_visible", "access_denied", "some_new_error"])
def test_hidden_is_not_gone(slack, sweeping, post, deleted, error):
    """A file that Slack only hides is not taken for deleted."""
    file_id = post()
    slack.faults.order("slack", "files.info", Fault("error", error=error))
    sweeping.find_vanished([TEAM, "C0PHOTOS"])

    assert deleted([file_id]) == set()
