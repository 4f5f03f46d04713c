import contextlib
import socket
import sqlite3
import threading
import time
import traceback

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot import errors
from bot.adapters.database import Database, on_one_connection
from bot.adapters.tables import LABELS_SEEN, METADATA, WORKERS, matching
from bot.model import ImageSource


@contextlib.contextmanager
def opened(url, *, statement_timeout_s=5):
    """Open a database for a while."""
    database = Database(url, statement_timeout_s=statement_timeout_s)
    try:
        yield database
    finally:
        database.close()


def differences(database):
    """List how the database differs from the tables in the code."""
    with database.engine.connect() as connection:
        options = {"version_table": "spotter_version", "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, METADATA)


def insert(database, table, *rows):
    """Write rows, in one transaction."""
    with database.begin() as connection:
        for row in rows:
            connection.execute(sa.insert(table).values(row))


def insert_worker(database):
    """Write a row."""
    with database.begin() as connection:
        return database.insert_once(connection, WORKERS, executor_id="e", beaten_at_s=1.0)


def test_migrations_give_tables(address):
    """Migrations lead to exactly the tables of the code, and running them again changes nothing."""
    with opened(address) as database:
        database.migrate()
        database.migrate()

        assert differences(database) == []
        with database.begin() as connection:
            assert {*sa.inspect(connection).get_table_names()} == {
                *METADATA.tables,
                "spotter_version",
            }


def test_migrations_side_by_side(address):
    """Processes that start at the same moment may all migrate."""
    failed = []

    def migrate():
        try:
            with opened(address) as database:
                database.migrate()
        except Exception as exc:  # noqa: BLE001 - the test asks for whatever there was
            failed.append(exc)

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    with opened(address) as database:
        assert differences(database) == []


def test_insert_once(address):
    """A row is inserted once per key, and the second time says so."""
    with opened(address) as database:
        database.migrate()

        assert [insert_worker(database), insert_worker(database)] == [True, False]


def test_unknown_column_is_our_mistake(address):
    """A value for a column that is not there is not passed over."""
    with opened(address) as database:
        database.migrate()
        with database.begin() as connection, pytest.raises(KeyError, match=r"workers\.beaten"):
            database.insert_once(connection, WORKERS, executor_id="e", beaten=1.0)


def test_failed_transaction_writes_nothing(database):
    """When a block raises, nothing of its transaction stays."""
    row = {"executor_id": "e", "beaten_at_s": 1.0}
    with pytest.raises(sa.exc.IntegrityError):
        insert(database, WORKERS, row, row)

    assert insert_worker(database)


def test_sqlite_keeps_what_it_committed(database):
    """SQLite writes ahead, and a commit survives a power cut."""
    with database.begin() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous")
        ]

        assert found == ["wal", 2]


def test_matching_names_one_picture():
    """The rows of one picture are found by team, channel, message and file."""
    source = ImageSource("T1", "C1", "1.0", "F1")

    assert [str(condition) for condition in matching(METADATA.tables["pictures"], source)] == [
        f"pictures.{name} = :{name}_1" for name in ("team", "channel", "ts", "file_id")
    ]


def test_locked_database_is_unavailable(database, tmp_path):
    """Somebody else's lock makes writing fail within the statement time-out."""
    database.close()
    other = sqlite3.connect(tmp_path / "spotter.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(str(database.url), statement_timeout_s=0.2) as waiting:
        begun_s = time.monotonic()

        with pytest.raises(errors.RecordsUnavailable):
            insert_worker(waiting)
        assert 0.1 < time.monotonic() - begun_s < 1
    other.close()


def test_locked_postgresql_is_unavailable(postgresql):
    """A lock on PostgreSQL makes writing fail within the statement time-out."""
    with opened(postgresql) as database, opened(postgresql, statement_timeout_s=0.3) as waiting:
        database.migrate()
        with database.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE workers IN EXCLUSIVE MODE")
            begun_s = time.monotonic()

            with pytest.raises(errors.RecordsUnavailable):
                insert_worker(waiting)
            assert 0.2 < time.monotonic() - begun_s < 1


def test_full_database_is_unavailable(database):
    """A full disk is trouble with our records, not a crash."""
    shown_by = {"team": "T", "channel": "C", "ts": "1.0", "file_id": "F"}
    names = [{**shown_by, "name": f"{at:0900}"} for at in range(900)]

    with database.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(errors.RecordsUnavailable):
        insert(database, LABELS_SEEN, *names)


def test_absent_file_is_unavailable(tmp_path):
    """A database file that cannot be opened is unavailable, also when migrating."""
    (tmp_path / "spotter.db").mkdir()
    with opened(f"sqlite:///{tmp_path / 'spotter.db'}") as database:
        assert not database.is_there()
        with pytest.raises(errors.RecordsUnavailable):
            database.migrate()


def test_damaged_file_is_unavailable(tmp_path):
    """A file that is no database is unavailable."""
    (tmp_path / "spotter.db").write_bytes(b"no database at all" * 99)
    with opened(f"sqlite:///{tmp_path / 'spotter.db'}") as database:
        assert not database.is_there()


def test_standby_is_unavailable(postgresql):
    """A PostgreSQL that only lets one read, as after a failover, is unavailable for writing."""
    with opened(postgresql) as database:
        database.migrate()
        url = sa.make_url(postgresql)
        with database.begin() as connection:
            connection.exec_driver_sql("DROP ROLE IF EXISTS reader")
            connection.exec_driver_sql("CREATE ROLE reader SUPERUSER LOGIN")
            connection.exec_driver_sql("ALTER ROLE reader SET default_transaction_read_only = on")

        with (
            opened(url.set(username="reader")) as standby,
            pytest.raises(errors.RecordsUnavailable),
        ):
            insert_worker(standby)


def test_absent_server_is_unavailable():
    """Without a server behind the address there is no database, and no long wait."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql+psycopg://u:hunter2@127.0.0.1:{unused.getsockname()[1]}/db"
        with opened(url, statement_timeout_s=2) as database:
            begun_s = time.monotonic()

            with pytest.raises(errors.RecordsUnavailable) as caught:
                insert_worker(database)
            assert time.monotonic() - begun_s < 2.5
            assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_silent_server_is_unavailable():
    """A server that takes the connection and never answers holds nobody up for long."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://u@127.0.0.1:{silent.getsockname()[1]}/db"
        with opened(url, statement_timeout_s=2) as database:
            begun_s = time.monotonic()

            assert not database.is_there()
            assert time.monotonic() - begun_s < 2.5


@pytest.mark.parametrize(("timeout_s", "idle_s"), [(2, 1), (30, 15), (0.5, 1)])
def test_silence_ends_connection(timeout_s, idle_s):
    """This machine itself ends a connection to PostgreSQL that stays silent for the time-out."""
    told = {}

    def stop_connecting(_dialect, _record, _args, parameters):
        told.update(parameters)
        raise sa.exc.InterfaceError("", None, None)

    with opened("postgresql+psycopg://u@127.0.0.1/db", statement_timeout_s=timeout_s) as database:
        sa.event.listen(database.engine, "do_connect", stop_connecting)
        assert not database.is_there()

    assert told["tcp_user_timeout"] == timeout_s * 1000
    assert (told["keepalives"], told["keepalives_idle"]) == (1, idle_s)


def test_errors_hide_values(database):
    """What was to be written does not stand in an error's text, which goes into the log."""
    with pytest.raises(sa.exc.IntegrityError) as caught:
        insert(database, WORKERS, {"executor_id": "secret-" + "name", "beaten_at_s": None})

    assert "secret-name" not in "".join(traceback.format_exception(caught.value))


def test_is_there(database):
    """A database that answers is there."""
    assert database.is_there()


def test_reads_on_one_connection(database):
    """What is read together is read on one connection, which is given back in the end."""
    taken = []
    sa.event.listen(database.engine, "checkout", lambda *facts: taken.append(facts[0]))
    with on_one_connection():
        with database.begin() as first, on_one_connection(), database.begin() as second:
            assert first is second
        with database.begin() as third:
            assert third is first
    with database.begin() as fourth:
        assert fourth is not first

    assert len(taken) == 2
    assert "Current Checked out connections: 0" in database.engine.pool.status()


def test_one_connection_after_failure(database):
    """Trouble while things are read together is ours, and leaves no connection behind."""
    with (
        pytest.raises(errors.RecordsUnavailable),
        on_one_connection(),
        database.begin() as connection,
    ):
        connection.execute(sa.text("SELECT * FROM nowhere"))

    assert "Current Checked out connections: 0" in database.engine.pool.status()


def test_one_connection_in_our_words(database):
    """An outage at the very end of what is read together is ours too."""

    def fail(_connection):
        raise sa.exc.OperationalError("", None, sqlite3.OperationalError("gone"))

    sa.event.listen(database.engine, "commit", fail)
    with pytest.raises(errors.RecordsUnavailable), on_one_connection(), database.begin():
        pass
