import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from bot.access import Access
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.tables import MESSAGES
from bot.model import MessageRef
from bot.removing import Removing

TEAM = "T0SANDBOX"
MESSAGE = MessageRef(TEAM, "C0PHOTOS", "1.0")
OTHER = MessageRef(TEAM, "C0LAB", "2.0")


@pytest.fixture
def removing(database, workspace):
    """Requests to an empty database; ana is an admin in the local Slack."""
    access = Access(workspace, TEAM)
    return Removing(JobIntake(database), MessageRecords(database), RemovalRecords(database), access)


@pytest.fixture
def accept(database):
    """Accept messages of ben."""

    def accept(message, *file_ids, poster="U0BEN"):
        with database.begin() as connection:
            accepted = Accepted(message, message.ts, poster)
            MessageRecords(database).accept(
                connection, accepted, files=[{"id": name} for name in file_ids]
            )
        return MessageRecords(database).replies(message)[0].key

    return accept


@pytest.fixture
def jobs(database):
    """Give what each stored job was asked to do, by the job's id."""

    def jobs():
        client = DBOSClient(system_database_engine=database.engine, serializer=SERIALIZER)
        return {job.workflow_id: job.input["args"][0] for job in client.list_workflows()}

    return jobs


@pytest.fixture
def states(database):
    """Give the state of each message."""

    def states():
        with database.begin() as connection:
            rows = connection.execute(sa.select(MESSAGES.c.ts, MESSAGES.c.state))
            return {row.ts: row.state for row in rows}

    return states


def mark(removing):
    """Mark what goes as a whole, as the worker does."""
    while removing.mark_next(at_most=2):
        pass


def test_message_is_one_job(removing, accept, jobs, states):
    """A message that is taken away, twice even, is one job, which names nothing of it."""
    key = accept(MESSAGE, "F1")
    for _ in range(2):
        removing.take_away(MESSAGE, also_unknown=True)

    assert states() == {"1.0": "gone"}
    assert jobs() == {f"forget/{key}": {"key": key, "position": None}}


def test_unknown_needs_no_job(removing, jobs, states):
    """Of a message that has not arrived there is nothing to forget."""
    removing.take_away(MESSAGE, also_unknown=True)
    removing.take_away(OTHER, also_unknown=False)

    assert (states(), jobs()) == ({"1.0": "gone"}, {})


@pytest.mark.parametrize(
    ("poster", "author", "expected"),
    [
        ("U0BEN", "U0BEN", True),
        ("U0ANA", "U0ANA", False),
        ("U0BEN", "U0SPOTTER", True),
        ("U0ANA", "U0BEN", False),
        (None, "U0BEN", True),
        (None, "U0ANA", False),
        (None, "", False),
    ],
)
def test_only_poster_withdraws(removing, accept, states, *, poster, author, expected):
    """A message is withdrawn by its poster: who asked, where the bot posted it for somebody."""
    if poster:
        accept(MESSAGE, "F1", poster=poster)
    is_withdrawn = removing.withdraw(MESSAGE, person="U0BEN", author=author)

    assert is_withdrawn is expected
    assert (states().get("1.0") == "gone") is expected


@pytest.mark.parametrize(
    ("person", "expected"),
    [("U0BEN", True), ("U0ANA", True), ("U0GUEST", False), ("U0NOBODY", False)],
)
def test_who_deletes(removing, accept, states, *, person, expected):
    """The poster and admins may delete; nobody else may, and nobody whom Slack does not know."""
    accept(MESSAGE, "F1")

    assert removing.delete(MESSAGE, person=person) is expected
    assert (states()["1.0"] == "gone") is expected


def test_file_of_many(removing, accept, jobs, states):
    """A deleted file takes the messages that have no other, and one picture of the rest."""
    alone, many = accept(MESSAGE, "F1"), accept(OTHER, "F0", "F1")
    for _ in range(2):
        removing.file_deleted(TEAM, "F1")

    assert states() == {"1.0": "gone", "2.0": "live"}
    assert jobs() == {
        f"forget/{alone}": {"key": alone, "position": None},
        f"forget/{many}/1": {"key": many, "position": 1},
    }


def test_last_file_takes_message(removing, accept, states):
    """When the last of its files is deleted, a message is gone."""
    accept(OTHER, "F0", "F1")
    removing.file_deleted(TEAM, "F1")
    removing.file_deleted(TEAM, "F0")

    assert states() == {"2.0": "gone"}


def test_opting_out(removing, accept, jobs, states):
    """Who opts out has all their messages taken away later, by one job that names nobody."""
    accept(MESSAGE, "F1")
    accept(OTHER, "F2", poster="U0ANA")
    removing.opt_out(TEAM, "U0BEN")
    assert states() == {"1.0": "live", "2.0": "live"}
    mark(removing)

    assert states() == {"1.0": "gone", "2.0": "live"}
    assert [*jobs().values()] == [{}]
    assert "U0BEN" not in str(jobs())


def test_whole_places(removing, accept, states):
    """A deleted channel takes its messages, and a removed app those of the team."""
    accept(MESSAGE, "F1")
    accept(OTHER, "F2")
    removing.channel_deleted(TEAM, "C0LAB")
    mark(removing)
    assert states() == {"1.0": "live", "2.0": "gone"}
    removing.uninstalled(TEAM)
    mark(removing)

    assert states() == {"1.0": "expired", "2.0": "expired"}


def test_channel_cannot_be_told(removing, jobs):
    """What told a deleted channel is paused by one job, however often Slack says so."""
    for _ in range(2):
        removing.channel_deleted(TEAM, "C0LAB")
    stored = {name: args for name, args in jobs().items() if "paused" in name}

    assert stored == {f"{TEAM}/paused/C0LAB": {"team": TEAM, "channel": "C0LAB"}}


def test_next_ones(removing, accept, jobs):
    """Marked messages become jobs in steps; asked again, they become other jobs."""
    keys = sorted(accept(MessageRef(TEAM, "C0PHOTOS", f"{n}.0"), f"F{n}") for n in range(3))
    removing.channel_deleted(TEAM, "C0PHOTOS")
    mark(removing)
    last = removing.forget_next(after="", again="", at_most=2)
    assert last == keys[1]
    assert removing.forget_next(after=last, again="", at_most=2) == keys[2]
    assert removing.forget_next(after=keys[2], again="", at_most=2) == ""
    removing.forget_next(after=keys[1], again="monday")

    stored = {job for job in jobs() if job.startswith("forget/")}
    assert stored == {*(f"forget/{key}" for key in keys), f"forget/{keys[2]}/monday"}
