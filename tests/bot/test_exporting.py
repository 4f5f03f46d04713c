import datetime as dt

import pytest
from dbos import DBOSClient

from bot import errors
from bot.access import Access
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.library_records import LibraryRecords
from bot.adapters.message_records import Accepted
from bot.adapters.records import Records
from bot.adapters.rekognition import ANSWER_SETTINGS
from bot.answering import UNKNOWN_LINK, Answering, Asker
from bot.exporting import Exporting
from bot.exports import Scope
from bot.model import MessageRef

TEAM = "T0SANDBOX"
NOT_SEEN = (
    "There is no such channel, or it is not one that both you and Spotter are in. "
    "For example: /labels export csv in #photos"
)


@pytest.fixture
def exporting(workspace, database):
    """What takes requests."""
    library = LibraryRecords(database, ANSWER_SETTINGS, answered=("labelled",))
    return Exporting(Access(workspace, TEAM), JobIntake(database), library)


@pytest.fixture
def ask(exporting):
    """Type a command, and give the answer."""
    answering = Answering(exporting.answers, slash_command="/labels", label_emoji="label")
    return lambda text, person="U0BEN", channel="C0PHOTOS": answering.answer(
        Asker(TEAM, person, channel), text
    )


@pytest.fixture
def labelled(database):
    """Keep a labelled picture in a thread, posted a day ago by the clock of its time stamps."""

    def keep(channel, ts, *, thread_ts=None, outcome="labelled"):
        message, records = MessageRef(TEAM, channel, ts), Records(database)
        accepted = Accepted(message, thread_ts or ts, "U0ANA")
        with database.begin() as connection:
            records.messages.accept(connection, accepted, files=[{"id": "F1"}])
        facts = {"outcome": outcome, "sha256": "abc", "name": "x"}
        records.messages.note_picture(message, "F1", outcome=facts, sha256="abc")
        records.analyses.note_answer(TEAM, "abc", {"Labels": []})

    return keep


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


THREAD_TS, REPLY_TS = "1700000000.000100", "1700000050.000200"
ROOT = f"https://sandbox.slack.com/archives/C0PHOTOS/p{THREAD_TS.replace('.', '')}"
REPLY = (
    f"https://sandbox.slack.com/archives/C0PHOTOS/p{REPLY_TS.replace('.', '')}"
    f"?thread_ts={THREAD_TS}&amp;cid=C0PHOTOS"
)


@pytest.mark.parametrize("link", [ROOT, f"<{ROOT}|there>", REPLY])
def test_thread(ask, jobs, labelled, link):
    """Any message of a thread names it, also where the picture is a reply under mere words."""
    labelled("C0PHOTOS", REPLY_TS, thread_ts=THREAD_TS)
    answer = ask(f"export csv of {link}", channel="C0ALERTS")
    scope = {"channels": ["C0PHOTOS"], "since_s": None, "thread_ts": THREAD_TS, "ts": None}

    assert [args["scope"] for _, args in jobs()] == [scope]
    assert answer == (
        "I put the labels of the pictures of that thread into a CSV file, and send it to you in a "
        "direct message."
    )


def test_thread_since(ask, jobs, labelled):
    """Of a thread too only what came since a day can be asked for."""
    labelled("C0PHOTOS", THREAD_TS)
    answer = ask(f"export json since 2026-11-01 of {ROOT}")
    ((_, args),) = jobs()

    assert args["scope"]["since_s"] == dt.datetime(2026, 11, 1, tzinfo=dt.UTC).timestamp()
    assert "of that thread since 2026-11-01 (UTC) into a JSON file" in answer


@pytest.mark.parametrize(("person", "channel"), [("U0BEN", "C0LAB"), ("U0GUEST", "C0ALERTS")])
def test_unseen_thread_is_unknown(ask, jobs, labelled, person, channel):
    """A thread that the asker may not see is answered as one that is not there."""
    labelled(channel, THREAD_TS)
    known = ROOT.replace("C0PHOTOS", channel)
    nowhere = [known.replace("0000100", "0000199"), ROOT.replace("C0PHOTOS", "C0NONE"), ROOT]
    answers = {ask(f"export csv of {link}", person=person) for link in [known, *nowhere]}

    assert answers == {UNKNOWN_LINK}
    assert jobs() == []


def test_thread_at_work(ask, jobs, labelled):
    """A thread whose pictures have no answer yet has nothing to export."""
    labelled("C0PHOTOS", THREAD_TS, outcome="picture_broken")

    assert ask(f"export csv of {ROOT}") == UNKNOWN_LINK
    assert jobs() == []


def test_key_is_one_file(exporting, jobs):
    """What is requested twice under the same key, by the same person, is one file."""
    for person, key in [("U0BEN", "a"), ("U0BEN", "a"), ("U0BEN", "b"), ("U0ANA", "a")]:
        asker = Asker(TEAM, person, "C0PHOTOS")
        exporting.request(asker, Scope(("C0PHOTOS",)), file_format="csv", key=key)

    assert sorted(args["person"] for _, args in jobs()) == ["U0ANA", "U0BEN", "U0BEN"]


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
