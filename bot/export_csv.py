"""Labelled pictures as CSV for spreadsheets: one row per instance, or per label without any.

A picture in which nothing was found has one row without a label, so that it is not lost.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from bot.export_json import SCHEMA_VERSION
from bot.exported_picture import ExportedPicture
from bot.model import Instance, Label

COLUMNS = (
    *("schema_version", "channel", "message_ts", "thread_ts", "permalink"),
    *("file_id", "file_name", "picture_width_px", "picture_height_px"),
    *("posted_by", "posted_at", "model_version"),
    *("label", "confidence_percent", "origin", "parents", "aliases", "categories"),
    *("instance", "instance_confidence_percent"),
    *("left_ratio", "top_ratio", "width_ratio", "height_ratio"),
    *("left_px", "top_px", "width_px", "height_px"),
)

# Excel takes a file without this mark for one of the old code pages, and garbles every name that
# is not plain English; other readers of UTF-8 know it (Python calls it utf-8-sig).
_BYTE_ORDER_MARK = "\ufeff"

_LIST_SEPARATOR = " | "
_FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
# A cell begins anew after these wherever a program takes another separator than the comma.
_CELL_BREAK = re.compile(r"(^|[;,|\t\r\n])", re.MULTILINE)
_CELL_STARTS = ("\t", "\r", "\n")


def write_csv(pictures: Iterable[ExportedPicture], file: BinaryIO, made_at: dt.datetime) -> int:  # noqa: ARG001 - every format is asked alike
    """Write a row of names, then the rows of every picture; how many pictures are in it."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    file.write(_BYTE_ORDER_MARK.encode())
    writer.writerow(COLUMNS)
    count = 0
    for count, picture in enumerate(pictures, start=1):  # noqa: B007 - counted for the caller
        writer.writerows(_rows(picture))
        file.write(_taken(line))
    file.write(_taken(line))
    return count


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode("utf-8", errors="replace")


def safe_cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: an apostrophe stands before what could be.

    Source: https://owasp.org/www-community/attacks/CSV_Injection

    >>> safe_cell("=1+1"), safe_cell("a;=1+1"), safe_cell("1-2"), safe_cell(0.5)
    ("'=1+1", "a;'=1+1", '1-2', 0.5)
    """
    if not isinstance(value, str):
        return value
    parts = _CELL_BREAK.split(value)
    guarded = "".join(f"'{part}" if _starts_formula(part) else part for part in parts)
    return f"'{guarded}" if guarded.startswith(_CELL_STARTS) else guarded


def _starts_formula(part: str) -> bool:
    """Whether the first visible sign is one that starts a formula, in any width."""
    for char in part:
        if not (char.isspace() or unicodedata.category(char).startswith("C") or char == '"'):
            return unicodedata.normalize("NFKC", char)[0] in _FORMULA_STARTS
    return False


def _rows(picture: ExportedPicture) -> Iterator[list[Any]]:
    facts = [safe_cell(value) for value in _picture_cells(picture)]
    for label in picture.analysis.labels:
        named = [*facts, *map(safe_cell, _label_cells(label))]
        for number, instance in enumerate(label.instances, start=1):
            yield [*named, number, *_instance_cells(picture, instance)]
        if not label.instances:
            yield _filled(named)
    if not picture.analysis.labels:
        yield _filled(facts)


def _filled(cells: list[Any]) -> list[Any]:
    return cells + [""] * (len(COLUMNS) - len(cells))


def _picture_cells(picture: ExportedPicture) -> list[Any]:
    source = picture.source
    return [
        *(SCHEMA_VERSION, source.channel, source.ts, picture.thread_ts, picture.permalink or ""),
        *(source.file_id, picture.file_name, *(picture.size_px or ("", ""))),
        *(picture.poster, picture.posted_at, picture.analysis.model_version or ""),
    ]


def _label_cells(label: Label) -> list[Any]:
    lists = (label.parents, label.aliases, label.categories)
    return [
        *(label.name, f"{label.confidence_percent:.4f}", label.origin),
        *(_LIST_SEPARATOR.join(names) for names in lists),
    ]


def _instance_cells(picture: ExportedPicture, instance: Instance) -> list[Any]:
    """How sure, and the part of the box inside the picture: numbers, none of them negative."""
    seen = picture.box(instance.box)
    left, right = _inside(seen.left_ratio, seen.width_ratio)
    top, bottom = _inside(seen.top_ratio, seen.height_ratio)
    ratios = [f"{ratio:.6f}" for ratio in (left, top, right - left, bottom - top)]
    px = picture.box_px(instance.box)
    pixels = (px.left_px, px.top_px, px.width_px, px.height_px) if px else ("",) * 4
    return [f"{instance.confidence_percent:.4f}", *ratios, *pixels]


def _inside(start: float, length: float) -> tuple[float, float]:
    first, last = (min(1.0, max(0.0, at)) for at in (start, start + length))
    return first, max(first, last)
