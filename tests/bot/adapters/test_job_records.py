import shutil
import threading
import time

import pytest
import sqlalchemy as sa
from dbos import DBOS, DBOSConfiguredInstance, SetWorkflowID

from bot.adapters.database import Database
from bot.adapters.job_intake import JobIntake
from bot.adapters.job_records import JobRecords
from bot.adapters.job_runner import JobRunner
from bot.model import MessageRef

MESSAGE = MessageRef("T1", "C1", "1.0")
OTHER = MessageRef("T1", "C1", "2.0")


@DBOS.dbos_class()
class Waiting(DBOSConfiguredInstance):
    """Jobs that are done at once, or when they are let go."""

    def __init__(self):
        super().__init__("waiting")
        self.may_end = threading.Event()

    @DBOS.workflow(name="pass_by", max_recovery_attempts=None)
    def pass_by(self, job):
        """Be done."""
        return job

    @DBOS.workflow(name="wait", max_recovery_attempts=None)
    def wait(self, job):
        """Be done later."""
        self.may_end.wait(30)
        return job


class Office:
    """The records of jobs, some done and some not."""

    def __init__(self, database):
        self._database = database
        self.records = JobRecords(database)
        self.jobs = Waiting()

    def do(self, job_id, **args):
        """Have a job done."""
        with SetWorkflowID(job_id):
            self.jobs.pass_by(args)

    def begin(self, job_id, **args):
        """Have a job begun that is not done until it is let go."""
        with SetWorkflowID(job_id):
            return DBOS.start_workflow(self.jobs.wait, args)

    def call_sweep(self, job_id):
        """Have a job that is done look like one of those that look after things once a day."""
        renamed = sa.text("UPDATE workflow_status SET name = 'sweep' WHERE workflow_uuid = :job_id")
        with self._database.begin() as connection:
            connection.execute(renamed, {"job_id": job_id})

    def left(self, *teams):
        """The names of the jobs of these teams that a record is left of."""
        return {job.workflow_id for job in DBOS.list_workflows() if job.workflow_id[:2] in teams}


@pytest.fixture(scope="module")
def office(tmp_path_factory, empty_database):
    """A running job library; there is one of those per process."""
    path = shutil.copy(empty_database, tmp_path_factory.mktemp("jobs") / "spotter.db")
    database = Database(f"sqlite:///{path}", statement_timeout_s=5)
    runner = JobRunner(database, alone=True)
    office = Office(database)
    runner.launch(JobIntake(database))
    yield office
    office.jobs.may_end.set()
    runner.stop(grace_s=5)
    database.close()


def test_records_go(office):
    """The records of a message's jobs go, with its calls and what brought it in; no others."""
    of_message = {"team": "T1", "channel": "C1", "ts": "1.0"}
    office.do(f"{MESSAGE.id}/1")
    office.do(f"{OTHER.id}/1")
    office.do("T1/C1/link/U1/1")
    office.do("T1/look/aa/0", **of_message)
    office.do("T1/look/aa/1", **{**of_message, "ts": "2.0"})
    office.records.remove(MESSAGE, {"aa"}, job_ids=["T1/C1/link/U1/1"])

    assert office.left("T1") == {f"{OTHER.id}/1", "T1/look/aa/1"}


def test_unfinished_stays(office):
    """A job that is not done yet keeps its record, and says that somebody is at work."""
    office.do(f"{MESSAGE.id}/1")
    begun = office.begin(f"{MESSAGE.id}/2")
    office.records.remove(MESSAGE, set())

    assert not {f"{MESSAGE.id}/1"} & office.left("T1")
    assert office.records.are_at_work([OTHER, MESSAGE])
    assert office.records.are_at_work([OTHER], job_ids=[f"{MESSAGE.id}/2"])
    assert not office.records.are_at_work([OTHER])
    office.jobs.may_end.set()
    begun.get_result()
    assert not office.records.are_at_work([MESSAGE])


def test_records_of_purged_team(office):
    """Of a purged team's jobs the records go as they end, and last what purged it."""
    office.do("T2/export/U1/a")
    office.do("T3/export/U1/a")
    office.jobs.may_end.clear()
    begun = office.begin("T2/C1/welcome/1")
    office.do("PU/1", team="T2")
    time.sleep(1.1)  # the job library's clock counts whole seconds on SQLite
    time.sleep(0.01)
    office.do("T2/export/U1/anew")
    are_gone = [office.records.remove_of_purged("PU/1")]
    left = office.left("T2", "T3", "PU")
    office.jobs.may_end.set()
    begun.get_result()
    are_gone += [office.records.remove_of_purged("PU/1") for _ in range(2)]

    assert left == {"T3/export/U1/a", "T2/C1/welcome/1", "PU/1", "T2/export/U1/anew"}
    assert are_gone == [False, True, True]
    assert office.left("T2", "T3", "PU") == {"T3/export/U1/a", "T2/export/U1/anew"}


def test_purge_under_way(office):
    """As long as the purge itself is not done, nothing goes."""
    office.do("T4/export/U1/a")
    office.jobs.may_end.clear()
    begun = office.begin("PU/2", team="T4")
    is_gone = office.records.remove_of_purged("PU/2")
    office.jobs.may_end.set()
    begun.get_result()

    assert not is_gone
    assert office.left("T4", "PU") == {"T4/export/U1/a", "PU/2"}


def test_records_of_sweeps(office):
    """What sweeps have found names channels, so their records go with any purged team."""
    office.do("SW/1")
    office.call_sweep("SW/1")
    office.do("PU/3", team="T5")
    is_gone = office.records.remove_of_purged("PU/3")

    assert is_gone
    assert office.left("SW", "PU") <= {"PU/2"}
