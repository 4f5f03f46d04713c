"""How large a picture's working copy is, whatever its format; sizes are (width, height) in px."""

from __future__ import annotations

# https://docs.aws.amazon.com/rekognition/latest/dg/limits.html
MIN_SIDE_PX = 80
MAX_SIDE_PX = 10_000

WORKING_SIDE_PX = 2048
"""The longest side that a larger picture is brought down to."""
KEPT_SIDES_PX = range(1400, 2560 + 1)
"""A longest side in this range is left as it is: resampling costs and blurs."""
WORKING_SHORT_SIDE_PX = 160
"""A panorama is not scaled below this, else nothing on it could be recognised."""

Size = tuple[int, int]


def working_size(full_size: Size) -> Size:
    """The size of the working copy of a picture that cannot be kept, also not halved.

    >>> working_size((4000, 3000)), working_size((40_000, 400)), working_size((30, 20))
    ((2048, 1536), (10000, 100), (30, 20))
    """
    longest, shortest = max(full_size), min(full_size)
    scale = max(WORKING_SIDE_PX / longest, WORKING_SHORT_SIDE_PX / shortest)
    scale = min(1.0, scale, MAX_SIDE_PX / longest)
    width, height = (max(1, round(side * scale)) for side in full_size)
    return width, height


def is_kept(size: Size) -> bool:
    """Whether a picture of this size is a good working copy as it is."""
    longest, shortest = max(size), min(size)
    return longest in KEPT_SIDES_PX and shortest >= WORKING_SHORT_SIDE_PX


def halving(full_size: Size) -> int:
    """By how much to divide both sides first, the fast way: the most of 1, 2, 4, 8 that may be.

    These are the steps in which JPEG decodes at a smaller size, and cheap everywhere else.

    >>> halving((4000, 3000)), halving((5200, 2000)), halving((2600, 1300))
    (2, 2, 1)
    """
    least = working_size(full_size)
    for parts in (8, 4, 2):
        scaled = full_size[0] // parts, full_size[1] // parts
        if is_kept(scaled) or (scaled[0] >= least[0] and scaled[1] >= least[1]):
            return parts
    return 1
