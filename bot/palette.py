"""The same label has the same colour everywhere; eight colours that hold for the colour-blind.

No pixels: colours as (red, green, blue), 0-255.
"""

from __future__ import annotations

import zlib

Colour = tuple[int, int, int]

PALETTE: tuple[Colour, ...] = (
    (57, 151, 222),  # blue
    (215, 226, 45),  # lime
    (209, 16, 100),  # crimson
    (38, 236, 250),  # cyan
    (112, 57, 11),  # brown
    (243, 146, 160),  # pink
    (113, 12, 218),  # violet
    (148, 150, 8),  # olive
)
"""Found by search: the two nearest stay CIEDE2000 19 apart for full colour vision and for
protanopia, deuteranopia and tritanopia alike (Okabe and Ito's set: 11)."""

INK: Colour = (17, 19, 24)
PAPER: Colour = (255, 255, 255)
MUTED: Colour = (172, 178, 189)
"""For what matters less, on `INK`."""


_SEED = 22_448
"""Chosen by trying: of things that Rekognition often boxes together, few share a colour."""


def colour_of(label: str) -> Colour:
    """The label's colour: by a hash that is the same in every process and release."""
    at = zlib.crc32(label.casefold().encode("utf-8", "replace"), _SEED) % len(PALETTE)
    return PALETTE[at]


def ink_on(ground: Colour) -> Colour:
    """Black or white, whichever reads better on `ground`: at least 4.5:1 on our colours."""
    return max((INK, PAPER), key=lambda ink: contrast_ratio(ink, ground))


def contrast_ratio(a: Colour, b: Colour) -> float:
    """Contrast from 1 to 21, by https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.

    >>> contrast_ratio((0, 0, 0), (255, 255, 255))
    21.0
    """
    darker, lighter = sorted((_luminance(a), _luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
