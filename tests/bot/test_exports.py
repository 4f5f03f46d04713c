import dataclasses
import datetime as dt
import gc
import io
import json
import tracemalloc

import pytest

from bot import errors
from bot.export_command import FORMATS
from bot.exports import MAX_BYTES, Scope, file_name, write_export
from bot.model import MessageRef

MADE_AT = dt.datetime(2026, 11, 25, 13, 0, tzinfo=dt.UTC)


class Nowhere(io.RawIOBase):
    """A file that keeps nothing."""

    def write(self, data):
        """Take all of it."""
        return len(data)


def write(pictures, file_format, file=None, max_bytes=MAX_BYTES):
    """Write an export."""
    file = Nowhere() if file is None else file
    return write_export(
        pictures, file, file_format=file_format, made_at=MADE_AT, max_bytes=max_bytes
    )


@pytest.mark.parametrize("file_format", FORMATS)
def test_counted(exported, file_format):
    """What was written is counted: pictures, those left out, and bytes."""
    file = io.BytesIO()
    written = write([exported(), exported()], file_format, file)

    assert (written.pictures, written.left_out) == (2, 0)
    assert written.size_bytes == len(file.getvalue())


def test_left_out_counted(exported):
    """COCO counts the pictures that it cannot hold."""
    written = write([exported(size_px=None), exported(), exported(size_px=None)], "coco")

    assert (written.pictures, written.left_out) == (1, 2)


@pytest.mark.parametrize("file_format", FORMATS)
def test_memory_stays_flat(exported, file_format):
    """Ten times the pictures take no more memory."""
    peaks = []
    for count in (200, 2000):
        gc.collect()
        tracemalloc.start()
        write((exported() for _ in range(count)), file_format)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] - peaks[0] < 50_000


@pytest.mark.parametrize("file_format", FORMATS)
def test_too_large(exported, file_format):
    """What grows beyond the limit is given up, in plain words."""
    with pytest.raises(errors.ExportTooLarge, match="1 GB"):
        write((exported() for _ in range(2000)), file_format, max_bytes=100_000)


def test_file_names():
    """A file is named by its format and when it was made, and by nothing else."""
    names = [file_name(file_format, MADE_AT) for file_format in FORMATS]

    assert names == [f"labels-2026-11-25-1300.{end}" for end in ("json", "csv", "coco.json")]


@pytest.mark.parametrize(
    "scope",
    [
        Scope(("C1", "C2"), since_s=1.5),
        Scope.message(MessageRef("T1", "C1", "1.0")),
        Scope.thread("C1", "1.0"),
    ],
)
def test_scope_through_json(scope):
    """A scope is the same after its way through a job's arguments."""
    assert Scope.from_json(json.loads(json.dumps(dataclasses.asdict(scope)))) == scope
