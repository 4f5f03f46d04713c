"""Labelled pictures as a file: JSON, CSV or COCO, written piece by piece.

However many pictures there are, only a few are in memory at a time. No Slack, no database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from bot import errors
from bot.export_coco import write_coco
from bot.export_csv import write_csv
from bot.export_json import write_json
from bot.exported_picture import ExportedPicture
from bot.model import MessageRef

_Write = Callable[[Iterable[ExportedPicture], BinaryIO, dt.datetime], int]

_WRITERS: dict[str, tuple[str, _Write]] = {
    "json": ("json", write_json),
    "csv": ("csv", write_csv),
    "coco": ("coco.json", write_coco),
}

MAX_BYTES = 1_000_000_000
"""What Slack takes as one file."""


@dataclass(frozen=True)
class Scope:
    """Which pictures an export is about: those of channels, of a thread, or of one message.

    `since_s` is seconds since the epoch; what was posted earlier is left out.
    """

    channels: tuple[str, ...]
    since_s: float | None = None
    thread_ts: str | None = None
    ts: str | None = None

    @classmethod
    def message(cls, message: MessageRef) -> Scope:
        """The pictures of one message."""
        return cls((message.channel,), ts=message.ts)

    @classmethod
    def thread(cls, channel: str, thread_ts: str) -> Scope:
        """The pictures of a message and of the thread under it."""
        return cls((channel,), thread_ts=thread_ts)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Scope:
        """Read what `dataclasses.asdict` made of a scope, after its way through JSON."""
        return cls(**{**found, "channels": tuple(found["channels"])})


@dataclass(frozen=True)
class Written:
    """What went into a file; `left_out` are pictures whose kept facts do not suffice for it."""

    pictures: int
    left_out: int
    size_bytes: int


def file_name(file_format: str, made_at: dt.datetime) -> str:
    """What the file is called, which tells nothing of where the pictures are from."""
    return f"labels-{made_at:%Y-%m-%d-%H%M}.{_WRITERS[file_format][0]}"


def write_export(
    pictures: Iterable[ExportedPicture],
    file: BinaryIO,
    *,
    file_format: str,
    made_at: dt.datetime,
    max_bytes: int,
) -> Written:
    """Write all pictures in one of the formats json, csv and coco.

    Raises: errors.ExportTooLarge as soon as the file has more than `max_bytes`.
    """
    counted, bounded = _Counted(pictures), _Bounded(file, max_bytes)
    used = _WRITERS[file_format][1](counted, cast("BinaryIO", bounded), made_at)
    return Written(used, counted.count - used, bounded.size_bytes)


class _Counted:
    """An iterable that remembers how many it has handed out."""

    def __init__(self, pictures: Iterable[ExportedPicture]) -> None:
        self._pictures = iter(pictures)
        self.count = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> ExportedPicture:
        found = next(self._pictures)
        self.count += 1
        return found


class _Bounded:
    """A file that takes so many bytes and no more."""

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self.size_bytes = 0

    def write(self, data: bytes) -> int:
        self.size_bytes += len(data)
        if self.size_bytes > self._max_bytes:
            raise errors.ExportTooLarge
        return self._file.write(data)
