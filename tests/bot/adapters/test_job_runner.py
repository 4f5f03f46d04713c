import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.adapters.job_intake import JobIntake
from bot.adapters.tables import TAKEOVERS, WORKERS

CHECKOUT = Path(__file__).parents[3]
WORKER = Path(__file__).with_name("a_worker.py")
JOB_ID = "T1/C1/1.0/1"
LOOK_ID = "T1/look/ab/0"


class Fleet:
    """Worker processes on one database, and what they noted."""

    def __init__(self, database, notes):
        self.database = database
        self.workers = []
        self._notes = notes
        self._jobs = JobIntake(database)

    def start(self, *words):
        """Start a worker, and wait until it does jobs."""
        before = self.notes().count("ready")
        command = [sys.executable, WORKER, self.database.url.render_as_string(), self._notes]
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
        self.workers.append(subprocess.Popen([*command, *words], env=environment))  # noqa: S603 - ours
        self.wait_for(lambda: self.notes().count("ready") > before)

    def kill(self):
        """Kill the oldest worker, so that nothing of it runs on."""
        worker = self.workers.pop(0)
        worker.kill()
        worker.wait()

    def notes(self):
        """Give what the workers noted so far."""
        return self._notes.read_text().splitlines() if self._notes.exists() else []

    def wait_for(self, happened, timeout_s=20):
        """Wait until something has happened."""
        ends_s = time.monotonic() + timeout_s
        while not happened():
            assert time.monotonic() < ends_s, self.notes()
            time.sleep(0.02)

    def wait_for_note(self, words):
        """Wait until a line was noted."""
        self.wait_for(lambda: words in self.notes())

    def enqueue(self, *, job_id=JOB_ID, name="label_message", **job):
        """Store a job."""
        with self.database.begin() as connection:
            args = {"ts": "1.0", "files": [], **job}
            self._jobs.enqueue(
                connection, f"Labelling.{name}", job_id=job_id, queue="messages", args=args
            )

    def ask(self, statement):
        """Read rows."""
        with self.database.begin() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    def queues(self):
        """Give the queue of every job by its id."""
        return dict(self.ask(sa.text("SELECT workflow_uuid, queue_name FROM workflow_status")))

    def states(self):
        """Give the state of every job by its id."""
        return dict(self.ask(sa.text("SELECT workflow_uuid, status FROM workflow_status")))


@pytest.fixture
def fleet(database, tmp_path):
    """No worker yet."""
    fleet = Fleet(database, tmp_path / "notes.txt")
    yield fleet
    while fleet.workers:
        fleet.kill()


def test_killed_job_is_finished(fleet):
    """A job whose process was killed is finished by the next start, its done steps kept."""
    fleet.enqueue()
    fleet.start("alone", "hang")
    fleet.wait_for_note("hanging")
    fleet.kill()
    left = fleet.states()
    fleet.start("alone")
    fleet.wait_for_note("finished")

    assert left == {JOB_ID: "PENDING"}
    assert fleet.notes().count("first step") == 1
    assert fleet.ask(sa.select(TAKEOVERS)) == [(JOB_ID, 1)]
    assert len(fleet.ask(sa.select(WORKERS))) == 1


def test_killed_job_without_queue_is_finished(fleet):
    """A job that was begun without a queue is gone on with on one, and counted, like any other."""
    fleet.enqueue()
    fleet.start("alone", "look", "hang")
    fleet.wait_for_note("asked")
    before = fleet.queues()
    fleet.kill()
    fleet.start("alone", "look")
    fleet.wait_for_note("finished")

    assert before == {JOB_ID: "messages", LOOK_ID: None}
    assert fleet.queues() == {JOB_ID: "messages", LOOK_ID: "looks"}
    assert fleet.notes().count("asked") == 2
    assert fleet.notes().count("first step") == 1
    assert sorted(fleet.ask(sa.select(TAKEOVERS))) == [(JOB_ID, 1), (LOOK_ID, 1)]


def test_silent_worker_is_relieved(fleet):
    """A job is taken from a worker once it is silent, and not before."""
    fleet.enqueue()
    fleet.start("fast", "hang")
    fleet.wait_for_note("hanging")
    fleet.start("fast")
    time.sleep(1)
    taken_from_living = fleet.ask(sa.select(TAKEOVERS))
    fleet.kill()
    fleet.wait_for_note("finished")

    assert taken_from_living == []
    assert fleet.notes().count("first step") == 1
    assert fleet.ask(sa.select(TAKEOVERS)) == [(JOB_ID, 1)]


def test_takeovers_end(fleet):
    """A job that was taken over too often is given up, which its message hears."""
    fleet.enqueue()
    fleet.start("alone", "hang")
    fleet.wait_for_note("hanging")
    fleet.kill()
    with fleet.database.begin() as connection:
        connection.execute(sa.insert(TAKEOVERS).values(workflow_id=JOB_ID, count=5))
    fleet.start("alone")
    fleet.wait_for_note("gave up 1.0")

    assert "finished" not in fleet.notes()
    assert fleet.states()[JOB_ID] == "CANCELLED"


def test_failed_jobs_are_swept(fleet):
    """A message's job that ended in an error is given up once; the jobs it started are not."""
    fleet.enqueue(fails=True)
    fleet.enqueue(job_id=LOOK_ID, name="ask_rekognition")
    fleet.start("fast")
    fleet.wait_for_note("gave up 1.0")
    fleet.wait_for_note("asked")
    time.sleep(0.5)

    assert fleet.notes().count("gave up 1.0") == 1
    assert fleet.states() == {
        JOB_ID: "ERROR",
        LOOK_ID: "ERROR",
        f"{JOB_ID}/gave-up": "SUCCESS",
    }


def test_failed_replies_are_swept(fleet):
    """A reply that failed in a way nobody foresaw has its message given up, once."""
    fleet.enqueue()
    fleet.enqueue(job_id=f"{JOB_ID}/reply", name="post_reply")
    fleet.start("fast")
    fleet.wait_for_note("gave up 1.0")
    time.sleep(0.5)

    assert fleet.notes().count("gave up 1.0") == 1
    assert fleet.states()[JOB_ID] == "SUCCESS"


def test_old_jobs_are_removed(fleet):
    """Jobs that were finished a week ago are removed; younger and unfinished ones stay."""
    for number in (1, 2, 3):
        fleet.enqueue(job_id=f"T1/C1/{number}.0/1")
    finished = "SET status = 'SUCCESS', completed_at = :at WHERE workflow_uuid = :id"
    with fleet.database.begin() as connection:
        for number, days in ((1, 8), (2, 6)):
            at_ms = int((time.time() - days * 24 * 3600) * 1000)
            connection.execute(
                sa.text(f"UPDATE workflow_status {finished}"),
                {"at": at_ms, "id": f"T1/C1/{number}.0/1"},
            )
    fleet.start("fast")
    fleet.wait_for(lambda: len(fleet.states()) < 3)

    assert [*fleet.states()] == ["T1/C1/2.0/1", "T1/C1/3.0/1"]


def test_chores_are_done(fleet):
    """Chores are done again and again, also after one failed, and know what is under way."""
    fleet.enqueue(files=[{"id": "F1"}, {"id": "F2"}])
    fleet.enqueue(job_id=LOOK_ID, name="ask_rekognition")
    fleet.start("fast", "hang", "chores")
    fleet.wait_for_note("under way: 2")
    fleet.kill()

    assert fleet.notes().count("chore failed") == 1


def test_one_day_one_job(fleet):
    """The daily job is started once a day, by one process of all, with the time it was started."""
    began_s = time.time()
    for _ in range(2):
        fleet.start("fast", "daily")
    fleet.wait_for(lambda: any(note.startswith("day ") for note in fleet.notes()))
    time.sleep(1)
    (told,) = [note for note in fleet.notes() if note.startswith("day ")]

    assert began_s - 1 <= float(told.removeprefix("day ")) <= time.time()
    assert [job for job in fleet.states() if job.startswith("daily/")] == [
        f"daily/{time.strftime('%Y-%m-%d', time.gmtime(began_s))}"
    ]


def test_nothing_secret_is_stored(fleet):
    """What is stored of jobs is plain: no token, and nothing that would have to be unpickled."""
    fleet.enqueue(trouble=True)
    fleet.start("alone")
    fleet.wait_for(lambda: fleet.states()[JOB_ID] == "ERROR")
    with fleet.database.begin() as connection:
        tables = sa.inspect(connection).get_table_names()
    stored = {name: repr(fleet.ask(sa.text(f'SELECT * FROM "{name}"'))) for name in tables}  # noqa: S608 - names it gave

    assert "slack_unknown" in stored["operation_outputs"]
    assert "SlackApiError" in stored["operation_outputs"]
    for text in stored.values():
        assert "xoxb" not in text
        assert "gASV" not in text  # how a pickle begins in base64
        assert "\\x80\\x04" not in text
