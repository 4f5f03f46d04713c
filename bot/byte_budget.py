"""How many bytes of originals are held in memory at once, however many jobs there are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ByteBudget:
    """Lets as many in at once as their bytes allow; may be used from any thread."""

    def __init__(self, total_bytes: int, *, most: int) -> None:
        """Take the bytes for all together, and how many may share them at most."""
        self._total_bytes = total_bytes
        self._least_bytes = total_bytes // most
        self._held_bytes = 0
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, size_bytes: int) -> Iterator[None]:
        """Wait until there is room; what is larger than the whole budget goes in alone."""
        share_bytes = min(max(size_bytes, self._least_bytes), self._total_bytes)
        with self._changed:
            self._changed.wait_for(lambda: self._held_bytes + share_bytes <= self._total_bytes)
            self._held_bytes += share_bytes
        try:
            yield
        finally:
            with self._changed:
                self._held_bytes -= share_bytes
                self._changed.notify_all()
