import datetime as dt

import pytest
from dbos import DBOSClient

from bot import errors
from bot.access import Access
from bot.adapters.jobs import SERIALIZER, JobIntake
from bot.answering import Answering, Asker
from bot.exporting import Exporting
from bot.exports import Scope

TEAM = "T0SANDBOX"
NOT_SEEN = (
    "There is no such channel, or it is not one that both you and Spotter are in. "
    "For example: /labels export csv in #photos"
)


@pytest.fixture
def exporting(workspace, database):
    """What takes requests."""
    return Exporting(Access(workspace, TEAM), JobIntake(database))


@pytest.fixture
def ask(exporting):
    """Type a command, and give the answer."""
    answering = Answering(exporting.answers, slash_command="/labels", label_emoji="label")
    return lambda text, person="U0BEN", channel="C0PHOTOS": answering.answer(
        Asker(TEAM, person, channel), text
    )


@pytest.fixture
def jobs(database):
    """Give the arguments of all jobs."""
    client = DBOSClient(system_database_engine=database.engine, serializer=SERIALIZER)
    yield lambda: [(job.queue_name, job.input["args"][0]) for job in client.list_workflows()]
    client.destroy()


def test_job_holds_ids(ask, jobs):
    """What is asked for becomes one job, whose arguments are ids and a time."""
    answer = ask("export csv since 2026-11-01 in <#C0ALERTS|alerts>")
    since_s = dt.datetime(2026, 11, 1, tzinfo=dt.UTC).timestamp()
    scope = {"channels": ["C0ALERTS"], "since_s": since_s, "thread_ts": None, "ts": None}

    assert jobs() == [
        ("exports", {"team": TEAM, "person": "U0BEN", "format": "csv", "scope": scope})
    ]
    assert answer == (
        "I put the labels of the pictures posted in <#C0ALERTS> since 2026-11-01 (UTC) into a CSV "
        "file, and send it to you in a direct message."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("export json", "posted here into a JSON file"),
        ("export coco since 7d", "posted here in the last 7 days into a COCO file"),
        ("export csv since 36h", "posted here in the last 36 hours into a CSV file"),
        ("export csv since 1h", "posted here in the last hour into"),
        ("export csv since 24h in <#C0PHOTOS|photos>", "posted here in the last day into"),
    ],
)
def test_answer_says_what_comes(ask, text, words):
    """The answer says which pictures, from when on, and what becomes of them."""
    assert words in ask(text)


def test_age_counts_from_now(ask, jobs):
    """An age is counted back from when it is typed."""
    ask("export csv since 7d")
    ((_, args),) = jobs()
    week_ago = dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=7)

    assert abs(args["scope"]["since_s"] - week_ago.timestamp()) < 60


@pytest.mark.parametrize("person", ["U0BEN", "U0GUEST"])
@pytest.mark.parametrize("where", ["#lab", "<#C0LAB|>", "<#C0LAB|lab>", "#nowhere", "<#C0NONE|x>"])
def test_unseen_is_unknown(ask, jobs, person, where):
    """A private channel of others is answered in the very words of one that does not exist."""
    assert ask(f"export csv in {where}", person=person) == NOT_SEEN
    assert jobs() == []


def test_guest_in_public_channel(ask, jobs):
    """A guest who is not a member of a public channel gets nothing from it."""
    assert ask("export csv in <#C0ALERTS|alerts>", person="U0GUEST") == NOT_SEEN
    assert jobs() == []


def test_member_of_private_channel(ask, jobs):
    """A member of a private channel may export it, typed there or named."""
    ask("export csv", person="U0ANA", channel="C0LAB")
    ask("export csv in <#C0LAB|>", person="U0ANA")

    assert [args["scope"]["channels"] for _, args in jobs()] == [["C0LAB"]] * 2


def test_own_direct_messages(slack, ask, jobs):
    """In the direct messages with the bot it is about those; nobody else can name them."""
    place = slack.world.direct("U0BEN").id
    answer = ask("export csv", channel=place)

    assert "posted here" in answer
    assert [args["scope"]["channels"] for _, args in jobs()] == [[place]]
    assert ask(f"export csv in <#{place}|>", person="U0ANA") == NOT_SEEN


def test_day_to_come(ask, jobs):
    """A day that has not begun is refused."""
    assert ask("export csv since 2999-01-01").startswith("That day is still to come.")
    assert jobs() == []


def test_several_channels(exporting, jobs):
    """Of several channels one that the asker may see is enough; the job sorts out the rest."""
    asker = Asker(TEAM, "U0BEN", "C0PHOTOS")
    exporting.request(asker, Scope(("C0LAB", "C0PHOTOS")), file_format="json")
    with pytest.raises(errors.ChannelNotSeen):
        exporting.request(asker, Scope(("C0LAB", "C0NONE")), file_format="json")

    assert [args["scope"]["channels"] for _, args in jobs()] == [["C0LAB", "C0PHOTOS"]]
