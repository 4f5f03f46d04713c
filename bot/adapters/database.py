"""The database: one engine for our tables and the jobs, the same code on SQLite and PostgreSQL.

Knows how to open, migrate and write once; what is kept lives in the `..._records` modules.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.dialects import postgresql, sqlite

from bot import errors
from bot.adapters.sqlite_file import open_sqlite
from bot.adapters.tables import written

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK_MIGRATION = "SELECT pg_advisory_xact_lock(7768837)"
"""With an arbitrary number: whoever holds it in PostgreSQL is the one that migrates."""


_OUR_MISTAKES = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)
"""Everything else that a database reports, a damaged file and a failover too, is an outage."""


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Make every outage `errors.RecordsUnavailable`; what is our own mistake stays what it is."""
    try:
        yield
    except _OUR_MISTAKES:
        raise
    except (sa.exc.DatabaseError, sa.exc.InterfaceError, sa.exc.TimeoutError) as exc:
        raise errors.RecordsUnavailable from exc


@dataclass(frozen=True)
class _Shared:
    """The connections that one thread goes on reading with."""

    closing: ExitStack
    connections: dict[Database, sa.Connection] = field(default_factory=dict)


_SHARED: ContextVar[_Shared | None] = ContextVar("shared connection", default=None)


@contextmanager
def on_one_connection() -> Iterator[None]:
    """What is read inside is read on one connection: to open one costs more than to read a row.

    For reads that follow each other at once, in one thread, and change nothing.
    Raises: errors.RecordsUnavailable when the database is away or too slow.
    """
    if _SHARED.get() is not None:
        yield
        return
    with _in_our_words(), ExitStack() as closing:
        before = _SHARED.set(_Shared(closing))
        try:
            yield
        finally:
            _SHARED.reset(before)


class Database:
    """An open database; every failure of it is `errors.RecordsUnavailable`."""

    def __init__(self, url: str, *, statement_timeout_s: float) -> None:
        """Open `url` lazily; a statement that takes longer than the time-out fails.

        A web process must answer Slack within seconds, so it opens its own with a short time-out.
        """
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _open_engine(self.url, statement_timeout_s)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """One transaction.

        Raises: errors.RecordsUnavailable when the database is away, full or too slow.
        """
        with _in_our_words(), self._connection() as connection:
            yield connection

    def _connection(self) -> AbstractContextManager[sa.Connection]:
        shared = _SHARED.get()
        if shared is None:
            return self.engine.begin()
        if self not in shared.connections:
            shared.connections[self] = shared.closing.enter_context(self.engine.begin())
        return nullcontext(shared.connections[self])

    def insert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        """An insert that can say what holds on a conflict, in the words of this database."""
        return insert_into(table, is_sqlite=self.is_sqlite)

    def insert_once(self, connection: sa.Connection, table: sa.Table, **values: Any) -> bool:
        """Insert a row unless its key is taken; whether it was inserted."""
        # Without the option SQLAlchemy does not say, on PostgreSQL, how many rows went in.
        options = {"preserve_rowcount": True}
        done = connection.execute(
            _insert_once(table, is_sqlite=self.is_sqlite),
            written(table, values),
            execution_options=options,
        )
        return done.rowcount == 1

    def migrate(self) -> None:
        """Bring our tables to this release's shape; safe to run from several processes at once.

        Raises: errors.RecordsUnavailable when the database is away, full or too slow.
        """
        with self.begin() as connection:
            # SQLite's driver opens no transaction of its own before a table is made.
            connection.exec_driver_sql("BEGIN IMMEDIATE" if self.is_sqlite else _LOCK_MIGRATION)
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_there(self) -> bool:
        """Whether the database answers."""
        try:
            with self.begin() as connection:
                connection.execute(sa.select(1))
        except errors.RecordsUnavailable:
            return False
        return True

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def insert_into(table: sa.Table, *, is_sqlite: bool) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what holds on a conflict, in the words of this kind of database."""
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


@functools.cache
def _insert_once(table: sa.Table, *, is_sqlite: bool) -> sa.Insert:
    return insert_into(table, is_sqlite=is_sqlite).on_conflict_do_nothing()


def _open_engine(url: sa.URL, statement_timeout_s: float) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        return open_sqlite(url, timeout_s=statement_timeout_s)
    return sa.create_engine(
        url,
        # An error's text reaches the log, where file names and addresses have no business.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=statement_timeout_s,
        connect_args={
            "connect_timeout": max(2, int(statement_timeout_s)),
            "options": f"-c statement_timeout={int(statement_timeout_s * 1000)}",
            **_giving_up_after(statement_timeout_s),
        },
    )


def _giving_up_after(timeout_s: float) -> dict[str, int]:
    """What makes this machine end a connection whose other end fell silent.

    The statement time-out is the server's: one that is cut off cannot keep it. Unanswered data ends
    the connection by the first value, in milliseconds; without data, unanswered probes do.
    https://www.postgresql.org/docs/current/libpq-connect.html
    """
    return {
        "tcp_user_timeout": int(timeout_s * 1000),
        "keepalives": 1,
        "keepalives_idle": max(1, int(timeout_s / 2)),
        "keepalives_interval": 1,
        "keepalives_count": max(1, int(timeout_s / 2)),
    }
