"""A record of everything that came in and went out, so that tests can ask what really happened.

No tokens, no upload addresses, no picture bytes: facts are small values such as ids and outcomes.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One protocol call, or one delivery: when, to whom, which, and what tests need to know."""

    at_s: float
    """Seconds of `time.monotonic`: only differences mean something."""
    service: str
    """`slack`, `s3` or `rekognition` for calls of the bot, `event` for deliveries to it,
    `person` for what a person did."""
    call: str
    facts: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """Entries in the order in which they were recorded; may be used from any thread.

    `changed` is the sandbox's one lock and one bell: whoever changes something that a test may wait
    for does so while holding it, and rings it.
    """

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self._entries: list[Entry] = []
        self._counts: Counter[tuple[str | None, str | None]] = Counter()

    def record(self, service: str, call: str, **facts: Any) -> Entry:
        """Add one entry and wake whoever waits."""
        entry = Entry(time.monotonic(), service, call, facts)
        with self.changed:
            self._entries.append(entry)
            for key in ((service, call), (service, None), (None, call), (None, None)):
                self._counts[key] += 1
            self.changed.notify_all()
        return entry

    def entries(self, service: str | None = None, call: str | None = None) -> list[Entry]:
        """The entries of this service and call, oldest first; `None` means any."""
        with self.changed:
            return [
                entry
                for entry in self._entries
                if service in (None, entry.service) and call in (None, entry.call)
            ]

    def count(self, service: str | None = None, call: str | None = None) -> int:
        """How many entries `entries` would give, without looking at each."""
        with self.changed:
            return self._counts[(service, call)]

    def wait_for(self, predicate: Callable[[], Any], timeout_s: float) -> bool:
        """Wait until the predicate holds; False when it still did not after `timeout_s` seconds.

        The predicate runs with the lock held, each time something was recorded or changed.
        """
        with self.changed:
            return bool(self.changed.wait_for(predicate, timeout_s))
