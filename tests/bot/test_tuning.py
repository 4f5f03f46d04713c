import pytest
from slack_sdk import WebClient

from bot import errors
from bot.access import Access
from bot.adapters.show_records import ShowRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.withheld_records import WithheldRecords
from bot.answering import AWAY, Asker
from bot.commands import OpenSettings
from bot.sandbox.faults import Fault
from bot.settings_modal import THRESHOLD
from bot.tuning import Tuning

BEN = Asker("T0SANDBOX", "U0BEN", "C0PHOTOS", "no trigger")
VALUES = {THRESHOLD: {THRESHOLD: {"value": "85"}}}


@pytest.fixture
def workspace(slack):
    """The local Slack as the web side sees it, which waits for nothing."""
    client = WebClient(
        slack.terms.bot_token, base_url=f"{slack.url}/api/", timeout=2, retry_handlers=[]
    )
    return SlackWorkspace(client, patient=False)


@pytest.fixture
def tuning(database, workspace):
    """Settings of a channel where nobody has set any."""
    access = Access(workspace, "T0SANDBOX")
    shows, withheld = ShowRecords(database), WithheldRecords(database)
    return Tuning(workspace, access, shows, withheld=withheld, bot_user="U0SPOTTER")


def test_window_came_too_late(tuning):
    """When Slack does not open the window any more, the asker is asked to type it again."""
    answer = tuning.answers[OpenSettings](BEN, OpenSettings())

    assert answer == "Slack did not open the window in time. Type it once more."


def test_where_bot_is_not(tuning):
    """Where the bot is not in the channel, the answer says how to bring it in."""
    elsewhere = Asker("T0SANDBOX", "U0BEN", "C0RANDOM")

    assert "/invite" in tuning.answers[OpenSettings](elsewhere, OpenSettings())


@pytest.mark.parametrize(
    "fault", [Fault("rate_limited", retry_after="30"), Fault("drop_before"), Fault("status")]
)
def test_slack_is_away(slack, tuning, database, fault):
    """When Slack does not say who may set the channel, nothing is saved, and the window says so."""
    slack.faults.order("slack", "users.info", fault)

    assert tuning.submit(BEN, VALUES) == {THRESHOLD: AWAY}
    assert ShowRecords(database).settings("T0SANDBOX", "C0PHOTOS").threshold_percent is None


def test_database_is_away(tuning, database):
    """When the database is away, the window says so and stays open."""
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE show_settings")

    assert tuning.submit(BEN, VALUES) == {THRESHOLD: str(errors.RecordsUnavailable())}
