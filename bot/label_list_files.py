"""Read Amazon's list of Rekognition's labels: the zip as AWS publishes it, or the CSV files in it.

What a file holds is told by its first line, since people rename files. Nothing is unpacked, and
nothing larger than the limits here is read. No database.
Source: https://docs.aws.amazon.com/rekognition/latest/dg/labels.html
"""

from __future__ import annotations

import contextlib
import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from bot.errors import LabelListRefused
from bot.label_catalogue import Catalogue
from bot.rules import LABEL_MAX_CHARS, tidy

LIMIT_BYTES = 2 * 1024 * 1024
"""For a file as it lies there, and for all that is read of all files: AWS's have 125 KB."""

NAMES_AT_MOST = 50_000
"""AWS has some 3,300."""

_BOXED = "boundingbox"
"""In the name of the file about boxes, whose first line is that of the list of all labels."""

_ZIP = b"PK"
_LIMIT = f"{LIMIT_BYTES // 1024**2} MiB"
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)

Rows = Iterable[list[str]]


@dataclass
class LabelList:
    """What was found: the catalogue, and the names of files that hold nothing of it.

    `room_bytes` is how much more may be read.
    """

    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)
    not_read: list[str] = field(default_factory=list)
    room_bytes: int = LIMIT_BYTES

    @property
    def catalogue(self) -> Catalogue:
        """The names, where another name for a label is no label of its own."""
        return Catalogue(
            {name: kinds for name, kinds in self.labels.items() if name not in self.aliases},
            self.aliases,
            tuple(self.categories),
        )

    def read(self, name: str, file: IO[bytes]) -> None:
        """Take in one CSV file by its first line."""
        data = file.read(self.room_bytes + 1)
        self.room_bytes -= len(data)
        if self.room_bytes < 0:
            raise LabelListRefused(file=name, problem=f"is too large: {_LIMIT} are read at most")
        lines = _rows(name, data)
        first = tuple(cell.casefold() for cell in next(lines, []) if cell)
        if first == ("label",) and _BOXED not in name.casefold():
            self._add_labels(lines)
        elif first == ("label category",):
            self.categories |= dict.fromkeys(row[0] for row in lines)
        elif first == ("label", "label category"):
            self._add_categories(lines)
        elif first[:2] == ("label", "alias 1"):
            self._add_aliases(lines)
        else:
            self.not_read.append(name)
        if len(self.labels) + len(self.aliases) + len(self.categories) > NAMES_AT_MOST:
            raise LabelListRefused(file=name, problem=f"has more than {NAMES_AT_MOST:,} names")

    def _add_labels(self, rows: Rows) -> None:
        for label, *_ in rows:
            self.labels.setdefault(label, ())

    def _add_categories(self, rows: Rows) -> None:
        for label, *categories in rows:
            known = dict.fromkeys([*self.labels.get(label, ()), *filter(None, categories)])
            self.labels[label] = tuple(known)
            self.categories |= known

    def _add_aliases(self, rows: Rows) -> None:
        for label, *others in rows:
            for other in filter(None, others):
                self.aliases.setdefault(other, label)


def read_label_list(paths: Iterable[Path]) -> LabelList:
    """Everything in these files together.

    Raises: errors.LabelListRefused, with the file and what is wrong with it.
    """
    found, names = LabelList(), []
    for path in paths:
        name = tidy(path.name)
        names.append(name)
        with _opened(path) as file:
            is_zip = file.read(len(_ZIP)) == _ZIP
            file.seek(0)
            if is_zip:
                _read_zip(found, name, file)
            else:
                found.read(name, file)
    if not found.labels:
        raise LabelListRefused(file=", ".join(names), problem="has no list of labels in it")
    for label in found.aliases.values():
        found.labels.setdefault(label, ())
    return found


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a plain file; a folder, a device or nothing at all is none."""
    try:
        if not path.is_file():
            raise LabelListRefused(file=path, problem="is not a file")
        if path.stat().st_size > LIMIT_BYTES:
            raise LabelListRefused(file=path, problem=f"is too large: {_LIMIT} are read at most")
        with path.open("rb") as file:
            yield file
    except OSError as exc:
        raise LabelListRefused(file=path, problem=f"cannot be read ({exc.strerror})") from exc


def _read_zip(found: LabelList, name: str, file: IO[bytes]) -> None:
    """Read the CSV files in a zip where they are; folders in it mean nothing."""
    try:
        with zipfile.ZipFile(file) as archive:
            for member in filter(_is_list, archive.infolist()):
                with archive.open(member) as unpacked:
                    found.read(f"{tidy(PurePosixPath(member.filename).name)} in {name}", unpacked)
    except _DAMAGED as exc:
        raise LabelListRefused(file=name, problem="is damaged: download it again") from exc
    except (RuntimeError, NotImplementedError) as exc:
        raise LabelListRefused(file=name, problem="is locked or packed unusually") from exc


def _is_list(member: zipfile.ZipInfo) -> bool:
    """Whether a file in a zip is a CSV; what macOS adds to zips is not."""
    path = PurePosixPath(member.filename)
    return path.suffix.casefold() == ".csv" and not path.name.startswith("._")


def _rows(name: str, data: bytes) -> Iterator[list[str]]:
    """The rows that are not empty, each cell tidied.

    AWS's own files differ: most are UTF-8, the one with categories is in a Windows encoding.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            cells = [tidy(cell) for cell in row]
            if any(len(cell) > LABEL_MAX_CHARS for cell in cells):
                raise LabelListRefused(file=name, problem="has a name that is too long")
            if cells and cells[0]:
                yield cells
    except csv.Error as exc:
        raise LabelListRefused(file=name, problem="is not a CSV file") from exc
