"""Finds the objects of the drawn scenes by the colours reserved for them.

It looks at a view of at most 256 px of the picture it is given, and at nothing else: not at names,
not at bytes, not at what was posted before. On a picture that is no drawn scene it finds nothing.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.model import RatioBox
from bot.sandbox.answers import Sighting
from bot.sandbox.kinds import GROUNDS, KINDS, Color, Ground, Kind

VIEW_PX = 256
"""The longer side of the view that is searched."""

_TOLERANCE = 14
"""How far a colour component may be off (of 255): JPEG and scaling blur flat colours a little."""
_SMALLEST_PX = 14
"""Fewer pixels of the view are an accident."""
_GAP_PX = 2
"""Pieces of one kind and colour that are no further apart belong to one object."""
_RIM_PX = 0.5
"""A body's outermost pixels are mixed with what is behind it, and half of each is its own."""
_FLAT = 4.5
"""A body is painted flat: its mean distance from the reserved colour is below this."""
_FULL = 0.16
"""A body fills at least this share of its bounds (a bicycle is mostly air)."""
_ODD = 2.4
"""How many times wider or narrower than usual a body may look, when something stands before it."""
_GROUND_SHARE = 0.045
"""A background counts from this share of the picture on."""
_CELL = 4
"""Colours are looked up in steps of this many levels per component."""


@dataclass(frozen=True)
class Found:
    """One object: what it is, where, and how sure (0-100)."""

    kind: Kind
    box: RatioBox
    confidence_percent: float


@dataclass(frozen=True)
class View:
    """What there is to see in a picture: objects, and backgrounds with their confidence."""

    objects: tuple[Found, ...]
    grounds: tuple[tuple[Ground, float], ...]

    def sightings(self) -> list[Sighting]:
        """Everything by the names of its labels; guesses are less sure than what they rest on."""
        seen = [Sighting(one.kind.name, one.confidence_percent, one.box) for one in self.objects]
        best: dict[str, Found] = {}
        for one in self.objects:
            best.setdefault(one.kind.name, one)
        seen += _shares((one.kind.guesses, one.confidence_percent) for one in best.values())
        return seen + _shares((ground.labels, percent) for ground, percent in self.grounds)


@dataclass(frozen=True)
class _Piece:
    """A patch of one reserved colour: its bounds in the view (right and bottom exclusive)."""

    paint: int
    left: int
    top: int
    right: int
    bottom: int
    pixels: int
    distance: float

    def touches(self, other: _Piece) -> bool:
        """Whether both belong to one object."""
        return (
            self.paint == other.paint
            and self.left - _GAP_PX <= other.right
            and other.left - _GAP_PX <= self.right
            and self.top - _GAP_PX <= other.bottom
            and other.top - _GAP_PX <= self.bottom
        )

    def joined(self, other: _Piece) -> _Piece:
        """Both as one."""
        pixels = self.pixels + other.pixels
        distance = (self.distance * self.pixels + other.distance * other.pixels) / pixels
        return _Piece(
            self.paint,
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
            pixels,
            distance,
        )


def _shares(rows: Iterable[tuple[tuple[tuple[str, float], ...], float]]) -> list[Sighting]:
    return [Sighting(name, percent * share) for names, percent in rows for name, share in names]


def look(image: Image.Image) -> View:
    """Search an upright RGB picture of any size.

    Objects come most confident first.
    """
    view = np.asarray(_small(image), dtype=np.int16)
    paints = _table()[view[..., 0] // _CELL, view[..., 1] // _CELL, view[..., 2] // _CELL]
    counts = np.bincount(paints.ravel(), minlength=len(_colors()) + 1)
    if not counts[1:].any():
        return View((), ())
    objects = [found for piece in _pieces(view, paints, counts) if (found := _judge(piece, view))]
    objects.sort(key=lambda found: -found.confidence_percent)
    return View(tuple(objects), _find_grounds(view, paints, counts))


def _small(image: Image.Image) -> Image.Image:
    ratio = VIEW_PX / max(image.size)
    if ratio >= 1:
        return image
    size = (max(round(image.width * ratio), 1), max(round(image.height * ratio), 1))
    return image.resize(size, Image.Resampling.BOX)


@functools.cache
def _bodies() -> tuple[tuple[Color, Kind], ...]:
    """Every body colour with its kind; number n in the table is entry n - 1."""
    return tuple((color, kind) for kind in KINDS.values() for color in kind.colors)


@functools.cache
def _colors() -> NDArray[np.int16]:
    """All reserved colours by their number less one: bodies first, then backgrounds."""
    colors = [color for color, _ in _bodies()] + [ground.color for ground in GROUNDS]
    return np.array(colors, dtype=np.int16)


@functools.cache
def _table() -> NDArray[np.uint8]:
    """For each cell of the colour cube the number of the reserved colour close to it, or 0."""
    middles = np.arange(0, 256, _CELL) + (_CELL - 1) / 2
    table = np.zeros((len(middles),) * 3, dtype=np.uint8)
    for number, color in enumerate(_colors(), start=1):
        near = [np.flatnonzero(np.abs(middles - part) <= _TOLERANCE) for part in color]
        table[np.ix_(*near)] = number
    return table


def _pieces(
    view: NDArray[np.int16], paints: NDArray[np.uint8], counts: NDArray[np.intp]
) -> list[_Piece]:
    there = np.flatnonzero(counts >= _SMALLEST_PX)
    wanted = np.where(np.isin(paints, there[(there > 0) & (there <= len(_bodies()))]), paints, 0)
    from skimage import measure  # noqa: PLC0415 - importing it takes long

    patches: NDArray[np.intp] = measure.label(wanted, background=0, connectivity=2)  # type: ignore[no-untyped-call]
    sizes = np.bincount(patches.ravel())
    patches[(sizes < _SMALLEST_PX // 3)[patches]] = 0
    return _join(_measure(view, wanted, patches))


def _measure(
    view: NDArray[np.int16], paints: NDArray[np.uint8], patches: NDArray[np.intp]
) -> list[_Piece]:
    """One piece per patch; all patches in one sweep, since a photograph has hundreds."""
    rows, columns = np.nonzero(patches)
    order = np.argsort(patches[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    names, starts = np.unique(patches[rows, columns], return_index=True)
    if not len(names):
        return []
    numbers = paints[rows, columns]
    off = np.abs(view[rows, columns] - _colors()[numbers - 1]).mean(axis=1)
    sizes = np.diff(np.append(starts, len(rows)))
    table = zip(
        numbers[starts].tolist(),
        np.minimum.reduceat(columns, starts).tolist(),
        np.minimum.reduceat(rows, starts).tolist(),
        (np.maximum.reduceat(columns, starts) + 1).tolist(),
        (np.maximum.reduceat(rows, starts) + 1).tolist(),
        sizes.tolist(),
        (np.add.reduceat(off, starts) / sizes).tolist(),
        strict=True,
    )
    return [_Piece(*row) for row in table]


def _join(pieces: list[_Piece]) -> list[_Piece]:
    """Join until no two touch; the largest first, so that crumbs find their object."""
    done: list[_Piece] = []
    for piece in sorted(pieces, key=lambda each: -each.pixels)[:400]:
        whole, apart = piece, []
        for other in done:
            if whole.touches(other):
                whole = whole.joined(other)
            else:
                apart.append(other)
        done = [*apart, whole]
    return done


def _judge(piece: _Piece, view: NDArray[np.int16]) -> Found | None:
    """The object that this patch is the body of, unless it does not look like one."""
    height, width = view.shape[:2]
    _, kind = _bodies()[piece.paint - 1]
    across, down = piece.right - piece.left + 2 * _RIM_PX, piece.bottom - piece.top + 2 * _RIM_PX
    if not _plausible(piece, kind, across, down):
        return None
    left, top, right, bottom = kind.body
    whole_width, whole_height = across / (right - left), down / (bottom - top)
    box = _clamped(
        (piece.left - _RIM_PX - left * whole_width) / width,
        (piece.top - _RIM_PX - top * whole_height) / height,
        whole_width / width,
        whole_height / height,
    )
    return Found(kind, box, _confidence(piece.pixels / (width * height), piece.distance))


def _plausible(piece: _Piece, kind: Kind, across: float, down: float) -> bool:
    """Whether a patch is large, flat and full enough, and shaped like the body of its kind."""
    left, top, right, bottom = kind.body
    usual = kind.aspect_ratio * (right - left) / (bottom - top)
    return (
        piece.pixels >= max(_SMALLEST_PX, _FULL * across * down)
        and piece.distance <= _FLAT
        and usual / _ODD <= across / down <= usual * _ODD
    )


def _clamped(left: float, top: float, width: float, height: float) -> RatioBox:
    right, bottom = min(left + width, 1.0), min(top + height, 1.0)
    left, top = max(left, 0.0), max(top, 0.0)
    return RatioBox(left, top, right - left, bottom - top)


def _confidence(share: float, distance: float) -> float:
    """Larger and purer is surer: 99.9 at most, about 80 for the smallest."""
    return 99.9 - 22.0 * math.exp(-9.0 * math.sqrt(share)) - 1.5 * distance / _FLAT


def _find_grounds(
    view: NDArray[np.int16], paints: NDArray[np.uint8], counts: NDArray[np.intp]
) -> tuple[tuple[Ground, float], ...]:
    found = []
    for number, ground in enumerate(GROUNDS, start=len(_bodies()) + 1):
        share = counts[number] / paints.size
        if share < _GROUND_SHARE:
            continue
        distance = float(np.abs(view[paints == number] - np.array(ground.color)).mean())
        if distance <= _FLAT:
            found.append((ground, 99.9 - 16.0 * math.exp(-9.0 * share) - distance))
    return tuple(found)


def warm_up() -> None:
    """Import and build now what the first picture would otherwise wait for."""
    look(Image.new("RGB", (VIEW_PX, VIEW_PX), next(iter(KINDS.values())).colors[0]))
