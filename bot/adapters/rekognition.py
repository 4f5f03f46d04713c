"""Amazon Rekognition: asks for the labels of one picture and reads the answer into our nouns.

One unfiltered call per picture; everything that narrows the answer happens later, on our side.
"""

from __future__ import annotations

from typing import Any

from bot import errors
from bot.adapters.aws_errors import NOT_ALLOWED, Trouble, our_errors
from bot.model import PERCENT_KNOWN_FROM, Analysis, Instance, Label, RatioBox

ANSWER_SETTINGS = "general-labels-1000-55"
"""Names the request below, as part of an answer's key: a changed request asks anew."""

_REQUEST = {"MaxLabels": 1000, "MinConfidence": PERCENT_KNOWN_FROM}

_ERRORS: dict[Trouble, type[errors.DetectorError]] = {
    Trouble.THROTTLED: errors.DetectorBusy,
    Trouble.UNAVAILABLE: errors.DetectorUnavailable,
    Trouble.NO_ANSWER: errors.DetectorUnavailable,
    Trouble.PICTURE_REFUSED: errors.DetectorRefused,
    **dict.fromkeys(NOT_ALLOWED, errors.DetectorForbidden),
}


class RekognitionDetector:
    """Labels pictures with Amazon Rekognition's DetectLabels."""

    def __init__(self, client: Any) -> None:
        """Take a boto3 client with its own retries off: the message's job retries."""
        self._client = client

    def detect_labels(self, jpeg: bytes) -> dict[str, Any]:
        """The full answer for one JPEG of at most 5,242,880 bytes, without `ResponseMetadata`.

        Raises: the `errors.DetectorError` family.
        Source: https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectLabels.html
        """
        with our_errors(_ERRORS, unknown=errors.DetectorTrouble):
            response = self._client.detect_labels(Image={"Bytes": jpeg}, **_REQUEST)
        if "Labels" not in response:
            # Something between us and AWS answered 200 with a page of its own.
            raise errors.DetectorUnavailable
        return {key: value for key, value in response.items() if key != "ResponseMetadata"}


def parse_detect_labels(response: dict[str, Any]) -> Analysis:
    """Read a DetectLabels answer; labels and instances keep Rekognition's order.

    Lenient: answers of older models lack instances, aliases and categories, and some published
    answers name categories by bare strings.
    """
    return Analysis(
        labels=tuple(_label(entry) for entry in response.get("Labels") or ()),
        model_version=response.get("LabelModelVersion"),
        response=response,
    )


def _label(entry: dict[str, Any]) -> Label:
    return Label(
        name=entry["Name"],
        confidence_percent=float(entry.get("Confidence", 0.0)),
        instances=tuple(
            _instance(item) for item in entry.get("Instances") or () if item.get("BoundingBox")
        ),
        parents=_names(entry.get("Parents")),
        aliases=_names(entry.get("Aliases")),
        categories=_names(entry.get("Categories")),
    )


def _instance(entry: dict[str, Any]) -> Instance:
    box = entry["BoundingBox"]
    return Instance(
        box=RatioBox(
            left_ratio=float(box["Left"]),
            top_ratio=float(box["Top"]),
            width_ratio=float(box["Width"]),
            height_ratio=float(box["Height"]),
        ),
        confidence_percent=float(entry.get("Confidence", 0.0)),
    )


def _names(entries: list[Any] | None) -> tuple[str, ...]:
    return tuple(item if isinstance(item, str) else item["Name"] for item in entries or ())
