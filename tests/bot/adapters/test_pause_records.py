import pytest

from bot.adapters.pause_records import PauseRecords
from bot.adapters.watch_records import WatchRecords
from bot.rules import parse_rule


@pytest.fixture
def watches(database):
    """Three watches that tell a channel, two of them of one owner."""
    records = WatchRecords(database)
    for owner, label in (("U1", "dog"), ("U1", "cat"), ("U2", "dog")):
        records.add("T1", owner, parse_rule(f"{label} tell <#C1>"))
    return records


@pytest.fixture
def pauses(database):
    """Pauses on the same database."""
    return PauseRecords(database)


def ids(watches):
    """The ids of all of them."""
    return [watch.watch_id for watch in watches.telling("T1", "C1")]


def why(watches):
    """Why they are paused."""
    return {watch.paused_why for watch in watches.telling("T1", "C1")}


def test_pause_and_resume(pauses, watches):
    """A pause says why, until it is over."""
    pauses.pause(ids(watches), "archived")
    assert why(watches) == {"archived"}
    pauses.resume(ids(watches))

    assert why(watches) == {None}
    assert pauses.untold("T1", "C1", "archived") == []


def test_owners_are_told_once(pauses, watches):
    """What was paused together is told together, once per owner; pausing again changes nothing."""
    pauses.pause(ids(watches), "archived")
    first = pauses.untold("T1", "C1", "archived")
    pauses.pause(ids(watches), "archived")
    assert pauses.untold("T1", "C1", "archived") == first
    assert [(one.owner, len(one.watch_ids)) for one in first] == [("U1", 2), ("U2", 1)]
    pauses.note_told(first[0].watch_ids)

    assert pauses.untold("T1", "C1", "archived") == first[1:]


def test_first_cause_stays(pauses, watches):
    """A channel that cannot be told is paused for the first cause, the only one told."""
    (first, *others) = ids(watches)
    pauses.pause([first], "deleted")
    pauses.note_told([first])
    pauses.pause([first, *others], "bot_removed")

    assert why(watches) == {"deleted", "bot_removed"}
    assert pauses.untold("T1", "C1", "deleted") == []
    assert {i for one in pauses.untold("T1", "C1", "bot_removed") for i in one.watch_ids} == {
        *others
    }


def test_dead_after_deactivated(pauses, watches):
    """Whose account was switched off is told of a channel that cannot be told all the same."""
    (first, *_) = ids(watches)
    pauses.pause([first], "deactivated")
    pauses.pause([first], "archived")

    assert [one.watch_ids for one in pauses.untold("T1", "C1", "archived")] == [(first,)]


def test_next_pause_is_told_again(pauses, watches):
    """After a watch went on, its owner is told anew."""
    (first, *_) = ids(watches)
    pauses.pause([first], "archived")
    pauses.note_told([first])
    pauses.resume([first])
    pauses.pause([first], "archived")

    assert len(pauses.untold("T1", "C1", "archived")) == 1
