"""Labelled pictures as JSON, in the shape that export_schema.json describes.

All labels that were kept are in it, also those below what replies show.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from bot.exported_picture import ExportedPicture
from bot.model import Instance, Label

SCHEMA = Path(__file__).with_name("export_schema.json")
SCHEMA_VERSION = 1
"""Goes up when a reader of the version before could not read what is written now."""


def write_json(pictures: Iterable[ExportedPicture], file: BinaryIO, made_at: dt.datetime) -> int:
    """Write one JSON document, a picture a line; how many pictures are in it."""
    head = {"schema_version": SCHEMA_VERSION, "made_at": made_at.isoformat(timespec="seconds")}
    file.write(json_bytes(head)[:-1] + b',"pictures":[')
    count = 0
    for count, picture in enumerate(pictures, start=1):
        file.write((b",\n" if count > 1 else b"\n") + json_bytes(_picture(picture)))
    file.write(b"\n]}\n")
    return count


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8; half a character, which Slack may hand on, becomes a question mark."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", errors="replace")


def _picture(picture: ExportedPicture) -> dict[str, Any]:
    source = picture.source
    return {
        "channel": source.channel,
        "message_ts": source.ts,
        "thread_ts": picture.thread_ts,
        "permalink": picture.permalink,
        "file_id": source.file_id,
        "file_name": picture.file_name,
        "size_px": _size(picture.size_px),
        "posted_by": picture.poster,
        "posted_at": picture.posted_at,
        "model_version": picture.analysis.model_version,
        "labels": [_label(picture, label) for label in picture.analysis.labels],
    }


def _size(size_px: tuple[int, int] | None) -> dict[str, int] | None:
    return size_px and {"width": size_px[0], "height": size_px[1]}


def _label(picture: ExportedPicture, label: Label) -> dict[str, Any]:
    return {
        "name": label.name,
        "confidence_percent": label.confidence_percent,
        "origin": label.origin,
        "parents": label.parents,
        "aliases": label.aliases,
        "categories": label.categories,
        "instances": [_instance(picture, instance) for instance in label.instances],
    }


def _instance(picture: ExportedPicture, instance: Instance) -> dict[str, Any]:
    ratio, px = picture.box(instance.box), picture.box_px(instance.box)
    return {
        "confidence_percent": instance.confidence_percent,
        "box_ratio": {
            "left": ratio.left_ratio,
            "top": ratio.top_ratio,
            "width": ratio.width_ratio,
            "height": ratio.height_ratio,
        },
        "box_px": px
        and {
            "left": px.left_px,
            "top": px.top_px,
            "width": px.width_px,
            "height": px.height_px,
        },
    }
