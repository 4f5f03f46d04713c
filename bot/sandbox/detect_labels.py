"""DetectLabels: checks a request as the real service does, and answers it in the real shape.

Limits: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html.
What is seen in the picture is the business of `recognition`.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageOps

from bot.sandbox import image_properties
from bot.sandbox.answers import Response
from bot.sandbox.aws_errors import Refused
from bot.sandbox.signature import flattened

MAX_BYTES = 5_242_880
MAX_OBJECT_BYTES = 15 * 1024 * 1024
MIN_SIDE_PX = 80
MAX_SIDE_PX = 10_000

_DEFAULT_MIN_CONFIDENCE = 55.0
_MOST_LABELS = 1000
_DECODE_PX = 512
"""JPEGs may be decoded smaller, as long as this many pixels remain."""
_FILTER_TEXT = re.compile(r"[A-Za-z0-9àâèçñó'\-_(). ]{0,50}")
_FILTERS = (
    "LabelInclusionFilters",
    "LabelExclusionFilters",
    "LabelCategoryInclusionFilters",
    "LabelCategoryExclusionFilters",
)

FetchObject = Callable[[str, str, str | None], bytes | None]
"""Bucket, key, version to the object's bytes; None when it cannot be had."""


def detect_labels(
    request: dict[str, Any], *, see: Callable[[Image.Image], Response], fetch_object: FetchObject
) -> tuple[Response, tuple[int, int]]:
    """The answer, and the picture's upright size in pixels.

    Raises:
        Refused: the real service would turn this request down.
    """
    _check(request)
    image, size_px = open_image(_picture_bytes(request["Image"], fetch_object))
    settings = request.get("Settings") or {}
    features = request.get("Features") or ["GENERAL_LABELS"]
    answer = see(image)
    if "GENERAL_LABELS" in features:
        general = settings.get("GeneralLabels") or {}
        answer["Labels"] = _chosen(answer["Labels"], request, general)
    else:
        answer["Labels"] = []
    if "IMAGE_PROPERTIES" in features:
        limit = (settings.get("ImageProperties") or {}).get("MaxDominantColors", 10)
        answer["ImageProperties"] = image_properties.describe(image, answer, max_colors=limit)
    return answer, size_px


def _check(request: dict[str, Any]) -> None:
    image = request.get("Image")
    if not isinstance(image, dict) or ("Bytes" in image) == ("S3Object" in image):
        raise Refused("InvalidParameterException")
    features = request.get("Features") or []
    settings = request.get("Settings") or {}
    _within("maxLabels", request.get("MaxLabels", 0), 0, None)
    _within("minConfidence", request.get("MinConfidence", 0.0), 0, 100)
    colors = (settings.get("ImageProperties") or {}).get("MaxDominantColors", 10)
    _within("settings.imageProperties.maxDominantColors", colors, 0, 20)
    if not set(features) <= {"GENERAL_LABELS", "IMAGE_PROPERTIES"}:
        raise _violation(
            "features", "Member must satisfy enum value set: [GENERAL_LABELS, IMAGE_PROPERTIES]"
        )
    for name in _FILTERS:
        _check_filter(name, (settings.get("GeneralLabels") or {}).get(name) or [])
    # These arguments are only valid when GENERAL_LABELS is asked for.
    if (
        features
        and "GENERAL_LABELS" not in features
        and {"MaxLabels", "MinConfidence"} & request.keys()
    ):
        raise Refused("InvalidParameterException")


def _check_filter(name: str, values: list[Any]) -> None:
    if len(values) > 100:
        raise _violation(name, "Member must have length less than or equal to 100")
    if not all(isinstance(value, str) and _FILTER_TEXT.fullmatch(value) for value in values):
        raise _violation(name, "Member must satisfy regular expression pattern")


def _within(name: str, value: Any, least: float, most: float | None) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused("SerializationException")
    if value < least:
        raise _violation(name, f"Member must have value greater than or equal to {least}")
    if most is not None and value > most:
        raise _violation(name, f"Member must have value less than or equal to {most}")


def _violation(name: str, rule: str) -> Refused:
    words = f"1 validation error detected: Value at '{name}' failed to satisfy constraint: {rule}"
    return Refused("InvalidParameterException", words)


def _picture_bytes(image: dict[str, Any], fetch_object: FetchObject) -> bytes:
    if "Bytes" in image:
        try:
            data = base64.b64decode(image["Bytes"], validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise Refused("SerializationException") from None
        _check_length(data)
        return data
    where = image["S3Object"]
    found = fetch_object(str(where.get("Bucket")), str(where.get("Name")), where.get("Version"))
    if found is None:
        raise Refused("InvalidS3ObjectException")
    if len(found) > MAX_OBJECT_BYTES:
        raise Refused("ImageTooLargeException")
    return found


def _check_length(data: bytes) -> None:
    if not data:
        raise _violation("image.bytes", "Member must have length greater than or equal to 1")
    if len(data) > MAX_BYTES:
        raise _violation(
            "image.bytes", f"Member must have length less than or equal to {MAX_BYTES}"
        )


def open_image(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """An RGB picture, possibly decoded smaller, and its real upright size in pixels.

    A JPEG's orientation is applied, a PNG's is not: that is how the real service reads them.

    Raises:
        Refused: no JPEG or PNG, broken, too small or too large.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            _check_size(image.size)
            turned = image.format == "JPEG" and image.getexif().get(0x0112, 1) >= 5
            size_px = (image.height, image.width) if turned else image.size
            image.draft("RGB", (_DECODE_PX, _DECODE_PX))
            upright = ImageOps.exif_transpose(image) if image.format == "JPEG" else image
            return flattened(upright), size_px
    except Image.DecompressionBombError:
        raise Refused("ImageTooLargeException") from None
    except (OSError, SyntaxError, ValueError):
        raise Refused("InvalidImageFormatException") from None


def _check_size(size_px: tuple[int, int]) -> None:
    width, height = size_px
    if max(size_px) > MAX_SIDE_PX:
        words = (
            f"Input image dimensions {width} x {height} "
            f"exceed maximum dimension size of {MAX_SIDE_PX} pixels"
        )
        raise Refused("ImageTooLargeException", words)
    if min(size_px) < MIN_SIDE_PX:
        raise Refused("InvalidParameterException")


def _chosen(
    labels: list[dict[str, Any]], request: dict[str, Any], filters: dict[str, Any]
) -> list[dict[str, Any]]:
    least = request.get("MinConfidence", _DEFAULT_MIN_CONFIDENCE)
    most = min(request.get("MaxLabels", _MOST_LABELS), _MOST_LABELS)
    kept = [label for label in labels if label["Confidence"] >= least and _wanted(label, filters)]
    return sorted(kept, key=lambda label: -label["Confidence"])[:most]


def _wanted(label: dict[str, Any], filters: dict[str, Any]) -> bool:
    named, grouped, unnamed, ungrouped = (
        set(filters.get(name) or ())
        for name in (_FILTERS[0], _FILTERS[2], _FILTERS[1], _FILTERS[3])
    )
    categories = {category["Name"] for category in label.get("Categories", [])}
    included = not (named or grouped) or label["Name"] in named or bool(categories & grouped)
    return included and label["Name"] not in unnamed and not categories & ungrouped
