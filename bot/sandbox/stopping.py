"""Ctrl-C and SIGTERM for the demo: heard at any moment, obeyed where nothing is half done."""

from __future__ import annotations

import os
import signal


class Stopped(Exception):
    """Somebody wants the demo to end."""


class Stopping:
    """Whether it is time to stop. Signals interrupt nothing: who waits asks again and again."""

    def __init__(self) -> None:
        self._is_told = False

    def listen(self) -> Stopping:
        """From now on Ctrl-C and SIGTERM are a wish to stop, also while stopping; gives itself."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._hear())
        return self

    def _hear(self) -> None:
        if not self._is_told:
            # Neither a lock nor a buffer: the code that was interrupted here may hold both.
            os.write(2, b"\nStopping.\n")
        self._is_told = True

    def check(self) -> None:
        """Go on, unless somebody wants it to end.

        Raises:
            Stopped: it is time.
        """
        if self._is_told:
            raise Stopped
