import pytest
import sqlalchemy as sa
from dbos import DBOSClient
from slack_sdk import WebClient

from bot.access import Access
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.message_records import MessageRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.tables import OPT_OUTS
from bot.adapters.watch_records import WatchRecords
from bot.answering import Asker
from bot.commands import LabelLink
from bot.links import S3Link
from bot.model import MessageRef
from bot.posts import link_facts
from bot.requesting import Requesting
from bot.sandbox.faults import Fault

TEAM = "T0SANDBOX"
MESSAGE = MessageRef(TEAM, "C0PHOTOS", "1700000000.000100")
LINK = S3Link("cams", "park.jpg")


@pytest.fixture
def watches(database):
    """The channels' settings."""
    return WatchRecords(database)


@pytest.fixture
def requesting(slack, database, watches):
    """Stores requests, with the local Slack as the web side sees it, which waits for nothing."""
    client = WebClient(
        slack.terms.bot_token, base_url=f"{slack.url}/api/", timeout=2, retry_handlers=[]
    )
    return Requesting(
        JobIntake(database),
        Access(SlackWorkspace(client, patient=False), TEAM),
        messages=MessageRecords(database),
        watches=watches,
        slash_command="/spot",
        bot_user="U0SPOTTER",
    )


@pytest.fixture
def jobs(database):
    """A function that gives each stored job's name, lane and arguments by its id."""
    client = DBOSClient(system_database_engine=database.engine, serializer=SERIALIZER)

    def read():
        return {
            job.workflow_id: (job.name, job.queue_partition_key, job.input["args"][0])
            for job in client.list_workflows()
        }

    return read


def ask_for_link(requesting, channel="C0PHOTOS", person="U0ANA", at="1.2.3"):
    """Type a link; the answer."""
    return requesting.ask_for_link(Asker(TEAM, person, channel, at=at), LabelLink(LINK))


def test_request_is_stored_once(requesting, jobs):
    """What a person did is one job however often it is told; another person's is another."""
    for asker in ("U0ANA", "U0ANA", "U0BEN"):
        requesting.ask(MESSAGE, asker=asker, at="1700000009.000900")

    assert jobs() == {
        f"{MESSAGE.id}/asked/{asker}/1700000009.000900": (
            "take_request",
            asker,
            {**MESSAGE.columns(), "asker": asker},
        )
        for asker in ("U0ANA", "U0BEN")
    }


def test_words_where_bot_is_not(requesting, jobs):
    """Where the bot is not, whoever asks from the menu hears how to invite it; that is all."""
    message = MessageRef(TEAM, "C0RANDOM", "1.0")
    said = requesting.ask_in_words(message, asker="U0ANA", at="2.0")

    assert said == "I am not in this channel. Type /invite <@U0SPOTTER> here, then ask again."
    assert jobs() == {}


@pytest.mark.parametrize(
    "fault", [None, Fault("status", status=503), Fault("rate_limited", retry_after="30")]
)
def test_no_words_needed(slack, requesting, jobs, fault):
    """Where the bot is, or while Slack does not say, the request is stored without words."""
    if fault:
        slack.faults.order("slack", "conversations.info", fault)

    assert requesting.ask_in_words(MESSAGE, asker="U0ANA", at="2.0") == ""
    assert len(jobs()) == 1


def test_link_is_stored(slack, requesting, jobs):
    """A link is stored with the place where it was typed, and Slack is not asked about that."""
    assert ask_for_link(requesting).startswith(
        "I am on it: the answer comes here or, if I am not in here,"
    )
    assert jobs() == {
        f"{TEAM}/C0PHOTOS/link/U0ANA/1.2.3": (
            "label_link",
            "U0ANA",
            {"team": TEAM, "asker": "U0ANA", "place": "C0PHOTOS", "link": link_facts(LINK)},
        )
    }
    assert slack.ledger.entries("slack") == []


def test_each_link_is_a_job(requesting, jobs):
    """Typing the same link again later is another request."""
    ask_for_link(requesting, at="1.2.3")
    ask_for_link(requesting, at="1.2.4")

    assert len(jobs()) == 2


def test_link_where_switched_off(requesting, watches, jobs):
    """Where the bot is switched off a link is refused in words."""
    watches.change_channel(TEAM, "C0PHOTOS", mode="off")

    assert ask_for_link(requesting).startswith("I am switched off in this channel")
    assert jobs() == {}


def test_link_of_opted_out(database, requesting, jobs):
    """Who has opted out is told how to come back before anything is kept of their link."""
    with database.begin() as connection:
        connection.execute(sa.insert(OPT_OUTS).values(team=TEAM, person="U0ANA", since_s=1.0))

    assert "Type `/spot optin` first" in ask_for_link(requesting)
    assert jobs() == {}
