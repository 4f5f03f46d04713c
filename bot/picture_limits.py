"""What a picture would cost to decode, told from its header before any pixel is decoded.

The only module that knows decoders' appetites; `pictures` asks it and refuses.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from bot import errors

MEBIBYTE = 1024 * 1024
DEFAULT_MEMORY_BYTES = 700 * MEBIBYTE

# Peak bytes per pixel from encoded bytes to the working copy, measured on 25 megapixel pictures
# (VmHWM of a fresh process) and rounded up. Pillow itself holds 1 for gray, 2 for 16-bit gray,
# else 4; the rest is the codec's own and the conversion to RGB.
_CODEC_BYTES_PER_PIXEL = {"WEBP": 12.0, "HEIF": 12.0, "AVIF": 12.0, "TIFF": 4.0}
_HELD_BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "LA": 4}
_CONVERTED_BYTES_PER_PIXEL = {"L": 0, "RGB": 0, "CMYK": 0, "YCbCr": 4, "1": 1, "RGBA": 4}


def decoding_bytes(image: Image.Image, *, full_size: tuple[int, int]) -> int:
    """Estimated peak memory in bytes for decoding an opened, not yet loaded image.

    `full_size` is (width, height) in pixels as the header tells; `image.size` is smaller where
    JPEG's own scaled decoding has been asked for.
    """
    pixels = image.width * image.height
    held = _HELD_BYTES_PER_PIXEL.get(image.mode, 4)
    converted = 4 if "transparency" in image.info else _CONVERTED_BYTES_PER_PIXEL.get(image.mode, 4)
    codec = _CODEC_BYTES_PER_PIXEL.get(image.format or "", 0.0)
    return int(pixels * (held + converted + codec)) + _coefficient_bytes(image, full_size)


def _coefficient_bytes(image: Image.Image, full_size: tuple[int, int]) -> int:
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


def check_cost(image: Image.Image, *, full_size: tuple[int, int], memory_bytes: int) -> None:
    """Raise `errors.PictureTooLarge` where decoding would take more than `memory_bytes`."""
    cost_bytes = decoding_bytes(image, full_size=full_size)
    if cost_bytes > memory_bytes:
        width, height = full_size
        raise errors.PictureTooLarge(
            what=f"{width:,} × {height:,} pixels of {image.format} take about "
            f"{cost_bytes // MEBIBYTE:,} MiB of memory to open",
            limit=_mebibytes(memory_bytes),
        )


def too_large(memory_bytes: int) -> errors.PictureTooLarge:
    """The refusal where the exact cost is not known: a decoder ran out of the memory it may use."""
    return errors.PictureTooLarge(
        what="opening it takes more memory than is allowed", limit=_mebibytes(memory_bytes)
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
