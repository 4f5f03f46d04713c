import contextlib

import pytest
import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.keeping_records import KeepingRecords
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.tables import DELETED_FILES, MESSAGES
from bot.adapters.watch_records import WatchRecords
from bot.model import MessageRef

DAY_S = 24 * 3600.0
BORN_S = 1_000_000_000.0


@pytest.fixture
def database(address):
    """An empty database of each kind."""
    with contextlib.closing(Database(address, statement_timeout_s=5)) as database:
        database.migrate()
        yield database


@pytest.fixture
def keeping(database):
    """What is asked by age."""
    return KeepingRecords(database)


@pytest.fixture
def accept(database):
    """Accept a message of a given age."""

    def accept(channel, ts, *file_ids, poster="U1", at_s=BORN_S):
        accepted = Accepted(MessageRef("T1", channel, ts), ts, poster)
        with database.begin() as connection:
            MessageRecords(database).accept(
                connection, accepted, files=[{"id": name} for name in file_ids]
            )
            connection.execute(
                sa.update(MESSAGES).where(MESSAGES.c.ts == ts).values(accepted_at_s=at_s)
            )

    return accept


@pytest.fixture
def states(database):
    """Give the state of each message."""

    def states():
        with database.begin() as connection:
            rows = connection.execute(sa.select(MESSAGES.c.ts, MESSAGES.c.state))
            return {row.ts: row.state for row in rows}

    return states


def test_age_by_channel(database, keeping, accept, states):
    """A message expires after its channel's days, or else the default, and not an hour earlier."""
    WatchRecords(database).change_channel("T1", "C1", keep_days=30)
    WatchRecords(database).change_channel("T1", "C3", keep_days=None)
    for number in (1, 2, 3):
        accept(f"C{number}", f"{number}.0", "F1")
    found = {
        days: (keeping.expire(BORN_S + days * DAY_S, keep_days=90, at_most=9), states())
        for days in (29.95, 30, 89.95, 90)
    }

    assert [count for count, _ in found.values()] == [0, 1, 0, 2]
    assert found[30][1] == {"1.0": "expired", "2.0": "live", "3.0": "live"}
    assert {*found[90][1].values()} == {"expired"}


def test_waiting_is_kept(database, keeping, accept, states):
    """What waits for the month's limit does not expire before it is answered."""
    accept("C1", "1.0", "F1")
    MessageRecords(database).note_reply(MessageRef("T1", "C1", "1.0"), 1, waits=True, state="sent")
    early = keeping.expire(BORN_S + 99 * DAY_S, keep_days=1, at_most=9)
    with database.begin() as connection:
        MessageRecords(database).stop_waiting(connection, MessageRef("T1", "C1", "1.0"))
    keeping.expire(BORN_S + 99 * DAY_S, keep_days=1, at_most=9)

    assert early == 0
    assert states() == {"1.0": "expired"}


def test_oldest_expire_first(keeping, accept, states):
    """Of too many the oldest expire first, and the rest the next time."""
    for number in (3, 1, 2):
        accept("C1", f"{number}.0", "F1", at_s=BORN_S + number)
    later_s = BORN_S + 91 * DAY_S

    assert keeping.expire(later_s, keep_days=90, at_most=2) == 2
    assert states() == {"1.0": "expired", "2.0": "expired", "3.0": "live"}
    assert keeping.expire(later_s, keep_days=90, at_most=2) == 1
    assert keeping.expire(later_s, keep_days=90, at_most=2) == 0


def test_opted_out_are_marked(database, keeping, accept, states):
    """A message that slipped in while its poster opted out is marked later."""
    accept("C1", "1.0", "F1")
    accept("C1", "2.0", "F2", poster="U2")
    RemovalRecords(database).mark_person("T1", "U1")
    keeping.mark_opted_out()

    assert states() == {"1.0": "gone", "2.0": "live"}


def test_marks_are_dropped(database, keeping, accept):
    """Marks of deleted files stay for two days, and as long as a picture of theirs is kept."""
    accept("C1", "1.0", "F1")
    with database.begin() as connection:
        for file_id, days in (("F1", 9), ("F2", 3), ("F3", 1)):
            values = {"team": "T1", "file_id": file_id, "deleted_at_s": BORN_S - days * DAY_S}
            connection.execute(sa.insert(DELETED_FILES).values(**values))
    keeping.drop_marks(BORN_S)

    with database.begin() as connection:
        left = connection.execute(sa.select(DELETED_FILES.c.file_id)).scalars()
        assert sorted(left) == ["F1", "F3"]
    assert keeping.deleted_files() == [("T1", "F1")]


def test_oldest_files(database, keeping, accept):
    """The oldest files of a channel come first, without what is deleted, expired or no file."""
    accept("C1", "3.0", "F5")
    accept("C1", "2.0", "F4", "s3-1", "F3", "unread-access-points", "beyond-F6")
    accept("C1", "1.0", "F1")
    accept("C1", "0.5", "F0", at_s=BORN_S - 99 * DAY_S)
    accept("C2", "9.0", "F9")
    keeping.expire(BORN_S, keep_days=90, at_most=9)
    RemovalRecords(database).mark_file("T1", "F1")

    assert keeping.oldest_files("T1", "C1", at_most=9) == ["F4", "F3", "F5"]
    assert keeping.oldest_files("T1", "C1", at_most=1) == ["F4"]
    assert keeping.next_channel(("", "")) == ("T1", "C1")
    assert keeping.next_channel(("T1", "C1")) == ("T1", "C2")
    assert keeping.next_channel(("T1", "C2")) is None
