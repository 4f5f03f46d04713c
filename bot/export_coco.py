"""Labelled pictures as COCO object detection: boxes alone, in pixels of the upright original.

A picture whose size was not kept cannot be in it. Labels without a box have no place in COCO.
Source: https://cocodataset.org/#format-data
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterable
from typing import Any, BinaryIO

from bot.export_json import SCHEMA_VERSION, json_bytes
from bot.exported_picture import ExportedPicture
from bot.model import Instance, Label, PixelBox

_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def write_coco(pictures: Iterable[ExportedPicture], file: BinaryIO, made_at: dt.datetime) -> int:
    """Write one COCO document; how many pictures are in it."""
    file.write(b'{"info":' + json_bytes(_info(made_at)) + b',"licenses":[],"images":[')
    # COCO keeps pictures and boxes in two lists: the second waits in a file while the first grows.
    with tempfile.TemporaryFile() as waiting:
        boxes = _Boxes(waiting)
        count = 0
        for picture in pictures:
            if picture.size_px:
                count += 1
                file.write((b",\n" if count > 1 else b"\n") + json_bytes(_image(picture, count)))
                boxes.add(picture, image_id=count)
        file.write(b'\n],"annotations":[')
        waiting.seek(0)
        shutil.copyfileobj(waiting, file)
        file.write(b'\n],"categories":' + json_bytes(list(boxes.categories.values())) + b"}\n")
    return count


class _Boxes:
    """The annotations, in a file of their own, and the categories that they name."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._count = 0
        self.categories: dict[str, dict[str, Any]] = {}

    def add(self, picture: ExportedPicture, *, image_id: int) -> None:
        for label in picture.analysis.labels:
            for instance in label.instances:
                if place := picture.box_px(instance.box):
                    ids = {"image_id": image_id, "category_id": self._category_id(label)}
                    origin = {"origin": label.origin}
                    self._write({**ids, **_annotation(instance, place), **origin})

    def _write(self, annotation: dict[str, Any]) -> None:
        self._count += 1
        mark = b",\n" if self._count > 1 else b"\n"
        self._file.write(mark + json_bytes({"id": self._count, **annotation}))

    def _category_id(self, label: Label) -> int:
        parent = label.parents[0] if label.parents else ""
        fresh = {"id": len(self.categories) + 1, "name": label.name, "supercategory": parent}
        category_id: int = self.categories.setdefault(label.name, fresh)["id"]
        return category_id


def _info(made_at: dt.datetime) -> dict[str, Any]:
    return {
        "description": "Pictures labelled in Slack",
        "version": str(SCHEMA_VERSION),
        "year": made_at.year,
        "date_created": made_at.isoformat(timespec="seconds"),
    }


def _image(picture: ExportedPicture, image_id: int) -> dict[str, Any]:
    width, height = picture.size_px or (0, 0)
    source = picture.source
    return {
        "id": image_id,
        "width": width,
        "height": height,
        "file_name": _file_name(picture),
        "coco_url": picture.permalink or "",
        "date_captured": picture.posted_at,
        "channel": source.channel,
        "message_ts": source.ts,
        "file_id": source.file_id,
    }


def _file_name(picture: ExportedPicture) -> str:
    """A name of its own for each file, since many are called image.png; never a path."""
    return f"{picture.source.file_id}-{_NOT_IN_FILE_NAMES.sub('_', picture.file_name)}"


def _annotation(instance: Instance, place: PixelBox) -> dict[str, Any]:
    return {
        "bbox": [place.left_px, place.top_px, place.width_px, place.height_px],
        "area": place.width_px * place.height_px,
        "segmentation": [],
        "iscrowd": 0,
        "score": round(instance.confidence_percent / 100, 6),
    }
