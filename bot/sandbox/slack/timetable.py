"""Work that is done now, beside the caller, or later: one clock thread and a pool of workers."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

_log = logging.getLogger(__name__)


class Timetable:
    """A bot that does not answer holds a worker for its three seconds, hence so many of them."""

    def __init__(self, workers: int = 64) -> None:
        self.stopping = threading.Event()
        """Set when the sandbox stops: whoever holds a line open on purpose lets go."""
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="sandbox-slack")
        self._loop = asyncio.new_event_loop()
        self._clock = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._clock.start()

    def now(self, work: Callable[[], object]) -> None:
        """Do the work as soon as a worker is free."""
        # The pool may close in the very moment between the question and the answer.
        with suppress(RuntimeError):
            if not self.stopping.is_set():
                self._pool.submit(work).add_done_callback(_report)

    def after(self, delay_s: float, work: Callable[[], object]) -> None:
        """Do the work in `delay_s` seconds, unless the sandbox stops before."""
        if not self.stopping.is_set():
            self._loop.call_soon_threadsafe(self._loop.call_later, delay_s, self.now, work)

    def stop(self) -> None:
        """Drop what is still to come and wait for what is under way."""
        self.stopping.set()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._clock.join()
        self._loop.close()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _report(done: Future[object]) -> None:
    if not done.cancelled() and done.exception():
        _log.error("The sandbox itself failed", exc_info=done.exception())
