"""Finds frontal faces on photographs nobody has described, with scikit-image's trained cascade.

Old and simple: it sees faces that look at the camera, and sometimes one that is not there.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from PIL import Image

from bot.model import RatioBox
from bot.sandbox.answers import Sighting

VIEW_PX = 640
"""The longer side of the view that is searched."""

_SMALLEST_SHARE = 0.075
"""Smaller faces, as a share of the view's shorter side, are mostly mistakes."""


def find_faces(image: Image.Image) -> list[Sighting]:
    """Faces of an upright RGB picture, each with the head and the person around it."""
    view = image.copy()
    view.thumbnail((VIEW_PX, VIEW_PX), Image.Resampling.BILINEAR)
    shorter = min(view.size)
    found = _cascade().detect_multi_scale(
        img=np.asarray(view.convert("L"), dtype=np.uint8),
        scale_factor=1.2,
        step_ratio=1,
        min_size=(max(24, int(shorter * _SMALLEST_SHARE)),) * 2,
        max_size=(shorter, shorter),
    )
    return [sighting for face in found for sighting in _sightings(face, view.size)]


def warm_up() -> None:
    """Load the cascade now; importing it takes about a second."""
    _cascade()


@functools.cache
def _cascade() -> Any:
    from skimage.data import lbp_frontal_face_cascade_filename  # noqa: PLC0415 - slow to import
    from skimage.feature import Cascade  # noqa: PLC0415 - slow to import

    return Cascade(lbp_frontal_face_cascade_filename())  # type: ignore[no-untyped-call]


def _sightings(face: dict[str, int], size_px: tuple[int, int]) -> list[Sighting]:
    """Larger faces are surer; the person is guessed from the face: about 3 wide and 7 high."""
    left, top, width, height = face["c"], face["r"], face["width"], face["height"]
    percent = min(99.0, 84.0 + 60.0 * width / min(size_px))
    return [
        Sighting("Face", percent, _ratio((left, top, left + width, top + height), size_px)),
        Sighting(
            "Head",
            percent - 1.5,
            _ratio(
                (left - 0.2 * width, top - 0.35 * height, left + 1.2 * width, top + 1.15 * height),
                size_px,
            ),
        ),
        Sighting(
            "Person",
            percent,
            _ratio(
                (left - width, top - 0.4 * height, left + 2 * width, top + 6.6 * height), size_px
            ),
        ),
    ]


def _ratio(box_px: tuple[float, float, float, float], size_px: tuple[int, int]) -> RatioBox:
    left, right = (min(max(x / size_px[0], 0.0), 1.0) for x in (box_px[0], box_px[2]))
    top, bottom = (min(max(y / size_px[1], 0.0), 1.0) for y in (box_px[1], box_px[3]))
    return RatioBox(left, top, right - left, bottom - top)
