import contextlib
import threading
import time

import pytest
import sqlalchemy as sa

from bot.adapters.sqlite_file import open_sqlite

HELD_S = 0.3


@pytest.fixture
def engines(tmp_path):
    """Two engines on one file, as our tables and the job library have."""
    url = sa.make_url(f"sqlite:///{tmp_path}/turns.db")
    pair = [open_sqlite(url, timeout_s=timeout_s) for timeout_s in (10.0, 2 * HELD_S)]
    with pair[0].begin() as connection:
        connection.exec_driver_sql("CREATE TABLE numbers (number INTEGER UNIQUE)")
    yield pair
    for engine in pair:
        engine.dispose()


NUMBERS = sa.table("numbers", sa.column("number"))


def add(engine, number):
    """Write a row, in a transaction."""
    with engine.begin() as connection:
        connection.execute(sa.insert(NUMBERS).values(number=number))


def numbers(engine):
    """All rows."""
    with engine.begin() as connection:
        return sorted(connection.execute(sa.select(NUMBERS.c.number)).scalars())


@contextlib.contextmanager
def writing(engine, number):
    """A transaction that has written something, and takes its time."""
    with engine.begin() as connection:
        connection.execute(sa.insert(NUMBERS).values(number=number))
        yield


def test_writer_waits_before_sqlite(engines):
    """Who wants to write while another one does is held back before SQLite is asked."""
    asked = threading.Event()
    sa.event.listen(engines[0], "before_cursor_execute", lambda *_: asked.set())
    other = threading.Thread(target=add, args=(engines[0], 2))
    with writing(engines[1], 1):
        other.start()
        was_asked = asked.wait(HELD_S)
    other.join()

    assert not was_asked
    assert numbers(engines[0]) == [1, 2]


def test_reader_does_not_wait(engines):
    """Reading goes on while somebody writes, and sees what was written before."""
    with writing(engines[0], 1):
        seen = numbers(engines[1])

    assert (seen, numbers(engines[1])) == ([], [1])


def test_who_takes_jobs_goes_first(engines):
    """Of many that wait, the thread that takes jobs from a queue has one before it at the most."""
    names = [*(f"job-{number}" for number in range(2, 6)), "queue-worker-posts"]
    with writing(engines[0], 1):
        writers = [
            threading.Thread(target=add, args=(engines[0], number), name=name)
            for number, name in enumerate(names, start=2)
        ]
        for writer in writers:
            writer.start()
            time.sleep(HELD_S / 6)
    for writer in writers:
        writer.join()

    with engines[0].begin() as connection:
        written = connection.execute(sa.select(NUMBERS.c.number).order_by(sa.text("rowid")))
        assert written.scalars().all()[:3] == [1, 2, 6]


def test_patience_ends(engines):
    """A writer that waits too long for its turn fails as when the file is locked."""
    with writing(engines[0], 1), pytest.raises(sa.exc.OperationalError, match="locked"):
        add(engines[1], 2)

    assert numbers(engines[1]) == [1]


def test_failure_gives_turn_back(engines):
    """A transaction that failed keeps nobody back."""
    add(engines[0], 1)
    with pytest.raises(sa.exc.IntegrityError):
        add(engines[0], 1)
    add(engines[1], 2)

    assert numbers(engines[0]) == [1, 2]


def test_many_writers(engines):
    """All of many writers get their turn."""
    threads = [
        threading.Thread(target=add, args=(engines[number % 2], number)) for number in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers(engines[0]) == list(range(40))


def test_clock_has_fractions(engines):
    """The clock that the job library asks SQLite for counts milliseconds on every Python."""
    now_ms = sa.select(sa.cast(sa.func.strftime("%s", "now") * 1000, sa.BigInteger))
    with engines[0].begin() as connection:
        began_ms = time.time() * 1000
        read = [connection.execute(now_ms).scalar_one() for _ in range(3) if not time.sleep(0.01)]
        ended_ms = time.time() * 1000

    assert began_ms - 1 <= read[0] < read[1] < read[2] <= ended_ms
