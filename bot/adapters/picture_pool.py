"""Decode and draw in processes of their own: a hostile picture costs itself and nothing else.

Encoded bytes cross the border, never images; and outcomes, never a decoder's errors.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Any, cast

import pebble

from bot import errors
from bot.adapters.picture_worker import (
    Prepared,
    annotate_picture,
    limit_worker,
    prepare_picture,
    prepare_within_share,
    preview_picture,
    run_task,
    warm_worker,
)
from bot.drawing import Style
from bot.hiding import Hiding
from bot.model import Analysis
from bot.picture_limits import MEBIBYTE, too_large

_SHARE_BYTES = 200 * MEBIBYTE
"""What one picture may take while others are opened beside it; above that it is opened alone."""
_GRACE_S = 10.0
"""How long after its time limit a picture is waited for before the pool itself is given up."""


class _Killed(Exception):
    """A worker was ended from outside, perhaps by no fault of its picture."""

    def __init__(self, reason: errors.SpotterError) -> None:
        """Take what to say when it happens again."""
        super().__init__(reason)
        self.reason = reason


class WorkerFailed(RuntimeError):
    """A mistake of ours inside a worker; the message is the worker's traceback, for the log."""


class PicturePool:
    """A few processes that open and draw pictures; each call waits for its result.

    Calls may come from many threads; as many as there are workers run side by side, the others
    wait. All that run together stay under `memory_bytes`: a picture that takes more than a share
    of it to open is opened alone. Workers start with the first call, or with `warm_up`.
    """

    def __init__(
        self, *, workers: int = 2, memory_bytes: int, max_frames: int, time_limit_s: float
    ) -> None:
        """Take what one picture may cost: bytes of memory to decode it, frames, and seconds."""
        self._workers = workers
        self._memory_bytes = memory_bytes
        self._share_bytes = min(_SHARE_BYTES, memory_bytes // workers)
        self._max_frames = max_frames
        self._time_limit_s = time_limit_s
        self._turns = threading.BoundedSemaphore(workers)
        self._collecting = threading.Lock()
        self._lock = threading.RLock()
        self._pool: pebble.ProcessPool | None = None
        self._running: set[pebble.ProcessFuture[Any]] = set()
        self._is_closed = False

    def prepare(self, data: bytes) -> Prepared:
        """Open a posted picture and make its working copy.

        Raises: the `errors.PictureError` family, also where the worker dies of the picture.
        """
        beside = self.run(prepare_within_share, data, self._share_bytes, self._max_frames)
        if beside is not None:
            return cast("Prepared", beside)
        with self._every_turn():
            return cast(
                "Prepared",
                self._run(prepare_picture, (data, self._memory_bytes, self._max_frames)),
            )

    def annotate(
        self, jpeg: bytes, analysis: Analysis, style: Style, *, hiding: Hiding | None = None
    ) -> bytes:
        """A working copy with what is shown of it drawn on it: JPEG without metadata.

        Raises: the `errors.PictureError` family, where the worker dies of it.
        """
        return cast("bytes", self.run(annotate_picture, jpeg, analysis, style, hiding))

    def preview(
        self, jpeg: bytes, analysis: Analysis, style: Style, *, hiding: Hiding | None = None
    ) -> bytes:
        """The same, small enough to be seen beside words: drawn on the reduced picture.

        Raises: the `errors.PictureError` family, where the worker dies of it.
        """
        return cast("bytes", self.run(preview_picture, jpeg, analysis, style, hiding))

    def run(self, task: Callable[..., Any], *arguments: Any) -> Any:
        """Run an importable function in a worker, under the limits; what it returns is returned.

        Raises: `errors.PictureTooLarge` out of memory or time, `errors.PictureBroken` when the
        worker crashes, `errors.Interrupted` when it is ended from outside and when the pool is
        closed, `WorkerFailed` for a mistake of ours.
        """
        with self._turns:
            return self._run(task, arguments)

    @contextmanager
    def _every_turn(self) -> Iterator[None]:
        """Wait until nothing else runs, and keep it so."""
        with self._collecting, ExitStack() as turns:
            for _ in range(self._workers):
                turns.enter_context(self._turns)
            yield

    def _run(self, task: Callable[..., Any], arguments: Iterable[Any]) -> Any:
        try:
            outcome = self._attempt(task, arguments)
        except _Killed:
            try:
                outcome = self._attempt(task, arguments)
            except _Killed as exc:
                raise exc.reason from exc
        return _result_of(outcome)

    def warm_up(self) -> None:
        """Start all workers and let each load what it needs, so that the first picture is fast."""
        pool = self._live_pool()
        futures = [pool.schedule(warm_worker) for _ in range(self._workers)]
        concurrent.futures.wait(futures)

    def close(self) -> None:
        """Stop the workers, for good; whoever waits for a picture gets `errors.Interrupted`."""
        with self._lock:
            self._is_closed = True
            _stop(self._pool)
            for future in tuple(self._running):
                future.cancel()  # type: ignore[no-untyped-call]
            self._pool = None

    def _attempt(self, task: Callable[..., Any], arguments: Iterable[Any]) -> dict[str, Any]:
        future, pool = self._start(task, arguments)
        try:
            return cast("dict[str, Any]", self._wait(future, pool))
        except concurrent.futures.CancelledError as exc:
            raise errors.Interrupted from exc
        except BrokenProcessPool as exc:
            raise _Killed(errors.Interrupted()) from exc
        except pebble.ProcessExpired as exc:
            raise self._end_of(exc.exitcode) from exc

    def _start(
        self, task: Callable[..., Any], arguments: Iterable[Any]
    ) -> tuple[pebble.ProcessFuture[Any], pebble.ProcessPool]:
        with self._lock:
            pool = self._live_pool()
            future = pool.schedule(
                run_task,
                (task, arguments, self._memory_bytes, self._time_limit_s + 2 * _GRACE_S),
                timeout=self._time_limit_s,
            )
            self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future, pool

    def _end_of(self, exitcode: int) -> Exception:
        if exitcode == -signal.SIGTERM:
            return _Killed(errors.Interrupted())
        if exitcode == -signal.SIGKILL:
            # As the system's own out-of-memory killer does; it may have meant another picture.
            return _Killed(too_large(self._memory_bytes))
        return errors.PictureBroken()

    def _wait(self, future: pebble.ProcessFuture[Any], pool: pebble.ProcessPool) -> Any:
        try:
            return future.result(timeout=self._time_limit_s + _GRACE_S)
        except TimeoutError as exc:
            if not future.done():
                _stop(pool)
                raise BrokenProcessPool("a worker neither answered nor could be stopped") from exc
            raise errors.PictureTooLarge(
                what="opening it takes too long",
                limit=f"{self._time_limit_s:g} seconds",
                instead="a smaller copy",
            ) from exc

    def _live_pool(self) -> pebble.ProcessPool:
        """The pool, or a new one where none was started yet or pebble has given the old one up."""
        with self._lock:
            if self._is_closed:
                raise errors.Interrupted
            if self._pool is None or not self._pool.active:
                _stop(self._pool)
                # Workers do not hear SIGTERM, so pebble need not wait for that before SIGKILL.
                pebble.CONSTS.term_timeout = 0.0
                self._pool = pebble.ProcessPool(
                    max_workers=self._workers,
                    initializer=limit_worker,
                    initargs=(self._memory_bytes,),
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool


def _result_of(outcome: dict[str, Any]) -> Any:
    if "refused" in outcome:
        raise errors.describe(outcome["refused"])
    if "failed" in outcome:
        raise WorkerFailed(outcome["failed"])
    return outcome["result"]


def _stop(pool: Any) -> None:
    if pool is not None:
        pool.stop()
        pool.join()
