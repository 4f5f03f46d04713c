import threading

import pytest

from bot.adapters.call_records import CallRecords
from bot.adapters.database import Database

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
