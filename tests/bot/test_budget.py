import datetime as dt
import threading
import time

import pytest
from dbos import DBOSClient

from bot import errors
from bot.adapters.call_records import CallRecords
from bot.adapters.database import Database
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.job_runner import migrate_jobs
from bot.budget import Budget


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.day = dt.datetime(2026, 11, 30, 23, 59, tzinfo=dt.UTC)

    def __call__(self):
        """Give the time."""
        return self.day


@pytest.fixture
def clock():
    """A clock one minute before December."""
    return Clock()


@pytest.fixture
def budget_on(clock):
    """A function that gives a budget on a database, by default with ten calls."""

    def build(database, limit=10, ops_channel="C1OPS", per_second=1000):
        return Budget(
            JobIntake(database),
            CallRecords(database),
            limit=limit,
            per_second=per_second,
            ops_channel=ops_channel,
            now=clock,
        )

    return build


def notices(database):
    """Give what the operators are to be told, by the job's id."""
    client = DBOSClient(system_database_engine=database.engine, serializer=SERIALIZER)
    return {job.workflow_id: job.input["args"][0] for job in client.list_workflows()}


def spend(budget, calls):
    """Reserve so many calls; how many of them were allowed."""
    allowed = 0
    for _ in range(calls):
        try:
            budget.reserve()
        except errors.BudgetSpent:
            continue
        allowed += 1
    return allowed


def test_reason_names_way_out(database, budget_on):
    """What is over the limit hears which one it is and when it goes on by itself."""
    budget = budget_on(database)
    assert spend(budget, 10) == 10
    with pytest.raises(errors.BudgetSpent) as caught:
        budget.reserve()

    assert str(caught.value) == (
        "This month's limit of 10 Rekognition calls (REKOGNITION_PER_MONTH) is reached. Nobody "
        "needs to do anything: this picture is labelled by itself on 1 December, or as soon as an "
        "admin raises the limit."
    )
    assert not caught.value.can_pass
    assert not caught.value.passes_by_itself


def test_next_month_begins_anew(database, budget_on, clock):
    """On the first of the next month, in UTC, there are as many calls as before."""
    budget = budget_on(database)
    assert spend(budget, 12) == 10
    assert budget.left() == 0
    clock.day += dt.timedelta(minutes=1)

    assert budget.left() == 10
    assert spend(budget, 12) == 10


def test_call_waits_for_its_turn(database, budget_on, clock):
    """A call is made no earlier than its turn, also where the month before took the turns."""
    budget = budget_on(database, per_second=2)
    budget.reserve()
    clock.day += dt.timedelta(minutes=1)
    begun_s = time.monotonic()
    for _ in range(2):
        budget.reserve()

    assert time.monotonic() - begun_s >= 0.5, "less what passed before it began"


@pytest.mark.parametrize(
    ("day", "words"),
    [((2026, 1, 31), "1 February"), ((2026, 2, 1), "1 March"), ((2026, 12, 31), "1 January")],
)
def test_first_of_next_month(database, budget_on, clock, day, words):
    """The day on which it goes on is the first of the next month, from any day on."""
    clock.day = dt.datetime(*day, tzinfo=dt.UTC)
    budget = budget_on(database, limit=1)
    budget.reserve()
    with pytest.raises(errors.BudgetSpent) as caught:
        budget.reserve()

    assert caught.value.facts["resumes_on"] == words


def test_without_limit(database, budget_on):
    """Without a limit everything is allowed and nobody is told; it is counted all the same."""
    free = budget_on(database, limit=None)

    assert spend(free, 12) == 12
    assert (free.left(), free.status()) == (None, "")
    assert notices(database) == {}
    assert budget_on(database, limit=20).status() == "Rekognition calls this month: 12 of 20."


def test_operators_hear_twice(database, budget_on):
    """Operators are told once at 80 percent and once at the limit, also after a restart."""
    spend(budget_on(database), 7)
    before = notices(database)
    spend(budget_on(database), 2)
    near = notices(database)
    spend(budget_on(database), 1)
    spend(budget_on(database), 3)

    assert before == {}
    assert [*near] == ["calls/2026-11/8"]
    assert sorted(notices(database)) == ["calls/2026-11/10", "calls/2026-11/8"]
    assert notices(database)["calls/2026-11/8"] == {
        "channel": "C1OPS",
        "key": "calls/2026-11/8",
        "calls": 8,
        "limit": 10,
        "resumes_on": "1 December",
    }


def test_raised_limit_is_told_anew(database, budget_on):
    """After the limit was raised, its own two numbers are told of."""
    spend(budget_on(database, limit=5), 6)
    spend(budget_on(database, limit=20), 20)

    assert sorted(notices(database)) == [f"calls/2026-11/{n}" for n in (16, 20, 4, 5)]


def test_lowered_limit_is_told(database, budget_on):
    """A limit that is lowered below what was used is reached, and that alone is told."""
    spend(budget_on(database, limit=100), 7)
    assert spend(budget_on(database, limit=5), 1) == 0

    assert [*notices(database)] == ["calls/2026-11/5"]


def test_without_operators(database, budget_on, caplog):
    """Where no channel is set, the log says it."""
    spend(budget_on(database, limit=1, ops_channel=None), 2)

    assert notices(database) == {}
    assert [record.getMessage() for record in caplog.records] == ["month_limit"]


def test_all_processes_share_it(address, budget_on):
    """Processes that spend side by side share one limit, and tell of it once."""
    first = Database(address, statement_timeout_s=10)
    first.migrate()
    migrate_jobs(first)
    databases = [first, *(Database(address, statement_timeout_s=10) for _ in range(3))]
    together, allowed = threading.Barrier(8), []

    def work(at):
        budget = budget_on(databases[at % 4])
        together.wait()
        allowed.append(spend(budget, 2))

    threads = [threading.Thread(target=work, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = sorted(notices(first))
    for database in databases:
        database.close()

    assert sum(allowed) == 10
    assert told == ["calls/2026-11/10", "calls/2026-11/8"]
