"""What tests order to go wrong."""

import pytest

from bot.sandbox.faults import Fault, Faults, Killed


def test_order_is_served_once():
    """An ordered fault comes as often as ordered, and for that call only."""
    faults = Faults()
    fault = Fault("error", error="internal_error")
    faults.order("slack", "chat.postMessage", fault)

    assert faults.arrival("slack", "files.info") is None
    assert faults.arrival("slack", "chat.postMessage") is fault
    assert faults.arrival("slack", "chat.postMessage") is None


def test_order_waits_its_turn():
    """An order may let some calls pass and then hold for several."""
    faults = Faults()
    faults.order("s3", "PutObject", Fault("status"), times=2, after=1)
    served = [faults.arrival("s3", "PutObject") is not None for _ in range(4)]

    assert served == [False, True, True, False]


def test_star_takes_any_call():
    """An order for "*" takes the next call of the service, whichever it is."""
    faults = Faults()
    faults.order("slack", "*", Fault("drop_before"))

    assert faults.arrival("s3", "PutObject") is None
    assert faults.arrival("slack", "users.info") == Fault("drop_before")


@pytest.mark.parametrize("moment", ["arrival", "effect"])
def test_kill_runs_at_moment(moment):
    """A kill runs at the ordered call and moment, once, and raises Killed."""
    killed = []
    faults = Faults()
    faults.kill = lambda: killed.append(moment)
    faults.kill_at("slack", "chat.postMessage", moment, nth=2)
    strike = getattr(faults, moment)
    strike("slack", "chat.postMessage")
    with pytest.raises(Killed):
        strike("slack", "chat.postMessage")
    strike("slack", "chat.postMessage")

    assert killed == [moment]


def test_pending_counts_down():
    """What has not happened yet is counted, and can be forgotten."""
    faults = Faults()
    faults.order("slack", "files.info", Fault("slow"), times=3)
    faults.kill_at("slack", "upload", "effect")
    faults.arrival("slack", "files.info")
    before = faults.pending()
    faults.clear()

    assert (before, faults.pending()) == (3, 0)


def test_effect_of_each_kind():
    """Only the kinds that say so let the call do its work, unless `done` is set."""
    assert Fault("drop_after").takes_effect
    assert Fault("cut").takes_effect
    assert not Fault("drop_before").takes_effect
    assert not Fault("error").takes_effect
    assert Fault("error", done=True).takes_effect
