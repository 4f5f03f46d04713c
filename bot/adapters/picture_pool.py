"""Decode and draw in processes of their own: a hostile picture costs itself and nothing else.

Encoded bytes cross the border, never images; and outcomes, never a decoder's errors.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pebble

from bot import errors
from bot.drawing import Style, draw
from bot.model import Analysis, Label
from bot.picture_limits import MEBIBYTE, too_large
from bot.pictures import encode_jpeg, limit_decoder_threads, open_picture

_HEADROOM_BYTES = 256 * MEBIBYTE
"""Address space beyond what a picture may take: codecs' threads reserve stacks and arenas."""
_GRACE_S = 10.0
"""How long after its time limit a picture is waited for before the pool itself is given up."""


@dataclass(frozen=True)
class Prepared:
    """A working copy: the JPEG that Rekognition gets. Sizes are (width, height) in pixels."""

    jpeg: bytes
    size_px: tuple[int, int]
    original_size_px: tuple[int, int]
    format: str
    frames: int


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
    wait. Workers start with the first call, or with `warm_up`.
    """

    def __init__(self, *, workers: int = 2, memory_bytes: int, time_limit_s: float) -> None:
        """Take what one picture may cost: bytes of memory to decode it, and seconds."""
        self._workers = workers
        self._memory_bytes = memory_bytes
        self._time_limit_s = time_limit_s
        self._turns = threading.BoundedSemaphore(workers)
        self._lock = threading.RLock()
        self._pool: pebble.ProcessPool | None = None
        self._running: set[pebble.ProcessFuture[Any]] = set()
        self._is_closed = False

    def prepare(self, data: bytes) -> Prepared:
        """Open a posted picture and make its working copy.

        Raises: the `errors.PictureError` family, also where the worker dies of the picture.
        """
        return cast("Prepared", self.run(prepare_picture, data, self._memory_bytes))

    def annotate(self, jpeg: bytes, analysis: Analysis, style: Style) -> bytes:
        """A working copy with what is shown of it drawn on it: JPEG without metadata.

        Raises: the `errors.PictureError` family, where the worker dies of it.
        """
        return cast("bytes", self.run(annotate_picture, jpeg, analysis, style))

    def run(self, task: Callable[..., Any], *arguments: Any) -> Any:
        """Run an importable function in a worker, under the limits; what it returns is returned.

        Raises: `errors.PictureTooLarge` out of memory or time, `errors.PictureBroken` when the
        worker crashes, `errors.Interrupted` when it is ended from outside and when the pool is
        closed, `WorkerFailed` for a mistake of ours.
        """
        with self._turns:
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
        futures = [pool.schedule(_warm_worker) for _ in range(self._workers)]
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
                _run_task,
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
                what="opening it takes too long", limit=f"{self._time_limit_s:g} seconds"
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
                    initializer=_limit_worker,
                    initargs=(self._memory_bytes,),
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool


def prepare_picture(data: bytes, memory_bytes: int) -> Prepared:
    """What `PicturePool.prepare` does, in this process."""
    picture = open_picture(data, memory_bytes=memory_bytes)
    return Prepared(
        jpeg=picture.to_jpeg(),
        size_px=picture.image.size,
        original_size_px=picture.original_size,
        format=picture.format,
        frames=picture.frames,
    )


def annotate_picture(jpeg: bytes, analysis: Analysis, style: Style) -> bytes:
    """What `PicturePool.annotate` does, in this process."""
    return encode_jpeg(draw(open_picture(jpeg), analysis, style))


def _run_task(
    task: Callable[..., Any], arguments: Iterable[Any], memory_bytes: int, last_s: float
) -> Any:
    """The result or the failure as plain values: a vendor's error may not survive the crossing.

    Where nobody is left to stop it, the system does after `last_s`, by SIGALRM.
    """
    signal.setitimer(signal.ITIMER_REAL, last_s)
    try:
        return {"result": task(*arguments)}
    except errors.PictureError as exc:
        return {"refused": exc.to_outcome()}
    except MemoryError:
        return {"refused": too_large(memory_bytes).to_outcome()}
    except Exception:  # noqa: BLE001 - the border of the process: nothing may cross it as it is
        return {"failed": traceback.format_exc()}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _result_of(outcome: dict[str, Any]) -> Any:
    if "refused" in outcome:
        raise errors.describe(outcome["refused"])
    if "failed" in outcome:
        raise WorkerFailed(outcome["failed"])
    return outcome["result"]


def _limit_worker(memory_bytes: int) -> None:
    # Whoever stops the program may signal the whole group, and means that it stops in order.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    limit_decoder_threads()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Elsewhere RLIMIT_AS does not bind; there the estimate and the time limit stand alone.
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit_bytes = pages * resource.getpagesize() + memory_bytes + _HEADROOM_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    # Codecs write their complaints to stderr, as many as a picture likes; failures come back as
    # values, so nothing of ours is lost with it.
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)


def _end_with_parent() -> None:
    """End this process once the main one is gone, even if it was killed; also in mid-picture."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _warm_worker() -> None:
    """All the way once, with one white pixel."""
    pixel = b"GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    prepared = prepare_picture(pixel, 16 * MEBIBYTE)
    annotate_picture(prepared.jpeg, Analysis((Label("Warm", 99.0),)), Style())


def _stop(pool: Any) -> None:
    if pool is not None:
        pool.stop()
        pool.join()
