"""Recognises a picture again after it was re-encoded or resized: a 16 x 16 grey signature."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

SIDE = 16
SAME_UP_TO = 6.0
"""Two signatures whose mean difference is at most this (of 255) are of the same picture."""

_VIEW_PX = 256

Signature = NDArray[np.int16]
"""Grey levels 0-255 of the picture cut into 16 x 16 equal parts."""

T = TypeVar("T")


def sign(image: Image.Image) -> Signature:
    """The signature of an upright picture; what is transparent counts as white."""
    grey = flattened(image).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(grey, dtype=np.int16)


def sign_bytes(data: bytes) -> Signature:
    """The signature of a picture file's upright first frame.

    Raises:
        OSError: Pillow cannot read the file.
    """
    with _opened(data) as image:
        image.draft("RGB", (_VIEW_PX, _VIEW_PX))
        return sign(ImageOps.exif_transpose(image))


def flattened(image: Image.Image) -> Image.Image:
    """The picture as plain RGB, on white where it is transparent."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except OSError:
        import pillow_heif  # noqa: PLC0415 - only for the formats that Pillow does not read itself

        pillow_heif.register_heif_opener()
        return Image.open(io.BytesIO(data))


@dataclass(frozen=True)
class _Known(Generic[T]):
    signature: Signature
    value: T


class Album(Generic[T]):
    """What is known about certain pictures, found again by looking at a picture."""

    def __init__(self) -> None:
        self._known: list[_Known[T]] = []

    def add(self, signature: Signature, value: T) -> None:
        """Remember something about a picture; a later entry wins over an equally close one."""
        self._known.insert(0, _Known(signature, value))

    def find(self, signature: Signature) -> T | None:
        """What is known about the closest picture, if it is the same one."""
        distances = [
            (float(np.abs(each.signature - signature).mean()), each) for each in self._known
        ]
        if not distances:
            return None
        distance, nearest = min(distances, key=lambda pair: pair[0])
        return nearest.value if distance <= SAME_UP_TO else None
