import threading
import time

import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from bot import listening as listening_module
from bot.adapters.database import Database
from bot.adapters.erasing_records import ErasingRecords
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.job_runner import migrate_jobs
from bot.adapters.listening_records import ListeningRecords
from bot.adapters.tables import LISTENING
from bot.listening import Listening

NOW_S = 1_700_000_000.25


@pytest.fixture
def listening_at():
    """A function that gives what listens on a database, at a time that a test sets."""

    def build(database, now_s, hours=6):
        records = ListeningRecords(database)
        return Listening(JobIntake(database), records, team="T1", hours=hours, now_s=lambda: now_s)

    return build


def jobs(database):
    """Give what is to be looked through, by the job's id."""
    client = DBOSClient(system_database_engine=database.engine, serializer=SERIALIZER)
    return {job.workflow_id: job.input["args"][0] for job in client.list_workflows()}


def test_first_time_looks_nowhere(database, listening_at):
    """The first time that anybody listens, nothing was missed."""
    listening_at(database, NOW_S).beat()

    assert jobs(database) == {}


def test_short_silence(database, listening_at):
    """Four minutes of silence are Slack's to repeat."""
    for now_s in (NOW_S, NOW_S + 10, NOW_S + 250):
        listening_at(database, now_s).beat()

    assert jobs(database) == {}


def test_long_silence(database, listening_at):
    """After a longer silence one job looks for what was missed since then."""
    for now_s in (NOW_S, NOW_S + 241, NOW_S + 251):
        listening_at(database, now_s).beat()

    assert jobs(database) == {
        f"T1/missed/{NOW_S}": {
            "team": "T1",
            "heard_at_s": NOW_S,
            "back_at_s": NOW_S + 241,
            "hours": 6,
        }
    }


def test_clock_behind(database, listening_at):
    """A process whose clock is behind takes nothing back."""
    for now_s in (NOW_S, NOW_S - 1000, NOW_S + 20):
        listening_at(database, now_s).beat()

    assert jobs(database) == {}


def test_team_is_gone(database, listening_at):
    """A living process writes no row of a team that was erased, until one is started for it."""
    listening, rows = listening_at(database, NOW_S), []
    for beat in (listening.beat, listening.beat, listening_at(database, NOW_S).beat):
        beat()
        with database.begin() as connection:
            rows.append(connection.execute(sa.select(LISTENING)).all())
        ErasingRecords(database).erase_team("T1")

    assert rows == [[("T1", NOW_S)], [], [("T1", NOW_S)]]


def test_fleet_looks_once(address, listening_at):
    """Of a fleet that comes back at the same moment one has it looked for."""
    first = Database(address, statement_timeout_s=10)
    first.migrate()
    migrate_jobs(first)
    databases = [first, *(Database(address, statement_timeout_s=10) for _ in range(3))]
    listening_at(first, NOW_S).beat()
    together = threading.Barrier(4)

    def come_back(at):
        listening = listening_at(databases[at], NOW_S + 1000 + at / 8)
        together.wait()
        listening.beat()

    threads = [threading.Thread(target=come_back, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [*jobs(first)]
    for database in databases:
        database.close()

    assert ids == [f"T1/missed/{NOW_S}"]


@pytest.fixture
def fast(monkeypatch):
    """A beat of hundredths of seconds."""
    monkeypatch.setattr(listening_module, "BEAT_S", 0.02)


def heard_at_s(database):
    """Give when somebody listened last."""
    with database.begin() as connection:
        return ListeningRecords(database).hear(connection, "T1", now_s=time.time())


@pytest.mark.usefixtures("fast")
def test_notes_while_connected(database):
    """It is noted only while Slack reaches us, again when it does again, and never after stop."""
    connected, asked = threading.Event(), threading.Event()

    def is_connected():
        asked.set()
        return connected.is_set()

    listening = Listening(JobIntake(database), ListeningRecords(database), team="T1", hours=6)
    listening.start(is_connected)
    asked.wait(5)
    before = heard_at_s(database)
    connected.set()
    ends_s = time.monotonic() + 5
    while (heard := heard_at_s(database) or 0) < time.time() - 1 and time.monotonic() < ends_s:
        time.sleep(0.02)
    listening.stop()

    assert before is None
    assert heard > time.time() - 10


@pytest.mark.usefixtures("fast")
def test_database_away(database, caplog):
    """A database that is away for a while does not end the listening."""
    records, tries = ListeningRecords(database), []

    def is_connected():
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("as the test wants it")
        return len(tries) > 2

    listening = Listening(JobIntake(database), records, team="T1", hours=6)
    listening.start(is_connected)
    ends_s = time.monotonic() + 5
    while len(tries) < 4 and time.monotonic() < ends_s:
        time.sleep(0.02)
    listening.stop()

    assert "listening_failed" in caplog.text
    assert heard_at_s(database) is not None


def test_switched_off(database):
    """With no hours to look back nothing is noted."""
    asked = []
    listening = Listening(JobIntake(database), ListeningRecords(database), team="T1", hours=0)
    listening.start(lambda: asked.append(1) or True)
    time.sleep(0.1)

    assert asked == []
    assert heard_at_s(database) is None
