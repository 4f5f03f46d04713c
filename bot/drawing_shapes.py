"""Rounded frames and plates with smooth corners and a thin halo, painted in place.

Straight edges lie on whole pixels and need no smoothing; only the corners are small patches, drawn
four times as large and brought down. No overlay of the picture's size: it would cost as much as
decoding it.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from bot.model import PixelBox
from bot.palette import Colour, ink_on

_HALO_OPACITY = 150
"""Of 255: enough to part a line from a ground of its own colour, too little to look like a line."""
_SOLID = 255
_OVERSAMPLING = 4


def paint_frame(
    image: Image.Image,
    box: PixelBox,
    *,
    colour: Colour,
    radius_px: int,
    line_px: int,
    halo_px: int,
) -> None:
    """Outline `box` from its edge inwards, with a halo on both sides of the line.

    The halo is the line's opposite, so that one of them shows on any ground. What lies outside the
    image is cut off.
    """
    _paint_ring(
        image,
        grown(box, halo_px),
        ink_on(colour),
        radius_px=radius_px + halo_px,
        line_px=line_px + 2 * halo_px,
        opacity=_HALO_OPACITY,
    )
    _paint_ring(image, box, colour, radius_px=radius_px, line_px=line_px, opacity=_SOLID)


def paint_plate(
    image: Image.Image, box: PixelBox, *, colour: Colour, radius_px: int, halo_px: int = 0
) -> None:
    """Fill `box` with rounded corners, and surround it with a halo."""
    if halo_px:
        _paint_ring(
            image,
            grown(box, halo_px),
            ink_on(colour),
            radius_px=radius_px + halo_px,
            line_px=2 * halo_px,
            opacity=_HALO_OPACITY,
        )
    radius = min(radius_px, box.width_px // 2, box.height_px // 2)
    left, top, right, bottom = box.left_px, box.top_px, box.right_px, box.bottom_px
    for part in (
        PixelBox(left + radius, top, right - radius, bottom),
        PixelBox(left, top + radius, left + radius, bottom - radius),
        PixelBox(right - radius, top + radius, right, bottom - radius),
    ):
        fill(image, part, colour=colour)
    _paint_corners(image, box, colour, _corner_mask(radius, radius, _SOLID))


def grown(box: PixelBox, by_px: int) -> PixelBox:
    """The box with a margin on every side."""
    return PixelBox(
        box.left_px - by_px, box.top_px - by_px, box.right_px + by_px, box.bottom_px + by_px
    )


def fill(image: Image.Image, box: PixelBox, *, colour: Colour, opacity: int = _SOLID) -> None:
    """Fill `box` with square corners; what lies outside the image is cut off."""
    left, top = max(0, box.left_px), max(0, box.top_px)
    right, bottom = min(image.width, box.right_px), min(image.height, box.bottom_px)
    if left >= right or top >= bottom:
        return
    if opacity == _SOLID:
        image.paste(colour, (left, top, right, bottom))
    else:
        image.paste(colour, (left, top), Image.new("L", (right - left, bottom - top), opacity))


def _paint_ring(
    image: Image.Image,
    box: PixelBox,
    colour: Colour,
    *,
    radius_px: int,
    line_px: int,
    opacity: int,
) -> None:
    width, height = box.width_px, box.height_px
    radius = min(radius_px, width // 2, height // 2)
    line = max(1, min(line_px, width // 2, height // 2))
    left, top, right, bottom = box.left_px, box.top_px, box.right_px, box.bottom_px
    corner = max(radius, line)
    for edge in (
        PixelBox(left + corner, top, right - corner, top + line),
        PixelBox(left + corner, bottom - line, right - corner, bottom),
        PixelBox(left, top + corner, left + line, bottom - corner),
        PixelBox(right - line, top + corner, right, bottom - corner),
    ):
        fill(image, edge, colour=colour, opacity=opacity)
    _paint_corners(image, box, colour, _corner_mask(radius, line, opacity))


def _paint_corners(image: Image.Image, box: PixelBox, colour: Colour, mask: Image.Image) -> None:
    """Paint all four corners with the mask of a top left one."""
    right, bottom = box.right_px - mask.width, box.bottom_px - mask.height
    flip_across, flip_down = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM
    image.paste(colour, (box.left_px, box.top_px), mask)
    image.paste(colour, (right, box.top_px), mask.transpose(flip_across))
    image.paste(colour, (box.left_px, bottom), mask.transpose(flip_down))
    image.paste(colour, (right, bottom), mask.transpose(Image.Transpose.ROTATE_180))


@lru_cache(maxsize=128)
def _corner_mask(radius: int, line: int, opacity: int) -> Image.Image:
    """The top left corner: a quarter of a ring, `line` thick, as coverage 0-255."""
    side = max(radius, line, 1)
    scale = _OVERSAMPLING
    large = Image.new("L", (side * scale, side * scale), 0)
    pen = ImageDraw.Draw(large)
    full = 2 * side * scale
    pen.rounded_rectangle((0, 0, full, full), radius=radius * scale, fill=opacity)
    if line < side:
        inset = line * scale
        inner = (radius - line) * scale
        pen.rounded_rectangle((inset, inset, full, full), radius=inner, fill=0)
    return large.reduce(scale)
