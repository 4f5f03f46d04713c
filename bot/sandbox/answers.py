"""Builds DetectLabels answers in Rekognition's full shape (model 3.0) from what was found.

Ancestors come as labels of their own, as in the real answers; numbers are 32-bit floats, as
Rekognition's are. No picture is looked at here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.model import RatioBox
from bot.sandbox.label_facts import FACTS

MODEL_VERSION = "3.0"

Response = dict[str, Any]
"""A DetectLabels answer."""


@dataclass(frozen=True)
class Sighting:
    """One thing seen; without a box for scenes and concepts. Confidence is 0-100."""

    name: str
    confidence_percent: float
    box: RatioBox | None = None


def build_answer(sightings: Iterable[Sighting]) -> Response:
    """The whole answer, most confident label first; no sightings give an answer without labels."""
    grouped: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        grouped.setdefault(sighting.name, []).append(sighting)
    sure = {name: max(one.confidence_percent for one in seen) for name, seen in grouped.items()}
    for name, seen in grouped.items():
        best = max(one.confidence_percent for one in seen)
        for parent in FACTS[name].parents:
            sure[parent] = max(sure.get(parent, 0.0), best)
    names = sorted(sure, key=lambda name: (-sure[name], name))
    labels = [_label(name, sure[name], grouped.get(name, [])) for name in names]
    return {"Labels": labels, "LabelModelVersion": MODEL_VERSION}


def _label(name: str, percent: float, seen: list[Sighting]) -> dict[str, Any]:
    facts = FACTS[name]
    boxed = sorted(seen, key=lambda one: -one.confidence_percent)
    return {
        "Name": name,
        "Confidence": single(percent),
        "Instances": [_instance(one, one.box) for one in boxed if one.box],
        "Parents": [{"Name": parent} for parent in facts.parents],
        "Aliases": [{"Name": alias} for alias in facts.aliases],
        "Categories": [{"Name": facts.category}],
    }


def _instance(sighting: Sighting, box: RatioBox) -> dict[str, Any]:
    return {
        "BoundingBox": {
            "Width": single(box.width_ratio),
            "Height": single(box.height_ratio),
            "Left": single(box.left_ratio),
            "Top": single(box.top_ratio),
        },
        "Confidence": single(sighting.confidence_percent),
    }


def single(value: float) -> float:
    """The nearest 32-bit float, printed as a double: every number of the real service is one."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
