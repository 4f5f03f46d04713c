"""How many frames or pages a file holds, told without decoding any of them.

Only the first one is ever labelled; a file of very many is refused, as most of it would be ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from PIL import Image

from bot import errors
from bot.summary import counted

DEFAULT_MAX_FRAMES = 1000
_MOST_BLOCKS = 1_000_000
"""Where looking for more frames ends; an honest GIF of 64 MiB has 270,000 blocks."""


def check_frames(source: Image.Image, data: bytes, *, max_frames: int) -> int:
    """The number of frames of an opened, not loaded image; `data` is its file.

    Raises: `errors.PictureTooLarge` where they are more than `max_frames`.
    """
    if source.format == "GIF":
        frames = _count(_walk_gif(data), up_to=max_frames + 1)
    elif source.format == "TIFF":
        frames = _count(_walk_tiff(data), up_to=max_frames + 1)
    else:  # the other formats say it in their header
        frames = int(getattr(source, "n_frames", 1))
    if frames > max_frames:
        raise errors.PictureTooLarge(
            what=f"it has more than {counted(max_frames, 'frame or page', 'frames or pages')}",
            limit=f"{max_frames:,}",
            instead="its first one alone",
        )
    return max(frames, 1)


def _count(blocks: Iterator[bool], *, up_to: int) -> int:
    frames = (is_frame for is_frame in islice(blocks, _MOST_BLOCKS) if is_frame)
    return sum(islice(frames, up_to))


def _walk_gif(data: bytes) -> Iterator[bool]:
    """Every block of a GIF: whether a frame begins with it."""
    at = 13 + _palette_bytes(data[10:11])
    while at < len(data) and data[at] != 0x3B:
        is_frame, is_extension = data[at] == 0x2C, data[at] == 0x21
        yield is_frame
        if is_frame:
            at += 11 + _palette_bytes(data[at + 9 : at + 10])
        else:
            at += 2 if is_extension else 1
        while (is_frame or is_extension) and at < len(data):
            length = data[at]
            at += 1 + length
            if not length:
                break
            yield False


def _palette_bytes(flags: bytes) -> int:
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _walk_tiff(data: bytes) -> Iterator[bool]:
    """Every page of a TIFF, by the directory that each points to the next with."""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    is_big = 43 in data[2:4]
    count_bytes, entry_bytes, offset_bytes = (8, 20, 8) if is_big else (2, 12, 4)

    def number(at: int, length: int) -> int:
        return int.from_bytes(data[at : at + length], order)

    at, seen = number(8 if is_big else 4, offset_bytes), set[int]()
    while at and at < len(data) and at not in seen:
        seen.add(at)
        yield True
        at = number(at + count_bytes + number(at, count_bytes) * entry_bytes, offset_bytes)
