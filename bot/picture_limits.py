"""What a picture would cost to decode, told from its header before any pixel is decoded.

The only module that knows decoders' appetites; `pictures` asks it and refuses.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from bot import errors
from bot.picture_sizes import Size

MEBIBYTE = 1024 * 1024
DEFAULT_MEMORY_BYTES = 700 * MEBIBYTE

# Peak memory from encoded bytes to the working copy is the larger of two moments: while the codec
# works, and while the decoded pixels are converted and brought down. Bytes per pixel, checked
# against the peaks of fresh processes on 25 megapixel pictures of every kind.
_CODEC_BYTES_PER_PIXEL = {"WEBP": 12.5, "HEIF": 6.0, "AVIF": 6.5}
_HELD_AND_CONVERTED_BYTES_PER_PIXEL = {
    "1": (1, 1),
    "L": (1, 0),
    "P": (1, 4),
    "I;16": (2, 3),
    "I;16B": (2, 8),
    "RGB": (4, 0),
    "RGBA": (4, 4),
    "CMYK": (4, 0),
    "I": (4, 5),
    "F": (4, 5),
}
_UNKNOWN_MODE = (4, 8)
_TRANSPARENT_BYTES_PER_PIXEL = 8
_COPIES_OF_FILE = 4
"""In the main process, on the way, in the worker, and in the codec."""


def decoding_bytes(
    image: Image.Image, *, file_bytes: int, full_size: Size, working_size: Size
) -> int:
    """Estimated peak memory in bytes for making a working copy of an opened, not loaded image.

    Sizes are (width, height) in pixels. `full_size` is what the header tells; `image.size` is
    smaller where JPEG's own scaled decoding has been asked for. The file itself, `file_bytes`
    long, counts as often as it lies in memory.
    """
    pixels = image.width * image.height
    held, converted = _HELD_AND_CONVERTED_BYTES_PER_PIXEL.get(image.mode, _UNKNOWN_MODE)
    if "transparency" in image.info:
        converted = _TRANSPARENT_BYTES_PER_PIXEL
    # libtiff may hold the whole picture as one strip.
    codec = held if image.format == "TIFF" else _CODEC_BYTES_PER_PIXEL.get(image.format or "", 0.0)
    decoding = pixels * (held + codec)
    scaling = pixels * (held + converted) + 4 * working_size[0] * (image.height + working_size[1])
    pixel_bytes = int(max(decoding, scaling)) + _coefficient_bytes(image, full_size)
    return pixel_bytes + _COPIES_OF_FILE * file_bytes


def _coefficient_bytes(image: Image.Image, full_size: Size) -> int:
    """A progressive JPEG keeps all its coefficients, two bytes each, at full size."""
    if not image.info.get("progressive"):
        return 0
    parts = [(across, down) for _, across, down, _ in getattr(image, "layer", ())]
    if not parts:
        return 0
    widest, tallest = max(across for across, _ in parts), max(down for _, down in parts)
    width, height = full_size
    return sum(
        2 * (width * across // widest) * (height * down // tallest) for across, down in parts
    )


def check_cost(
    image: Image.Image,
    *,
    file_bytes: int,
    full_size: Size,
    working_size: Size,
    memory_bytes: int,
) -> None:
    """Raise `errors.PictureTooLarge` where decoding would take more than `memory_bytes`."""
    cost_bytes = decoding_bytes(
        image, file_bytes=file_bytes, full_size=full_size, working_size=working_size
    )
    if cost_bytes > memory_bytes:
        width, height = full_size
        raise errors.PictureTooLarge(
            what=f"{width:,} x {height:,} pixels of {image.format} take about "
            f"{cost_bytes // MEBIBYTE:,} MiB of memory to open",
            limit=_mebibytes(memory_bytes),
            instead=_smaller(full_size, part=memory_bytes / cost_bytes),
            is_estimate=True,
        )


def _smaller(full_size: Size, *, part: float) -> str:
    """What would do instead: the same format with fewer pixels, rounded down to be safe."""
    width, height = (max(1, int(side * 0.8 * part**0.5)) for side in full_size)
    return f"a copy of at most {width:,} x {height:,} pixels, or an ordinary (not progressive) JPEG"


def too_large(memory_bytes: int, *, is_estimate: bool = False) -> errors.PictureTooLarge:
    """The refusal where the exact cost is not known: a decoder ran out of the memory it may use.

    `is_estimate` says that it would, by the header, and more memory would help.
    """
    return errors.PictureTooLarge(
        what="opening it takes more memory than is allowed",
        limit=_mebibytes(memory_bytes),
        instead="a smaller copy",
        is_estimate=is_estimate,
    )


def _mebibytes(memory_bytes: int) -> str:
    return f"{memory_bytes // MEBIBYTE:,} MiB"


@contextmanager
def pillow_under_our_limits(kind: str, *, memory_bytes: int) -> Iterator[None]:
    """Let `decoding_bytes` decide instead of Pillow's pixel count, and keep its warnings to itself.

    Pillow warns from 89 megapixels on and refuses from 179, whatever the format: too late for a
    WebP, too early for a phone's 200 megapixel JPEG. Its check stays on, at the number of pixels
    that memory allows for the codec, because WebP's decoder takes its memory on opening.
    The setting is Pillow's global; it is put back on leaving.
    """
    before = Image.MAX_IMAGE_PIXELS
    per_pixel = _CODEC_BYTES_PER_PIXEL.get(kind)
    # Pillow refuses at twice this number.
    Image.MAX_IMAGE_PIXELS = int(memory_bytes / per_pixel / 2) if per_pixel else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before
