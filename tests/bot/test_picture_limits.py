"""`bot.picture_limits`: told from the header, before any pixel is decoded."""

import struct
import warnings
import zlib

import pytest
from PIL import Image

from bot import errors
from bot.pictures import open_picture

MEBIBYTE = 1024 * 1024


def png_header(width, height, mode=2, depth=8):
    """A PNG that promises much and holds almost nothing."""

    def chunk(name, body):
        checksum = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + checksum

    head = struct.pack(">IIBBBBB", width, height, depth, mode, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def webp_header(width, height):
    """A lossless WebP that ends behind its size."""
    bits = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", bits) + bytes(5)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def test_bombs_are_refused_early():
    """A small file that promises too many pixels is refused by its header, with both figures."""
    with pytest.raises(errors.PictureTooLarge) as raised:
        open_picture(png_header(20_000, 10_000))

    assert "20,000 x 10,000 pixels of PNG" in str(raised.value)
    assert raised.value.facts["limit"] == "700 MiB"


def test_webp_bombs_are_refused():
    """WebP's decoder takes its memory on opening, so it is refused before that."""
    with pytest.raises(errors.PictureTooLarge):
        open_picture(webp_header(16_000, 16_000))


def test_memory_limit_can_change():
    """The limit is what the caller allows."""
    data = png_header(4000, 3000)

    with pytest.raises(errors.PictureTooLarge, match="64 MiB"):
        open_picture(data, memory_bytes=64 * MEBIBYTE)


def test_pillow_setting_is_put_back():
    """Pillow's global pixel limit is as before after a picture, and its warnings stay inside."""
    before = Image.MAX_IMAGE_PIXELS
    data = png_header(12_000, 9000)
    with (
        warnings.catch_warnings(record=True, action="always") as seen,
        pytest.raises(errors.PictureError),
    ):
        open_picture(data)

    assert before == Image.MAX_IMAGE_PIXELS
    assert seen == []
