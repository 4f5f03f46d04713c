import pytest

from bot.adapters.watch_event_records import WatchEventRecords
from bot.model import ImageSource

FIRST, SECOND = (ImageSource("T1", "C1", ts, "F1") for ts in ("1.0", "2.0"))


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


def test_counted_in_notice(records):
    """What was held and a notice has counted is told apart from all else."""
    records.note([1], FIRST, state="held", reason="cool_down")
    records.note([1], SECOND, state="held", reason="cool_down", notice_key="k")
    records.note([1], ImageSource("T1", "C1", "3.0", "F1"), state="lost", reason="no_access")
    records.note([2], FIRST, state="held", reason="cool_down")

    assert [event.source for event in records.counted_in("k")] == [SECOND]
