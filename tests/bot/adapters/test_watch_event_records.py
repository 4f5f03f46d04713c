import pytest

from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.watch_event_records import HeldPicture, WatchEventRecords
from bot.model import ImageSource

FIRST, SECOND, THIRD = (ImageSource("T1", "C1", f"{at}.0", f"F{at}") for at in (1, 2, 3))


@pytest.fixture
def records(database):
    """Records on an empty database."""
    return WatchEventRecords(database)


def test_events_of_picture(records):
    """What came of a picture is told per watch; the first thing written stays."""
    records.note([1, 2], FIRST, state="held", reason="muted")
    records.note([1], FIRST, state="told", notice_key="k")
    records.note([1], SECOND, state="told", notice_key="k")
    found = records.of_picture([1, 3], FIRST)

    assert [(e.watch_id, e.source, e.state, e.reason) for e in found] == [
        (1, FIRST, "held", "muted")
    ]


def test_counted_in(database, records):
    """What a notice counts is told once, the newest first, for as long as it stands."""
    messages, pictures = MessageRecords(database), [FIRST, SECOND, THIRD]
    with database.begin() as connection:
        for source in pictures:
            accepted = Accepted(source.message, "0.5", "U1")
            messages.accept(connection, accepted, files=[{"id": source.file_id}])
    for source in (FIRST, SECOND):
        records.note([1, 2], source, state="held", reason="cool_down", notice_key="k")
    records.note([1], THIRD, state="held", reason="cool_down")
    counted = records.counted_in("k")
    RemovalRecords(database).mark_file("T1", SECOND.file_id)

    assert counted == [HeldPicture(SECOND, "0.5"), HeldPicture(FIRST, "0.5")]
    assert [held.source for held in records.counted_in("k")] == [FIRST]
