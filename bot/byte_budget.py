"""How many bytes of originals are held in memory at once, however many jobs there are."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class ByteBudget:
    """Lets as many in at once as their bytes allow; may be used from any thread."""

    def __init__(self, total_bytes: int, *, most: int) -> None:
        """Take the bytes for all together, and how many may share them at most."""
        self._total_bytes = total_bytes
        self._least_bytes = total_bytes // most
        self._held_bytes = 0
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, size_bytes: int) -> Iterator[None]:
        """Wait until there is room; what is larger than the whole budget goes in alone.

        First come, first served: small ones that come later do not keep a large one waiting.
        """
        share_bytes = min(max(size_bytes, self._least_bytes), self._total_bytes)
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            self._changed.wait_for(lambda: self._line[0] is ticket and self._has(share_bytes))
            self._line.popleft()
            self._held_bytes += share_bytes
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._held_bytes -= share_bytes
                self._changed.notify_all()

    def _has(self, share_bytes: int) -> bool:
        return self._held_bytes + share_bytes <= self._total_bytes
