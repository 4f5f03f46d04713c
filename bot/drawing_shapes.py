"""Rounded frames and plates with smooth corners, painted in place.

Straight edges lie on whole pixels and need no smoothing; only the corners are small patches, drawn
four times as large and brought down. No overlay of the picture's size: it would cost as much as
decoding it.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from bot.model import PixelBox
from bot.palette import Colour

_OVERSAMPLING = 4


def paint_frame(
    image: Image.Image, box: PixelBox, *, colour: Colour, radius_px: int, line_px: int
) -> None:
    """Outline `box` from its edge inwards; what lies outside the image is cut off."""
    width, height = box.width_px, box.height_px
    radius = min(radius_px, width // 2, height // 2)
    line = max(1, min(line_px, width // 2, height // 2))
    left, top, right, bottom = box.left_px, box.top_px, box.right_px, box.bottom_px
    corner = max(radius, line)
    for edge in (
        (left + corner, top, right - corner, top + line),
        (left + corner, bottom - line, right - corner, bottom),
        (left, top + corner, left + line, bottom - corner),
        (right - line, top + corner, right, bottom - corner),
    ):
        _fill(image, edge, colour)
    _paint_corners(image, box, colour=colour, radius=radius, line=line)


def paint_plate(image: Image.Image, box: PixelBox, *, colour: Colour, radius_px: int) -> None:
    """Fill `box` with rounded corners."""
    radius = min(radius_px, box.width_px // 2, box.height_px // 2)
    left, top, right, bottom = box.left_px, box.top_px, box.right_px, box.bottom_px
    _fill(image, (left + radius, top, right - radius, bottom), colour)
    _fill(image, (left, top + radius, left + radius, bottom - radius), colour)
    _fill(image, (right - radius, top + radius, right, bottom - radius), colour)
    _paint_corners(image, box, colour=colour, radius=radius, line=radius)


def grown(box: PixelBox, by_px: int) -> PixelBox:
    """The box with a margin on every side."""
    return PixelBox(
        box.left_px - by_px, box.top_px - by_px, box.right_px + by_px, box.bottom_px + by_px
    )


def fill(image: Image.Image, box: PixelBox, *, colour: Colour) -> None:
    """Fill `box` with square corners; what lies outside the image is cut off."""
    _fill(image, (box.left_px, box.top_px, box.right_px, box.bottom_px), colour)


def _fill(image: Image.Image, edge: tuple[int, int, int, int], colour: Colour) -> None:
    left, top, right, bottom = edge
    clipped = max(0, left), max(0, top), min(image.width, right), min(image.height, bottom)
    if clipped[0] < clipped[2] and clipped[1] < clipped[3]:
        image.paste(colour, clipped)


def _paint_corners(
    image: Image.Image, box: PixelBox, *, colour: Colour, radius: int, line: int
) -> None:
    mask = _corner_mask(radius, line)
    side = mask.width
    right, bottom = box.right_px - side, box.bottom_px - side
    for left, top, turn in (
        (box.left_px, box.top_px, None),
        (right, box.top_px, Image.Transpose.FLIP_LEFT_RIGHT),
        (box.left_px, bottom, Image.Transpose.FLIP_TOP_BOTTOM),
        (right, bottom, Image.Transpose.ROTATE_180),
    ):
        turned = mask if turn is None else mask.transpose(turn)
        image.paste(colour, (left, top, left + side, top + side), turned)


@lru_cache(maxsize=64)
def _corner_mask(radius: int, line: int) -> Image.Image:
    """The top left corner: a quarter of a ring, `line` thick, as coverage 0-255."""
    side = max(radius, line, 1)
    scale = _OVERSAMPLING
    large = Image.new("L", (side * scale, side * scale), 0)
    pen = ImageDraw.Draw(large)
    full = 2 * side * scale
    pen.rounded_rectangle((0, 0, full, full), radius=radius * scale, fill=255)
    if line < side:
        inset = line * scale
        inner = (radius - line) * scale
        pen.rounded_rectangle((inset, inset, full, full), radius=inner, fill=0)
    return large.reduce(scale)
