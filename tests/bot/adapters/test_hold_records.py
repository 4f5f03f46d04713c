import time

import pytest

from bot.adapters.hold_records import HoldRecords
from bot.adapters.keeping_records import KeepingRecords
from bot.model import ALL_WATCHES


@pytest.fixture
def records(database):
    """Records on an empty database."""
    return HoldRecords(database)


def of(records, *watch_ids, person=""):
    """What holds: which watch, for whom, and why."""
    found = records.of_watches("T1", watch_ids, person=person)
    return [(hold.watch_id, hold.person, hold.reason) for hold in found]


def test_holds_of_watches(records):
    """Holds are found by their watches; those of everything by their person, within the team."""
    records.hold("T1", 1, "U1", by="U1")
    records.hold("T1", ALL_WATCHES, "U1", until_s=time.time() + 60, by="U1")
    records.hold("T1", ALL_WATCHES, "U2", by="U2")
    records.hold("T2", 1, "U1", by="U1")

    assert of(records, 1, person="U1") == [(1, "", "muted"), (0, "U1", "snoozed")]
    assert of(records, 1) == [(1, "", "muted")]
    assert of(records, 2) == []


def test_longer_hold_stays(records):
    """Of two holds of the same watch the longer one is there, and a mute is longer than any."""
    soon_s, late_s = time.time() + 60, time.time() + 120

    assert records.hold("T1", 1, "U1", until_s=late_s, by="U1") == late_s
    assert records.hold("T1", 1, "U2", until_s=soon_s, by="U2") == late_s
    assert records.hold("T1", 1, "U2", by="U2") is None
    assert records.hold("T1", 1, "U1", until_s=late_s, by="U1") is None
    assert of(records, 1) == [(1, "", "muted")]


def test_hold_of_watch(records):
    """A watch is held back once, whoever says so, and whoever ends it; the last mute is named."""
    records.hold("T1", 1, "U1", by="U1")
    records.hold("T1", 1, "U2", by="U2")
    (hold,) = records.of_watches("T1", [1])

    assert (hold.by, hold.person) == ("U2", "")
    assert records.lift("T1", 1, "U3")
    assert of(records, 1) == []


def test_snooze_ends_by_itself(records, database):
    """A snooze is over when its time is, also where nobody removes it; a mute is not."""
    ends_s = time.time() + 60
    records.hold("T1", 1, "U1", until_s=ends_s, by="U1")
    records.hold("T1", 2, "U1", by="U1")
    later = records.of_watches("T1", [1, 2], now_s=ends_s)
    KeepingRecords(database).drop_ended_holds(ends_s)

    assert [hold.watch_id for hold in later] == [2]
    assert of(records, 1, 2) == [(2, "", "muted")]


def test_lift_ended(records):
    """What has ended cannot be lifted."""
    records.hold("T1", 1, "U1", until_s=time.time() - 1, by="U1")

    assert not records.lift("T1", 1, "U1")
