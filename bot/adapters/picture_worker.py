"""What runs inside the processes of `picture_pool`: one picture at a time, under hard limits."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import errors
from bot.adapters.memory import return_freed_memory
from bot.drawing import Style, draw
from bot.hiding import Hiding
from bot.model import Analysis, Label
from bot.picture_limits import MEBIBYTE, too_large
from bot.pictures import (
    encode_jpeg,
    limit_decoder_threads,
    open_picture,
    reuse_working_memory,
)

_HEADROOM_BYTES = 256 * MEBIBYTE
"""Address space beyond what a picture may take: codecs' threads reserve stacks and arenas."""

_PREVIEW_PX = 480
_NICER_BY = 5


@dataclass(frozen=True)
class Prepared:
    """A working copy: the JPEG that Rekognition gets. Sizes are (width, height) in pixels."""

    jpeg: bytes
    size_px: tuple[int, int]
    original_size_px: tuple[int, int]
    format: str
    frames: int


def prepare_within_share(data: bytes, share_bytes: int, max_frames: int) -> Prepared | None:
    """A working copy, or None where opening the picture takes more than its share of memory.

    By its header: what really took all memory, or is too large in another way, stays refused.
    """
    try:
        return prepare_picture(data, share_bytes, max_frames)
    except errors.PictureTooLarge as exc:
        if exc.facts.get("is_estimate"):
            return None
        if isinstance(exc.__cause__, MemoryError):
            # The share was not the limit that it ran into.
            raise MemoryError from exc  # noqa: TRY004 - no type is wrong here
        raise


def prepare_picture(data: bytes, memory_bytes: int, max_frames: int) -> Prepared:
    """What `PicturePool.prepare` does, in this process."""
    picture = open_picture(data, memory_bytes=memory_bytes, max_frames=max_frames)
    return Prepared(
        jpeg=picture.to_jpeg(),
        size_px=picture.image.size,
        original_size_px=picture.original_size,
        format=picture.format,
        frames=picture.frames,
    )


def annotate_picture(
    jpeg: bytes, analysis: Analysis, style: Style, hiding: Hiding | None = None
) -> bytes:
    """What `PicturePool.annotate` does, in this process."""
    return encode_jpeg(draw(open_picture(jpeg), analysis, style, hiding=hiding))


def preview_picture(
    jpeg: bytes, analysis: Analysis, style: Style, hiding: Hiding | None = None
) -> bytes:
    """What `PicturePool.preview` does, in this process."""
    small = open_picture(jpeg).reduced(_PREVIEW_PX)
    return encode_jpeg(draw(small, analysis, style, hiding=hiding))


def run_task(
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


def limit_worker(memory_bytes: int) -> None:
    """Prepare this process for hostile pictures: limits, signals, and no talking."""
    # Whoever stops the program may signal the whole group, and means that it stops in order.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    # Under load the main process goes first: Slack waits for it, and so do all other pictures.
    os.nice(_NICER_BY)
    limit_decoder_threads()
    return_freed_memory()
    reuse_working_memory()
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


def warm_worker() -> None:
    """All the way once, with one white pixel."""
    pixel = b"GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    prepared = prepare_picture(pixel, 16 * MEBIBYTE, 1)
    annotate_picture(prepared.jpeg, Analysis((Label("Warm", 99.0),)), Style())
