import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from bot import errors
from bot.adapters.call_records import CallRecords
from bot.adapters.database import Database
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.job_runner import migrate_jobs
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.tables import CALLS
from bot.adapters.watch_records import WatchRecords
from bot.budget import Budget
from bot.intake import Intake
from bot.model import MessageRef
from bot.waiting import Waiting

SPENT = errors.BudgetSpent(limit=1, resumes_on="1 December").to_outcome()
LABELLED = {"outcome": "labelled"}


class Line:
    """Messages in line for the month's limit, on one database."""

    def __init__(self, database):
        self.database = database
        self.records = MessageRecords(database)
        self.calls = CallRecords(database)
        self.under_way = 0

    def waiting(self, *, limit):
        """What lets them go on, with this limit."""
        jobs = JobIntake(self.database)
        return Waiting(
            Intake(jobs, self.records, WatchRecords(self.database)),
            Budget(jobs, self.calls, limit=limit, per_second=5),
            self.calls,
            under_way=lambda: self.under_way,
        )

    def join(self, ts, *outcomes):
        """Have a message answered with these outcomes."""
        message = MessageRef("T1", "C1", ts)
        file_ids = [f"F{at}" for at in range(len(outcomes))]
        with self.database.begin() as connection:
            accepted = Accepted(message, ts, "U1")
            self.records.accept(connection, accepted, files=[{"id": name} for name in file_ids])
        for file_id, outcome in zip(file_ids, outcomes, strict=True):
            self.records.note_picture(message, file_id, outcome={**outcome, "attempt": 1})
        self.records.note_reply(message, 1, state="sent", has_reason=True, waits=True)
        return message

    def left(self):
        """The ts of those that still wait, in order."""
        return [message.ts for message in self.calls.waiting(limit=100)]

    def attempts(self, message):
        """How many attempts a message has."""
        return len(self.records.replies(message))

    def jobs(self):
        """What is to be labelled: the ids of files, by job."""
        client = DBOSClient(system_database_engine=self.database.engine, serializer=SERIALIZER)
        return {
            job.workflow_id: [file["id"] for file in job.input["args"][0]["files"]]
            for job in client.list_workflows()
        }


@pytest.fixture
def line(database):
    """Nobody in line."""
    return Line(database)


def test_oldest_go_first(line):
    """As many go on as the month has calls left, by the time of their posts."""
    for ts in ("1700000003.000000", "1700000001.000000", "1700000002.000000"):
        line.join(ts, SPENT)
    line.waiting(limit=2).resume()

    assert line.left() == ["1700000003.000000"]
    assert [*line.jobs()] == ["T1/C1/1700000001.000000/2", "T1/C1/1700000002.000000/2"]


def test_nobody_goes_without_room(line):
    """While the limit is reached, or all that is left is needed already, nobody goes on."""
    message = line.join("1700000001.000000", SPENT)
    line.under_way = 2
    line.waiting(limit=2).resume()
    line.under_way = 0
    month = f"{dt.datetime.now(tz=dt.UTC):%Y-%m}"
    with line.database.begin() as connection:
        connection.execute(sa.insert(CALLS).values(month=month, reserved=2))
    line.waiting(limit=2).resume()

    assert line.left() == [message.ts]
    assert line.attempts(message) == 1


def test_pictures_count(line):
    """A message takes as much room as pictures of it wait; one that has begun is finished."""
    for number in (1, 2, 3):
        line.join(f"170000000{number}.000000", SPENT, SPENT, LABELLED)
    line.waiting(limit=3).resume()

    assert line.left() == ["1700000003.000000"]


def test_limit_was_removed(line):
    """Without a limit they go on too, a few at a time."""
    for number in range(12):
        line.join(f"17000000{number:02}.000000", SPENT)
    line.waiting(limit=None).resume()

    assert line.left() == ["1700000010.000000", "1700000011.000000"]


def test_others_stay(line):
    """What has another reason, or an answer, stays with its own attempt."""
    busy = errors.DetectorBusy().to_outcome()
    broken = errors.PictureBroken().to_outcome()
    message = line.join("1700000001.000000", SPENT, busy, broken, LABELLED)
    line.waiting(limit=None).resume()

    assert line.attempts(message) == 2
    assert line.jobs() == {f"{message.id}/2": ["F0"]}


def test_asking_cannot_help(line):
    """What only waits is opened by nobody's request: it would end in the same words."""
    message = line.join("1700000001.000000", SPENT, errors.PictureBroken().to_outcome())
    intake = Intake(JobIntake(line.database), line.records, WatchRecords(line.database))

    assert not intake.try_again(message, after=1)
    assert line.left() == [message.ts]


def test_nothing_left_to_wait_for(line):
    """A message of which no picture waits any more leaves the line without an attempt."""
    message = line.join("1700000001.000000", LABELLED)
    line.waiting(limit=None).resume()

    assert line.left() == []
    assert line.attempts(message) == 1


def test_reason_is_being_said(line):
    """While a newer reply says the reason the message keeps its place, and goes on after that."""
    message = line.join("1700000001.000000", SPENT)
    with line.database.begin() as connection:
        line.records.next_attempt(connection, message, after=1)
    line.records.note_picture(message, "F0", outcome={**SPENT, "attempt": 2})
    line.records.claim_reply(message, 2)
    line.waiting(limit=None).resume()
    left = line.left()
    line.records.note_reply(message, 2, state="needless")
    line.waiting(limit=None).resume()

    assert left == [message.ts]
    assert line.jobs() == {f"{message.id}/3": ["F0"]}


def test_attempt_of_others(line):
    """An attempt that an edit has opened meanwhile leaves the message in the line, once."""
    message = line.join("1700000001.000000", SPENT)
    with line.database.begin() as connection:
        line.records.next_attempt(connection, message, after=1)
    line.waiting(limit=None).resume()
    line.waiting(limit=None).resume()

    assert line.jobs() == {f"{message.id}/3": ["F0"]}


def test_each_goes_once(address):
    """Processes that look at the same moment open one attempt per message."""
    first = Database(address, statement_timeout_s=10)
    first.migrate()
    migrate_jobs(first)
    databases = [first, *(Database(address, statement_timeout_s=10) for _ in range(3))]
    messages = [Line(first).join(f"170000000{number}.000000", SPENT) for number in range(5)]
    together = threading.Barrier(4)

    def work(database):
        waiting = Line(database).waiting(limit=None)
        together.wait()
        waiting.resume()

    threads = [threading.Thread(target=work, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    attempts = [Line(first).attempts(message) for message in messages]
    left = Line(first).left()
    for database in databases:
        database.close()

    assert attempts == [2] * 5
    assert left == []
