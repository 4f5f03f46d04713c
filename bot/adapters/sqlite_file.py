"""How SQLite is opened: what survives a power cut, and in which turn one writes.

A file of SQLite allows one writer at a time. A connection that finds another one writing sleeps and
looks again, up to a tenth of a second each time, and under load most of a second is slept away. So
the writers of this process line up at a lock before they ask SQLite, and go on the moment it is
free; SQLite's own waiting is left for other processes. Whoever takes jobs from a queue goes first:
all jobs of the queue wait for that one thread.
"""

from __future__ import annotations

import functools
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

_PAUSES_S = (0.01, 0.02, 0.04, 0.08, 0.16)
_MY_TURN = "my_turn"
_GOES_FIRST = "queue-worker-"
"""So the job library calls the threads that take jobs from its queues."""
_CACHE_KIB = 256


def open_sqlite(url: sa.URL, *, timeout_s: float, **options: Any) -> sa.Engine:
    """An engine on a file, which is made if need be; takes what `create_engine` takes.

    A statement that could not begin to write for about `timeout_s` fails as `OperationalError`.
    """
    file = Path(url.database or "").resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    # Half for the writers of this process, half for others: both may have to be waited for.
    patience_s = timeout_s / 2
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": patience_s}, **options
    )
    sa.event.listen(engine, "connect", _prepare)
    _take_turns(engine, _turn_at(file), patience_s)
    return engine


class Turn:
    """Who may write a file; held by one thread, and given back by any."""

    def __init__(self) -> None:
        """Hold it for nobody yet."""
        self._held = threading.Lock()
        self._door = threading.Lock()

    def take(self, *, patience_s: float) -> bool:
        """Wait for it, for about so long; whether it is this thread's now."""
        if threading.current_thread().name.startswith(_GOES_FIRST):
            return self._held.acquire(timeout=patience_s)
        # One at a time comes in from here, so that who goes first has one before it at the most.
        begun_s = time.monotonic()
        if not self._door.acquire(timeout=patience_s):
            return False
        try:
            left_s = begun_s + patience_s - time.monotonic()
            return self._held.acquire(timeout=max(0.0, left_s))
        finally:
            self._door.release()

    def give(self) -> None:
        """Give it to whoever waits."""
        self._held.release()


@functools.cache
def _turn_at(_file: Path) -> Turn:
    """Where this process's writers of a file line up, whatever engine they use."""
    return Turn()


def _take_turns(engine: sa.Engine, turn: Turn, patience_s: float) -> None:
    """Hold the lock from a transaction's first change until its connection is given back.

    Statements as text take no turn: those are migrations, before anybody works.
    """

    def take(connection: sa.Connection, *facts: Any) -> None:
        context = facts[3]
        changes = context and (context.isinsert or context.isupdate or context.isdelete)
        if changes and _MY_TURN not in connection.info:
            if not turn.take(patience_s=patience_s):
                locked = sqlite3.OperationalError("database is locked")
                raise sa.exc.OperationalError("", None, locked, hide_parameters=True)
            connection.info[_MY_TURN] = True

    def give(_connection: Any, record: Any) -> None:
        if record.info.pop(_MY_TURN, False):
            turn.give()

    sa.event.listen(engine, "before_cursor_execute", take)
    sa.event.listen(engine, "checkin", give)


def _prepare(connection: Any, _record: Any) -> None:
    # WAL lets one side read while another writes; FULL makes a commit survive a power cut, which is
    # what an answer of 200 to Slack promises.
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    # Each connection keeps pages of its own, up to 2 MB if left to itself, and dozens are open.
    # What it does not keep, the system has in memory all the same.
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    # The job library deletes a job's steps by the references to it.
    connection.execute("PRAGMA foreign_keys=ON")
    connection.isolation_level = "IMMEDIATE"
    connection.create_function("strftime", 2, _strftime)


def _strftime(form: str, moment: str) -> float:
    """SQLite's clock for the job library, which keeps its rates by it.

    Before Python 3.12 the library asks for whole seconds; a rate of one per 1.1 s needs fractions.
    Its columns' defaults ask this clock too, and so hold fractions of a millisecond.
    """
    if (form, moment) != ("%s", "now"):
        raise ValueError(form, moment)
    return time.time()


def _switch_to_wal(connection: Any) -> None:
    """Where several connections do this to a new file, SQLite does not wait for its turn."""
    for pause_s in (*_PAUSES_S, None):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            if pause_s is None or "locked" not in str(exc):
                raise
            time.sleep(pause_s)
        else:
            return
