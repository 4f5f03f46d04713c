"""The IMAGE_PROPERTIES part of a DetectLabels answer, computed plainly from the pixels.

The scales are those of the real service (0-100); its formulas are not published, so the figures are
ours: mean lightness, mean step between neighbours, spread of lightness, and the commonest colours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from bot.sandbox.answers import single

_VIEW_PX = 128
_SIMPLE: dict[str, tuple[int, int, int]] = {
    "red": (220, 40, 40), "orange": (240, 140, 40), "yellow": (240, 220, 60),
    "green": (60, 150, 70), "blue": (50, 90, 200), "purple": (130, 70, 170),
    "pink": (240, 150, 180), "brown": (130, 85, 50), "black": (15, 15, 15),
    "grey": (128, 128, 128), "white": (245, 245, 245),
}  # fmt: skip
"""The simplified colour names that the service uses."""


def describe(image: Image.Image, answer: dict[str, Any], *, max_colors: int) -> dict[str, Any]:
    """`ImageProperties` of an upright RGB picture whose labels are already known.

    The foreground is what lies in the boxes of the answer, the background the rest; without boxes
    there is no foreground.
    """
    view = image.copy()
    view.thumbnail((_VIEW_PX, _VIEW_PX), Image.Resampling.BOX)
    pixels = np.asarray(view, dtype=np.uint8)
    front = np.zeros(pixels.shape[:2], dtype=bool)
    for label in answer["Labels"]:
        for instance in label.get("Instances", []):
            where = _part(instance["BoundingBox"], front.shape)
            front[where] = True
            instance["DominantColors"] = dominant_colors(pixels[where].reshape(-1, 3), max_colors)
    everything = np.ones_like(front)
    return {
        "Quality": _quality(pixels, everything) | {"Contrast": _contrast(pixels)},
        "DominantColors": dominant_colors(pixels[everything], max_colors),
        "Foreground": _side(pixels, front, max_colors),
        "Background": _side(pixels, ~front, max_colors),
    }


def _part(box: dict[str, float], shape: tuple[int, ...]) -> tuple[slice, slice]:
    height, width = shape
    left, top = int(box["Left"] * width), int(box["Top"] * height)
    right = max(left + round(box["Width"] * width), left + 1)
    bottom = max(top + round(box["Height"] * height), top + 1)
    return slice(max(top, 0), bottom), slice(max(left, 0), right)


def _side(pixels: NDArray[np.uint8], mask: NDArray[np.bool_], max_colors: int) -> dict[str, Any]:
    if not mask.any():
        return {"Quality": {"Brightness": 0.0, "Sharpness": 0.0}, "DominantColors": []}
    return {
        "Quality": _quality(pixels, mask),
        "DominantColors": dominant_colors(pixels[mask], max_colors),
    }


def _quality(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> dict[str, float]:
    grey = pixels.mean(axis=2)
    steps = np.abs(np.diff(grey, axis=1, append=grey[:, -1:]))
    return {
        "Brightness": single(float(grey[mask].mean()) / 2.55),
        "Sharpness": single(min(100.0, float(steps[mask].mean()) * 8)),
    }


def _contrast(pixels: NDArray[np.uint8]) -> float:
    return single(min(100.0, float(pixels.mean(axis=2).std()) / 1.275))


def dominant_colors(pixels: NDArray[np.uint8], max_colors: int) -> list[dict[str, Any]]:
    """The commonest colours of pixels of shape (n, 3), commonest first."""
    if not max_colors or not len(pixels):
        return []
    reduced = Image.fromarray(pixels.reshape(1, -1, 3)).quantize(max_colors)
    palette = reduced.getpalette() or []
    counted = sorted(reduced.getcolors() or [], reverse=True)
    return [
        _color((palette[3 * n], palette[3 * n + 1], palette[3 * n + 2]), 100 * count / len(pixels))
        for count, n in counted
        if isinstance(n, int)
    ]


def _color(rgb: tuple[int, int, int], percent: float) -> dict[str, Any]:
    css = {name: ImageColor.getrgb(name)[:3] for name in ImageColor.colormap}
    return {
        "Red": rgb[0],
        "Green": rgb[1],
        "Blue": rgb[2],
        "HexCode": "#{:02x}{:02x}{:02x}".format(*rgb),
        "CSSColor": _nearest(rgb, css),
        "SimplifiedColor": _nearest(rgb, _SIMPLE),
        "PixelPercent": single(percent),
    }


def _nearest(rgb: tuple[int, ...], named: dict[str, Any]) -> str:
    return min(
        named, key=lambda name: sum((a - b) ** 2 for a, b in zip(rgb, named[name], strict=True))
    )
