"""A stage for the sample scenes: it draws objects, and remembers what was put where."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from bot.model import RatioBox
from bot.sandbox.canvas import Canvas
from bot.sandbox.figures import Look
from bot.sandbox.kinds import KINDS, Color
from bot.sandbox.vehicles import FIGURES


@dataclass(frozen=True)
class Truth:
    """One object of a scene: the name of its label, and the box around all of it."""

    name: str
    box: RatioBox


@dataclass(frozen=True)
class Scene:
    """A finished scene."""

    image: Image.Image
    truth: tuple[Truth, ...]


class Stage:
    """A canvas that remembers what was put on it."""

    def __init__(self, size_px: tuple[int, int], paper: Color = (250, 244, 232)) -> None:
        self.canvas = Canvas(size_px, paper)
        self.pen = self.canvas.pen()
        self._truth: list[Truth] = []

    def put(
        self, name: str, x_px: float, foot_px: float, height_px: float, *,
        color: int = 0, number: int = 0, mirrored: bool = False, shadow: bool = True,
    ) -> None:  # fmt: skip
        """Draw one object, centred at `x_px`, standing at `foot_px`."""
        kind = KINDS[name]
        half = height_px * kind.aspect_ratio / 2
        box = (x_px - half, foot_px - height_px, x_px + half, foot_px)
        if shadow:
            depth = height_px * 0.045
            self.pen.oval((box[0], foot_px - depth, box[2], foot_px + depth), (30, 30, 60, 46))
        FIGURES[name](self.canvas.frame(box, mirrored=mirrored), Look(kind.colors[color], number))
        self._truth.append(Truth(name, self._ratio(box)))

    def _ratio(self, box_px: tuple[float, float, float, float]) -> RatioBox:
        width, height = self.canvas.size_px
        left, right = max(box_px[0] / width, 0.0), min(box_px[2] / width, 1.0)
        top, bottom = max(box_px[1] / height, 0.0), min(box_px[3] / height, 1.0)
        return RatioBox(left, top, right - left, bottom - top)

    def finished(self) -> Scene:
        """The scene as it stands."""
        return Scene(self.canvas.finished(), tuple(self._truth))


def jpeg_bytes(image: Image.Image, *, quality: int = 92, **options: Any) -> bytes:
    """A picture as the bytes of a JPEG file; further options are Pillow's."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, **options)
    return buffer.getvalue()
