import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.request_records import RequestRecords
from bot.adapters.tables import REQUESTS


def test_noted_once(address):
    """A request is noted once, in each kind of database."""
    database = Database(address, statement_timeout_s=5)
    database.migrate()
    kept = RequestRecords(database)
    noted = [kept.note(signature) for signature in ("v0=a", "v0=b", "v0=a")]
    database.close()

    assert noted == [True, True, False]


def test_old_go(database):
    """What is too old to be taken again is forgotten."""
    now_s = 1000.0
    kept = RequestRecords(database, now_s=lambda: now_s)
    kept.note("v0=a")
    now_s += 1000.0
    kept.note("v0=b")

    with database.begin() as connection:
        assert connection.execute(sa.select(REQUESTS.c.signature)).scalars().all() == ["v0=b"]
