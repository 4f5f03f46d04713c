"""Jobs and their steps. A long file because all its tests share one running job library."""

import shutil
import threading
import time
from collections import Counter
from functools import partial

import pytest
from dbos import DBOS, DBOSConfiguredInstance, SetWorkflowID

from bot import errors
from bot.adapters.database import Database
from bot.adapters.job_intake import JobIntake
from bot.adapters.job_runner import JobRunner
from bot.adapters.jobs import END_HEARD_WITHIN_S, LEFT_BEHIND, Steps


@DBOS.dbos_class()
class Trying(DBOSConfiguredInstance):
    """A job whose work each test brings along."""

    def __init__(self):
        super().__init__("trying")
        self.steps = Steps(retry_for_s=1)
        self.work = {}
        self.ids = Counter()

    @DBOS.workflow(name="try_out", max_recovery_attempts=None)
    def try_out(self, job):
        """Do the test's work."""
        with self.steps.running():
            return self.work[job["test"]](job)

    def do(self, test, work):
        """Carry the work out as a job, and give its result."""
        self.work[test] = work
        self.ids[test] += 1
        with SetWorkflowID(f"{test}-{self.ids[test]}"):
            return self.try_out({"test": test})


@pytest.fixture(scope="module")
def trying(tmp_path_factory, empty_database):
    """A job on a running job library; there is one of those per process."""
    path = shutil.copy(empty_database, tmp_path_factory.mktemp("jobs") / "spotter.db")
    database = Database(f"sqlite:///{path}", statement_timeout_s=5)
    runner = JobRunner(database, alone=True)
    trying = Trying()
    runner.launch(JobIntake(database))
    yield trying
    runner.stop(grace_s=1)
    database.close()


class Work:
    """Work that fails so many times before it is done."""

    def __init__(self, failure, times):
        self.failure = failure
        self.times = times
        self.calls = 0

    def __call__(self, *facts):
        """Fail, or be done."""
        self.calls += 1
        if self.calls <= self.times:
            raise self.failure
        return {"outcome": "done", "facts": list(facts)}


def test_result_is_given(trying):
    """A step gives the result of its work, which gets the step's arguments."""
    done = trying.do("result", lambda _: trying.steps.run("one", Work(None, 0), "a", 2))

    assert done == {"outcome": "done", "facts": ["a", 2]}


def test_expected_failure_is_outcome(trying):
    """A failure that does not pass by itself is the step's result, at the first try."""
    work = Work(errors.PictureTooLarge(what="9 GB", limit="64 MiB"), 9)
    done = trying.do("expected", lambda _: trying.steps.run("one", work))

    assert done == {
        "outcome": "picture_too_large",
        "facts": {"what": "9 GB", "limit": "64 MiB"},
    }
    assert work.calls == 1


def test_passing_failure_is_retried(trying):
    """A failure that passes by itself is tried again, and leaves no trace in the result."""
    work = Work(errors.StoreUnavailable(), 1)
    done = trying.do("passing", lambda _: trying.steps.run("one", work))

    assert (done["outcome"], work.calls) == ("done", 2)


def test_lasting_failure_is_outcome(trying):
    """What should pass by itself but stays is the step's result after the last try."""
    work = Work(errors.StoreUnavailable(), 99)
    done = trying.do("lasting", lambda _: trying.steps.run("one", work))

    assert (done, work.calls) == ({"outcome": "store_unavailable"}, trying.steps.tries)


def test_unforeseen_failure_is_raised(trying):
    """What nobody foresaw is not retried, and ends the job."""
    work = Work(ZeroDivisionError("unforeseen"), 99)
    with pytest.raises(ZeroDivisionError):
        trying.do("unforeseen", lambda _: trying.steps.run("one", work))

    assert work.calls == 1


@pytest.mark.parametrize(("retry_for_s", "tries"), [(0, 1), (0.25, 2), (1, 4), (60, 9), (600, 13)])
def test_tries_last_as_long(retry_for_s, tries):
    """The tries, with pauses that double, last for about as long as is asked."""
    assert Steps(retry_for_s=retry_for_s).tries == tries
    assert retry_for_s <= sum(0.25 * 2**turn for turn in range(tries - 1)) < 2 * retry_for_s + 1


def test_side_by_side_keeps_order(trying):
    """Steps side by side really are, and their results come in the items' order."""
    together = threading.Barrier(3, timeout=5)

    def work(pause_s):
        together.wait()
        time.sleep(pause_s)
        return {"outcome": pause_s}

    items = [(0.2,), (0.0,), (0.1,)]
    done = trying.do("side", lambda _: trying.steps.run_each("each", work, items))

    assert [outcome["outcome"] for outcome in done] == [0.2, 0.0, 0.1]


def test_one_of_many_fails(trying):
    """One failure among steps side by side is one outcome among the others."""

    def work(number):
        if number == 1:
            raise errors.FileDeleted
        return {"outcome": number}

    items = [(number,) for number in range(9)]
    done = trying.do("many", lambda _: trying.steps.run_each("each", work, items))

    assert [outcome["outcome"] for outcome in done] == [0, "file_deleted", *range(2, 9)]


def test_nothing_side_by_side(trying):
    """No items, no steps."""
    assert trying.do("none", lambda _: trying.steps.run_each("each", Work(None, 0), [])) == []


def test_steps_are_kept(trying):
    """When a job is carried out again, its done steps are not."""
    works = [Work(None, 0) for _ in range(4)]

    def do(_):
        first = trying.steps.run("first", works[0])
        rest = trying.steps.run_each("each", lambda at: works[at](at), [(1,), (2,), (3,)])
        return {"outcome": "done", "all": [first, *rest]}

    before = trying.do("kept", do)
    again = DBOS.fork_workflow("kept-1", start_step=5).get_result(polling_interval_sec=0.1)

    assert again == before
    assert [work.calls for work in works] == [1, 1, 1, 1]


def test_job_starts_job_once(trying):
    """A job hands another to its queue and waits; the same id again gives the same result."""
    trying.work["inner"] = Work(None, 0)

    def do(_):
        ends = [
            trying.steps.start("alerts", trying.try_out, {"test": "inner"}, job_id="inner-1")
            for _ in range(2)
        ]
        return {"outcome": "done", "inner": [end()["outcome"] for end in ends]}

    assert trying.do("outer", do)["inner"] == ["done", "done"]
    assert trying.work["inner"].calls == 1


def test_job_without_queue_begins_at_once(trying):
    """A job that needs no queue begins at once, and only once however often it is started."""
    begun, go_on = threading.Event(), threading.Event()
    work = Work(None, 0)

    def wait(job):
        begun.set()
        assert go_on.wait(5)
        return work(job)

    def do(_):
        ends = [
            trying.steps.start(None, trying.try_out, {"test": "direct"}, job_id="direct-1")
            for _ in range(2)
        ]
        is_begun = begun.wait(5)
        go_on.set()
        return {"outcomes": [end()["outcome"] for end in ends], "is_begun": is_begun}

    trying.work["direct"] = wait

    assert trying.do("starting", do) == {"outcomes": ["done", "done"], "is_begun": True}
    assert work.calls == 1
    assert DBOS.list_workflows(workflow_ids=["direct-1"])[0].queue_name is None


def test_stopping_begins_nothing(trying):
    """Once the process is about to stop, what would begin at once is left to whoever comes next."""
    stopping = Steps(retry_for_s=1)
    stopping.stop()
    trying.work["late"] = Work(None, 0)

    def do(_):
        start = partial(stopping.start, None, trying.try_out, {"test": "late"}, is_step=False)
        return {"late": start(job_id="late-1")()["outcome"]}

    assert trying.do("stopping", do)["late"] == "done"
    assert DBOS.list_workflows(workflow_ids=["late-1"])[0].queue_name == LEFT_BEHIND


def test_ended_job_is_not_waited_for(trying):
    """A job that has ended already is not waited for, and asking whether it has is no step."""
    trying.work["ended"] = Work(None, 0)

    def do(_):
        trying.steps.start("alerts", trying.try_out, {"test": "ended"}, job_id="ended-1")()
        begun_s = time.monotonic()
        for _ in range(3):
            trying.steps.start("alerts", trying.try_out, {"test": "ended"}, job_id="ended-1")()
        return {"took_s": time.monotonic() - begun_s}

    took_s = trying.do("asking", do)["took_s"]
    steps = DBOS.list_workflow_steps("asking-1")

    assert took_s < 3 * END_HEARD_WITHIN_S
    assert [step["function_name"] for step in steps] == ["try_out", "DBOS.getResult"] * 4


@pytest.mark.parametrize("queue", ["alerts", None])
def test_starting_without_step(trying, queue):
    """A job that is started without a step is done once, and nothing is kept of start and wait."""
    work = trying.work[f"heard-{queue}"] = Work(None, 0)

    def do(_):
        args = {"test": f"heard-{queue}"}
        start = partial(trying.steps.start, queue, trying.try_out, args, is_step=False)
        return {"heard": [start(job_id=f"heard-{queue}")()["outcome"] for _ in range(2)]}

    assert trying.do(f"hearing-{queue}", do)["heard"] == ["done", "done"]
    assert DBOS.list_workflow_steps(f"hearing-{queue}-1") == []
    assert work.calls == 1


def test_trying_is_no_step(trying):
    """What may be done any number of times is tried until it works, and nothing is kept of it."""
    work = Work(errors.StoreUnavailable(), 2)
    done = trying.do("keeping", lambda _: trying.steps.keep_trying(work))

    assert (done["outcome"], work.calls) == ("done", 3)
    assert DBOS.list_workflow_steps("keeping-1") == []


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [(errors.NotAPicture(), "not_a_picture"), (ZeroDivisionError(), "unexpected")],
)
def test_trying_ends(trying, failure, outcome):
    """What does not pass by itself, foreseen or not, is what trying comes to, at once."""
    work = Work(failure, 9)
    done = trying.do(f"trying-{outcome}", lambda _: trying.steps.keep_trying(work))

    assert (done["outcome"], work.calls) == (outcome, 1)


def test_partitioned_queue(trying):
    """A job for a queue with partitions names its partition, and two partitions do not wait."""
    # Where one waited for the other, it would begin more than a second later.
    both = threading.Barrier(2, timeout=0.9)

    def meet(_):
        both.wait()
        return {"outcome": "done"}

    def do(_):
        ends = [
            trying.steps.start(
                "posts", trying.try_out, {"test": "post"}, job_id=f"post-{name}", partition=name
            )
            for name in ("C1", "C2")
        ]
        return {"outcomes": [end()["outcome"] for end in ends]}

    trying.work["post"] = meet

    assert trying.do("posts", do)["outcomes"] == ["done", "done"]


def test_pause_lasts(trying):
    """A pause takes as long as it says."""

    def do(_):
        begun_s = time.monotonic()
        trying.steps.pause(0.2)
        return {"took_s": time.monotonic() - begun_s}

    assert 0.2 <= trying.do("pause", do)["took_s"] < 0.6
