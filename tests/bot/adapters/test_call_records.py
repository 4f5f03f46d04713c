import itertools
import threading
import time

import pytest
import sqlalchemy as sa

from bot.adapters.call_records import CallRecords
from bot.adapters.database import Database
from bot.adapters.tables import PACES

MONTH = "2026-11"


@pytest.fixture
def filled(address):
    """A database of each kind with every table and no rows."""
    database = Database(address, statement_timeout_s=5)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def records(filled):
    """The calls on that database."""
    return CallRecords(filled)


@pytest.fixture
def reserve(filled, records):
    """Reserve calls, each in a transaction of its own."""

    def reserve(month=MONTH, limit=2):
        with filled.begin() as connection:
            return records.reserve(connection, month, limit=limit)

    return reserve


def test_count_ends_at_limit(records, reserve):
    """Calls are counted one by one up to the limit, and not beyond."""
    assert [reserve() for _ in range(4)] == [1, 2, None, None]
    assert records.reserved(MONTH) == 2


def test_months_count_apart(records, reserve):
    """Each month begins at nothing."""
    assert [reserve(), reserve("2026-12"), reserve()] == [1, 1, 2]
    assert records.reserved("2027-01") == 0


def test_limit_can_change(reserve):
    """A limit that is raised allows more; without one, calls are counted all the same."""
    assert [reserve(limit=1), reserve(limit=1), reserve(limit=2), reserve(limit=None)] == [
        1,
        None,
        2,
        3,
    ]


def test_last_call_goes_once(address, filled):
    """Of many that reach for the last calls at once, as many get one as there are."""
    together, given = threading.Barrier(12), []
    databases = [Database(address, statement_timeout_s=10) for _ in range(4)]

    def reach(at):
        database = databases[at % 4]
        together.wait()
        with database.begin() as connection:
            given.append(CallRecords(database).reserve(connection, MONTH, limit=5))

    threads = [threading.Thread(target=reach, args=(at,)) for at in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()

    assert sorted(one for one in given if one) == [1, 2, 3, 4, 5]
    assert given.count(None) == 7
    assert CallRecords(filled).reserved(MONTH) == 5


def test_notice_is_claimed_once(filled, records, reserve):
    """That a number was reached is told once, and a lower number not after it."""
    reserve()
    with filled.begin() as connection:
        claimed = [
            records.claim_notice(connection, MONTH, calls=calls) for calls in (80, 80, 100, 80, 100)
        ]

    assert claimed == [True, False, True, False, False]


def test_lost_transaction_counts_nothing(filled, records):
    """A reservation whose transaction is lost was never made, so nothing was called."""
    with filled.begin() as connection:
        records.reserve(connection, MONTH, limit=5)
        connection.rollback()

    assert records.reserved(MONTH) == 0


# -- turns


def waits(database, records, *, count, per_second):
    """How long each of so many calls, that come in one moment, has to wait."""
    with database.begin() as connection:
        return [records.take_turn(connection, per_second=per_second) for _ in range(count)]


def set_next_turn(database, *, in_s):
    """Write when the next turn is."""
    with database.begin() as connection:
        connection.execute(sa.update(PACES).values(next_at_s=time.time() + in_s))


@pytest.mark.parametrize("per_second", [0.1, 5, 50])
def test_turns_are_apart(filled, records, per_second):
    """The first call goes at once, and each further one has its turn a quota's gap later."""
    begun_s = time.monotonic()
    waited = waits(filled, records, count=5, per_second=per_second)
    late_s = time.monotonic() - begun_s

    for number, wait_s in enumerate(waited):
        assert max(0.0, number / per_second - late_s) <= wait_s <= number / per_second + 1e-3


@pytest.mark.usefixtures("filled")
def test_processes_share_turns(address):
    """Four processes that come at once get turns that are a gap apart, none of them twice."""
    together, turns_s = threading.Barrier(4), []
    databases = [Database(address, statement_timeout_s=10) for _ in range(4)]

    def reach(database):
        together.wait()
        for _ in range(5):
            (wait_s,) = waits(database, CallRecords(database), count=1, per_second=0.1)
            turns_s.append(time.monotonic() + wait_s)

    threads = [threading.Thread(target=reach, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()

    turns_s.sort()
    gaps_s = [later - earlier for earlier, later in itertools.pairwise(turns_s)]
    assert gaps_s == pytest.approx([10.0] * 19, abs=5.0)


def test_waiting_to_write_costs_no_room(filled, records, address):
    """Whoever waited long to write gets a turn after those before, and not one of long ago."""
    other, waited, begun = Database(address, statement_timeout_s=10), [], threading.Event()

    def come_late():
        begun.set()
        waited.extend(waits(other, CallRecords(other), count=2, per_second=0.1))

    late = threading.Thread(target=come_late)
    with filled.begin() as connection:
        records.take_turn(connection, per_second=1)
        late.start()
        begun.wait()
        time.sleep(1.2)
    late.join()
    other.close()

    first, second = waited
    assert first == 0.0, "a second, if it had looked at the clock before it waited"
    assert second == pytest.approx(10.0, abs=5.0)


@pytest.mark.parametrize(
    ("per_second", "in_s", "wait_s"),
    [(5, 35, 35), (5, 60, 0), (5, 86400, 0), (0.1, 1900, 1900), (0.1, 2100, 0)],
)
def test_turn_of_wrong_clock_is_forgotten(filled, records, per_second, in_s, wait_s):
    """A turn that only a wrong clock can have put so far away holds up nobody."""
    waits(filled, records, count=1, per_second=per_second)
    set_next_turn(filled, in_s=in_s)

    assert waits(filled, records, count=1, per_second=per_second) == [
        pytest.approx(wait_s, abs=5.0)
    ]


def test_pause_saves_no_turns(filled, records):
    """What was not used is not made up for: after a pause calls are a gap apart again."""
    waits(filled, records, count=1, per_second=5)
    set_next_turn(filled, in_s=-60)

    first, second = waits(filled, records, count=2, per_second=0.1)
    assert first == 0.0
    assert second == pytest.approx(10.0, abs=5.0)
