"""The record of what came in and went out."""

import threading
import time

from bot.sandbox.ledger import Ledger


def test_entries_filter_by_call():
    """Entries can be asked for by service, by call, or by both."""
    ledger = Ledger()
    ledger.record("slack", "chat.postMessage", channel="C0PHOTOS")
    ledger.record("slack", "files.info")
    ledger.record("s3", "PutObject")

    assert [entry.call for entry in ledger.entries("slack")] == ["chat.postMessage", "files.info"]
    assert ledger.entries(call="PutObject")[0].service == "s3"
    assert ledger.entries("slack", "chat.postMessage")[0].facts == {"channel": "C0PHOTOS"}


def test_count_equals_entries():
    """A count is the number of entries that the same question would list."""
    ledger = Ledger()
    for call in ("a", "b", "a"):
        ledger.record("slack", call)

    assert ledger.count() == 3
    assert ledger.count("slack", "a") == len(ledger.entries("slack", "a")) == 2
    assert ledger.count(call="b") == 1
    assert ledger.count("rekognition") == 0


def test_wait_wakes_on_record():
    """Whoever waits wakes as soon as another thread records what they wait for."""
    ledger = Ledger()
    threading.Timer(0.05, ledger.record, ("slack", "auth.test")).start()
    begun_s = time.monotonic()
    found = ledger.wait_for(lambda: ledger.count("slack", "auth.test"), timeout_s=5)

    assert found
    assert time.monotonic() - begun_s < 1


def test_wait_gives_up():
    """A wait for what never happens ends with False."""
    assert Ledger().wait_for(lambda: False, timeout_s=0.01) is False
