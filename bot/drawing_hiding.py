"""Make chosen things unrecognisable in a picture that will be posted, before anything is drawn.

A pane takes the place of each of them, in the colours around it. Not one hidden pixel is read to
make it, so that nothing of them can be got back from the posted file: any two faces give the very
same pane.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageChops

from bot.drawing_shapes import grown
from bot.drawing_style import HidingWay
from bot.layout import Size, clamp_box
from bot.model import PixelBox, RatioBox
from bot.palette import Colour

_EMPTY: Colour = (120, 126, 138)
_MARGIN_PERCENT = 3
"""Rekognition's boxes may cut off hair and hands."""
_CELLS_ALONG_SHORT_SIDE = 6
_MOST_CELLS = 40
_SHADES = (0, 14, -8, 6, -14, 10, -4)
"""Lighter and darker cells, as a real mosaic has them; their number suits no row length."""


def hidden(image: Image.Image, boxes: Sequence[RatioBox], way: HidingWay) -> Image.Image:
    """A copy with a pane over every box; the image itself where there is none."""
    size = image.size
    panes = [
        _clipped(grown(box, 2 + max(box.width_px, box.height_px) * _MARGIN_PERCENT // 100), size)
        for ratio_box in boxes
        for box in [clamp_box(ratio_box, size_px=size, least_px=1)]
    ]
    if panes:
        image = image.copy()
    for pane in panes:  # all of them first: no pane may take its colours from another's pixels
        image.paste(_EMPTY, _edges(pane))
    for pane in panes:
        image.paste(_pane(_colours_around(image, pane), _size(pane), way), _edges(pane))
    return image


def _colours_around(image: Image.Image, pane: PixelBox) -> Image.Image:
    """Three by three colours: of the spots just outside the pane, and their mean in the middle."""
    reach = max(2, min(pane.width_px, pane.height_px) // 8)
    columns = (pane.left_px - reach, (pane.left_px + pane.right_px - reach) // 2, pane.right_px)
    rows = (pane.top_px - reach, (pane.top_px + pane.bottom_px - reach) // 2, pane.bottom_px)
    around = Image.new("RGB", (3, 3), _EMPTY)
    for row, top in enumerate(rows):
        for column, left in enumerate(columns):
            spot = _clipped(PixelBox(left, top, left + reach, top + reach), image.size)
            if (row, column) != (1, 1) and min(_size(spot)) > 0:
                mean = image.resize((1, 1), Image.Resampling.BOX, box=_edges(spot))
                around.paste(mean, (column, row))
    around.paste(around.resize((1, 1), Image.Resampling.BOX), (1, 1))
    return around


def _pane(around: Image.Image, size_px: Size, way: HidingWay) -> Image.Image:
    """A coarse mosaic, or the same made smooth."""
    cell = max(1, min(size_px) // _CELLS_ALONG_SHORT_SIDE, max(size_px) // _MOST_CELLS)
    columns, rows = (max(1, side // cell) for side in size_px)
    cells = around.resize((columns, rows), Image.Resampling.BICUBIC)
    shades = Image.new("L", cells.size)
    shades.putdata([128 + _SHADES[at % len(_SHADES)] for at in range(columns * rows)])
    shaded = ImageChops.add(cells, Image.merge("RGB", [shades] * 3), offset=-128)
    resampling = Image.Resampling.NEAREST if way == "pixelate" else Image.Resampling.BICUBIC
    return shaded.resize(size_px, resampling)


def _clipped(box: PixelBox, size_px: Size) -> PixelBox:
    width, height = size_px
    left, top = min(max(0, box.left_px), width), min(max(0, box.top_px), height)
    return PixelBox(
        left, top, max(left, min(width, box.right_px)), max(top, min(height, box.bottom_px))
    )


def _edges(box: PixelBox) -> tuple[int, int, int, int]:
    return box.left_px, box.top_px, box.right_px, box.bottom_px


def _size(box: PixelBox) -> Size:
    return box.width_px, box.height_px
