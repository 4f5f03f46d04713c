"""A drawing board for the sample scenes: smooth flat shapes in plain coordinates.

Everything is drawn at twice the size and reduced at the end, which rounds the edges. The only
drawing library is Pillow, whose lines and curves are plain; the rounded ones are here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageDraw

from bot.sandbox.kinds import Color

Paint = Color | tuple[int, int, int, int]
Point = tuple[float, float]

_SCALE = 2


class Canvas:
    """A picture in the making, `size_px` wide and high; coordinates are its pixels."""

    def __init__(self, size_px: tuple[int, int], paper: Color) -> None:
        self.size_px = size_px
        self.image = Image.new("RGB", (size_px[0] * _SCALE, size_px[1] * _SCALE), paper)
        # In this mode a fourth component in a colour lets what is below shine through.
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def finished(self) -> Image.Image:
        """The picture with smooth edges."""
        return self.image.reduce(_SCALE)

    def gradient(self, top_px: float, bottom_px: float, colors: tuple[Color, Color]) -> None:
        """Fill the full width from one colour at the top to another at the bottom."""
        height = round((bottom_px - top_px) * _SCALE)
        ramp = Image.linear_gradient("L").resize((1, height))
        upper, lower = (Image.new("RGB", (1, height), color) for color in colors)
        band = Image.composite(lower, upper, ramp)
        self.image.paste(band.resize((self.image.width, height)), (0, round(top_px * _SCALE)))

    def pen(self) -> Pen:
        """A pen whose coordinates are the picture's pixels."""
        return Pen(self, 0.0, 0.0, 1.0, 1.0)

    def frame(self, box_px: tuple[float, float, float, float], *, mirrored: bool = False) -> Pen:
        """A pen whose coordinates run from 0 to 1 inside the box (left, top, right, bottom)."""
        left, top, right, bottom = box_px
        return Pen(self, left, top, right - left, bottom - top, mirrored=mirrored)


@dataclass(frozen=True)
class Pen:
    """Draws inside a frame; x and y run over its width and height, thickness over its height."""

    canvas: Canvas
    left_px: float
    top_px: float
    width_px: float
    height_px: float
    mirrored: bool = False

    def _spot(self, x: float, y: float) -> Point:
        x = 1 - x if self.mirrored else x
        return (
            (self.left_px + x * self.width_px) * _SCALE,
            (self.top_px + y * self.height_px) * _SCALE,
        )

    def _corners(self, box: tuple[float, float, float, float]) -> list[float]:
        (x0, y0), (x1, y1) = self._spot(box[0], box[1]), self._spot(box[2], box[3])
        # Pillow counts the last pixel in.
        return [min(x0, x1), min(y0, y1), max(x0, x1) - 1, max(y0, y1) - 1]

    def box(self, box: tuple[float, float, float, float], paint: Paint, radius: float = 0) -> None:
        """A rectangle (left, top, right, bottom), with rounded corners if wanted."""
        radius_px = radius * self.height_px * _SCALE
        self.canvas.draw.rounded_rectangle(self._corners(box), radius_px, fill=paint)

    def oval(self, box: tuple[float, float, float, float], paint: Paint) -> None:
        """An ellipse that fills the box."""
        self.canvas.draw.ellipse(self._corners(box), fill=paint)

    def disc(self, center: Point, radius: float, paint: Paint) -> None:
        """A true circle, also where the frame is not square."""
        self.canvas.draw.ellipse(self._round(center, radius), fill=paint)

    def ring(self, center: Point, radius: float, thickness: float, paint: Paint) -> None:
        """A true circle's rim; `radius` is the outer one."""
        width = round(thickness * self.height_px * _SCALE)
        self.canvas.draw.ellipse(self._round(center, radius), outline=paint, width=width)

    def arc(
        self,
        center: Point,
        radius: float,
        angles: tuple[float, float],
        paint: Paint,
        *,
        thick: float,
    ) -> None:
        """A part of a true circle's rim, clockwise between two angles in degrees from the right."""
        turned = (180 - angles[1], 180 - angles[0]) if self.mirrored else angles
        width = max(round(thick * self.height_px * _SCALE), 1)
        self.canvas.draw.arc(self._round(center, radius), *turned, fill=paint, width=width)

    def polygon(self, points: Sequence[Point], paint: Paint) -> None:
        """A shape with straight edges."""
        self.canvas.draw.polygon([self._spot(*point) for point in points], fill=paint)

    def blob(self, points: Sequence[Point], paint: Paint) -> None:
        """A closed smooth shape through the points."""
        spots = [self._spot(*point) for point in points]
        self.canvas.draw.polygon(smooth(spots, closed=True), fill=paint)

    def line(self, points: Sequence[Point], thickness: float, paint: Paint) -> None:
        """A line with round ends and corners through the points."""
        self._stroke([self._spot(*point) for point in points], thickness, paint)

    def curve(self, points: Sequence[Point], thickness: float, paint: Paint) -> None:
        """A smooth line with round ends through the points."""
        spots = [self._spot(*point) for point in points]
        self._stroke(smooth(spots, closed=False), thickness, paint)

    def _stroke(self, spots: Sequence[Point], thickness: float, paint: Paint) -> None:
        half = thickness * self.height_px * _SCALE / 2
        for start, end in pairwise(spots):
            self.canvas.draw.line([start, end], fill=paint, width=max(round(half * 2), 1))
        for x, y in spots:
            self.canvas.draw.ellipse([x - half, y - half, x + half, y + half], fill=paint)

    def _round(self, center: Point, radius: float) -> list[float]:
        x, y = self._spot(*center)
        half = radius * self.height_px * _SCALE
        return [x - half, y - half, x + half, y + half]


def smooth(spots: Sequence[Point], *, closed: bool, steps: int = 14) -> list[Point]:
    """Points along a Catmull-Rom curve that runs through every spot."""
    count = len(spots)
    if closed:
        pairs = [(i - 1, i, (i + 1) % count, (i + 2) % count) for i in range(count)]
    else:
        pairs = [(max(i - 1, 0), i, i + 1, min(i + 2, count - 1)) for i in range(count - 1)]
    curve = [
        _between((spots[before], spots[start], spots[end], spots[after]), step / steps)
        for before, start, end, after in pairs
        for step in range(steps)
    ]
    return curve if closed else [*curve, spots[-1]]


def _between(spots: tuple[Point, Point, Point, Point], t: float) -> Point:
    """The curve's point at `t` (0-1) of the way from the second spot to the third."""

    def blend(a: float, b: float, c: float, d: float) -> float:
        cubic = (3 * b - a - 3 * c + d) * t**3
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + cubic)

    before, start, end, after = spots
    return blend(before[0], start[0], end[0], after[0]), blend(
        before[1], start[1], end[1], after[1]
    )


def on_circle(center: Point, radius: float, degrees: float) -> Point:
    """The point of a circle at that angle, clockwise from the right."""
    angle = math.radians(degrees)
    return center[0] + radius * math.cos(angle), center[1] + radius * math.sin(angle)
