"""Files of every kind that people post, and of some they should not, made here and now.

This is long because formats are many: what can be labelled comes first, what cannot comes after it.
"""

import functools
import io
import random
import struct
import zlib

import pillow_heif
from PIL import Image, ImageOps

from bot.sandbox.stage import Stage

pillow_heif.register_heif_opener()

SIZE = (480, 360)
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


@functools.cache
def scene():
    """A picture with one dog in it, off the middle: every turn puts it elsewhere."""
    stage = Stage(SIZE, (236, 232, 214))
    stage.put("Dog", 170, 250, 150, shadow=False)
    return stage.finished().image


def saved(image, kind, **options):
    """The image as a file of this kind."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def turned(kind, turn):
    """The scene as a camera stores it that notes this EXIF turn."""
    exif, stored = Image.Exif(), scene().copy()
    exif[0x0112] = turn
    # Stored turned the other way round, so that the noted turn puts it upright.
    stored.getexif()[0x0112] = {6: 8, 8: 6}.get(turn, turn)
    stored = ImageOps.exif_transpose(stored)
    noted = exif.tobytes() if kind == "HEIF" else exif
    return saved(stored, kind, exif=noted, quality=92)


def frames(kind, count, **options):
    """The scene, and behind it other pictures up to this many in all."""
    others = [
        Image.new("RGB", SIZE, (at * 50 % 256, at // 5 * 50 % 256, 90)) for at in range(1, count)
    ]
    return saved(scene(), kind, save_all=True, append_images=others, **options)


def bottom_cleared(mode="RGBA"):
    """The scene whose lower part is transparent, black hidden under it."""
    image = scene().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 280, *SIZE))
    return image.convert(mode)


def png(size, *, depth, colour, rows, interlaced=False, extra=b""):
    """A PNG from its raw rows: also depths that Pillow reads and does not write."""
    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced)
    body = b"".join(b"\0" + row for row in rows)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def chunk(name, body):
    """One chunk of a PNG."""
    checksum = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + checksum


def deep_scene(colour, mode):
    """The scene as a PNG of 16 bits per channel."""
    wide = SIZE[0] * len(mode)
    raw = b"".join(bytes((value, value)) for value in scene().convert(mode).tobytes())
    rows = [raw[at : at + 2 * wide] for at in range(0, len(raw), 2 * wide)]
    return png(SIZE, depth=16, colour=colour, rows=rows)


GOOD = {
    "jpeg": lambda: saved(scene(), "JPEG", quality=92),
    "jpeg poor": lambda: saved(scene(), "JPEG", quality=60),
    "jpeg full colour": lambda: saved(scene(), "JPEG", quality=92, subsampling="4:4:4"),
    "jpeg progressive": lambda: saved(scene(), "JPEG", quality=92, progressive=True),
    "jpeg restarts": lambda: saved(scene(), "JPEG", quality=92, restart_marker_rows=1),
    "jpeg cmyk": lambda: saved(scene().convert("CMYK"), "JPEG", quality=95),
    "jpeg with more behind": lambda: saved(scene(), "JPEG", quality=92) + b"\0\0\0\x18ftypmp42",
    "jpeg damaged exif": lambda: saved(
        scene(), "JPEG", quality=92, exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff\x01"
    ),
    "mpo": lambda: frames("MPO", 2, quality=92),
    "png": lambda: saved(scene(), "PNG"),
    "png palette": lambda: saved(scene().quantize(64), "PNG"),
    "png 16 colours": lambda: saved(scene().quantize(16), "PNG", bits=4),
    "png alpha": lambda: saved(scene().convert("RGBA"), "PNG"),
    "png 16 bits": lambda: deep_scene(2, "RGB"),
    "png 16 bits alpha": lambda: deep_scene(6, "RGBA"),
    "png with more behind": lambda: saved(scene(), "PNG") + b"PK\x03\x04",
    "apng": lambda: frames("PNG", 3, duration=100),
    "gif": lambda: saved(scene(), "GIF"),
    "gif animated": lambda: frames("GIF", 3, duration=100),
    "gif interlaced": lambda: saved(scene(), "GIF", interlace=True),
    "webp": lambda: saved(scene(), "WEBP", quality=92),
    "webp lossless": lambda: saved(scene(), "WEBP", lossless=True),
    "webp alpha": lambda: saved(scene().convert("RGBA"), "WEBP", quality=92),
    "webp animated": lambda: frames("WEBP", 3, duration=100, quality=92),
    "heic": lambda: saved(scene(), "HEIF", quality=92),
    "heic full colour": lambda: saved(scene(), "HEIF", quality=92, chroma=444),
    "heic alpha": lambda: saved(scene().convert("RGBA"), "HEIF", quality=92),
    "heic of two": lambda: frames("HEIF", 2, quality=92),
    "avif": lambda: saved(scene(), "AVIF", quality=92),
    "avif alpha": lambda: saved(scene().convert("RGBA"), "AVIF", quality=92),
    "avif animated": lambda: frames("AVIF", 3, duration=100, quality=92),
    "tiff": lambda: saved(scene(), "TIFF"),
    "tiff big": lambda: saved(scene(), "TIFF", big_tiff=True),
    "tiff lzw": lambda: saved(scene(), "TIFF", compression="tiff_lzw"),
    "tiff deflate": lambda: saved(scene(), "TIFF", compression="tiff_adobe_deflate"),
    "tiff packbits": lambda: saved(scene(), "TIFF", compression="packbits"),
    "tiff jpeg": lambda: saved(scene(), "TIFF", compression="jpeg", quality=92),
    "tiff palette": lambda: saved(scene().quantize(64), "TIFF"),
    "tiff alpha": lambda: saved(scene().convert("RGBA"), "TIFF"),
    "tiff cmyk": lambda: saved(scene().convert("CMYK"), "TIFF"),
    "tiff pages": lambda: frames("TIFF", 3),
    "bmp": lambda: saved(scene(), "BMP"),
    "bmp palette": lambda: saved(scene().quantize(64), "BMP"),
    "bmp alpha": lambda: saved(scene().convert("RGBA"), "BMP"),
}
"""Name -> how to make a file that shows the scene."""

FRAMES = {
    "mpo": 2,
    "heic of two": 2,
    "apng": 3,
    "gif animated": 3,
    "webp animated": 3,
    "avif animated": 3,
    "tiff pages": 3,
}
"""How many frames the files hold that hold more than one."""

TURNED = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF")
"""The kinds that can note how the camera was held."""

CLEARED = {
    "png": lambda: saved(bottom_cleared(), "PNG"),
    "png gray": lambda: saved(bottom_cleared("LA"), "PNG"),
    "png palette": lambda: saved(bottom_cleared().quantize(64), "PNG"),
    "png one colour": lambda: saved(bottom_cleared().convert("RGB"), "PNG", transparency=BLACK),
    "gif": lambda: saved(bottom_cleared(), "GIF"),
    "webp": lambda: saved(bottom_cleared(), "WEBP", quality=92),
    "heic": lambda: saved(bottom_cleared(), "HEIF", quality=92),
    "avif": lambda: saved(bottom_cleared(), "AVIF", quality=92),
    "tiff": lambda: saved(bottom_cleared(), "TIFF"),
}
"""Files whose lower part is transparent."""


def tones(mode, white, black=b""):
    """A picture of this mode whose left half is white and whose right half is black."""
    black = black or bytes(len(white))
    return Image.frombytes(mode, (100, 100), (white * 50 + black * 50) * 100)


def bits(depth):
    """A gray PNG of this many bits, its left half white and its right half black."""
    row = b"\xff" * (48 * depth // 8) + bytes(48 * depth // 8)
    return png((96, 96), depth=depth, colour=0, rows=[row] * 96)


def two_tones():
    """A fax: one bit per pixel."""
    image = Image.new("1", (100, 100), 0)
    image.paste(1, (0, 0, 50, 100))
    return image


GRAY = {
    "jpeg": lambda: saved(tones("L", b"\xff"), "JPEG", quality=95),
    "jpeg progressive": lambda: saved(tones("L", b"\xff"), "JPEG", quality=95, progressive=True),
    "png": lambda: saved(tones("L", b"\xff"), "PNG"),
    "png alpha": lambda: saved(tones("LA", b"\xff\xff", b"\0\xff"), "PNG"),
    "png 1 bit": lambda: bits(1),
    "png 2 bits": lambda: bits(2),
    "png 4 bits": lambda: bits(4),
    "png 16 bits": lambda: bits(16),
    "gif": lambda: saved(tones("L", b"\xff"), "GIF"),
    "webp": lambda: saved(tones("L", b"\xff"), "WEBP", lossless=True),
    "heic": lambda: saved(tones("L", b"\xff"), "HEIF", quality=95),
    "avif": lambda: saved(tones("L", b"\xff"), "AVIF", quality=95),
    "tiff": lambda: saved(tones("L", b"\xff"), "TIFF"),
    "tiff 16 bits": lambda: saved(tones("I;16", b"\xff\xff"), "TIFF"),
    "tiff 16 bits big-endian": lambda: saved(tones("I;16B", b"\xff\xff"), "TIFF"),
    "tiff 32 bits": lambda: saved(tones("I", b"\xff\xff\xff\x7f"), "TIFF"),
    "tiff floats": lambda: saved(tones("F", b"\x00\x00\x80\x3f"), "TIFF"),
    "tiff fax 3": lambda: saved(two_tones(), "TIFF", compression="group3"),
    "tiff fax 4": lambda: saved(two_tones(), "TIFF", compression="group4"),
    "bmp": lambda: saved(tones("L", b"\xff"), "BMP"),
    "bmp 1 bit": lambda: saved(two_tones(), "BMP"),
}
"""Files whose left half is white and whose right half is black."""

CUT = ("jpeg", "jpeg progressive", "png", "gif", "webp", "avif", "heic", "tiff", "bmp")
"""The good files that are also posted cut off."""


def noise(size=(200, 150)):
    """What compresses worst, so that a cut goes through the pixels themselves."""
    return Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))  # noqa: S311 - repeatable


def cut(name, kept):
    """The beginning of a file of this kind."""
    kind = {"heic": "HEIF"}.get(name, name.split()[0].upper())
    data = saved(noise(), kind, **({"progressive": True} if "progressive" in name else {}))
    return data[: int(len(data) * kept)]


def promised_png(width, height):
    """A PNG that promises much and holds almost nothing."""
    return png((width, height), depth=8, colour=2, rows=[bytes(900)])


def promised_webp(width, height):
    """A lossless WebP that ends behind its size."""
    measures = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", measures) + bytes(5)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def promised_jpeg(width, height):
    """A progressive JPEG whose header was changed to promise much."""
    data = bytearray(saved(Image.new("RGB", (64, 64)), "JPEG", progressive=True))
    at = data.index(b"\xff\xc2")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def promised_gif(width, height):
    """A GIF whose header and frame were changed to promise much."""
    data = bytearray(saved(Image.new("L", (64, 64)), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    at = data.index(b",\0\0\0\0")
    data[at + 5 : at + 9] = struct.pack("<HH", width, height)
    return bytes(data)


def promised_bmp(width, height):
    """A BMP whose header was changed to promise much."""
    data = bytearray(saved(Image.new("RGB", (64, 64)), "BMP"))
    data[18:26] = struct.pack("<ii", width, height)
    return bytes(data)


def promised_tiff(width, height):
    """A TIFF whose first page was changed to promise much, compressed so that little may do."""
    data = bytearray(saved(Image.new("RGB", (64, 64)), "TIFF", compression="tiff_lzw"))
    for tag, side in ((256, width), (257, height)):
        at = data.index(struct.pack("<H", tag), int.from_bytes(data[4:8], "little"))
        data[at : at + 12] = struct.pack("<HHII", tag, 4, 1, side)
    return bytes(data)


BOMBS = {
    "png": lambda: promised_png(30_000, 30_000),
    "webp": lambda: promised_webp(16_383, 16_383),
    "jpeg progressive": lambda: promised_jpeg(65_000, 65_000),
    "gif": lambda: promised_gif(65_535, 65_535),
    "bmp": lambda: promised_bmp(30_000, 30_000),
    "tiff": lambda: promised_tiff(60_000, 60_000),
}
"""Small files that promise more pixels than memory allows."""


def changed(name, old, new):
    """A good file in which some bytes were replaced once."""
    data = GOOD[name]()
    assert old in data
    return data.replace(old, new, 1)


DAMAGED = {
    "jpeg without picture": lambda: GOOD["jpeg"]()[:200] + b"\xff\xd9",
    "jpeg of no size": lambda: changed("jpeg", struct.pack(">HH", 360, 480), bytes(4)),
    "png bad checksum": lambda: changed("png", b"IDAT", b"IDAX"),
    "png of no size": lambda: png((0, 0), depth=8, colour=2, rows=[b""]),
    "png no compression": lambda: png((9, 9), depth=8, colour=2, rows=[]),
    "gif without picture": lambda: GOOD["gif"]()[:13] + b";",
    "webp wrong inside": lambda: changed("webp", b"VP8 ", b"VP9 "),
    "heic without items": lambda: changed("heic", b"iloc", b"ilox"),
    "avif without items": lambda: changed("avif", b"iloc", b"ilox"),
    "tiff page outside": lambda: b"II*\0" + struct.pack("<I", 9_999_999) + bytes(50),
    "tiff empty page": lambda: b"II*\0" + struct.pack("<IHI", 8, 0, 0),
    "bmp strange depth": lambda: changed("bmp", b"\x01\x00\x18\x00", b"\x01\x00\x17\x00"),
}
"""Files of a format that is read, with an inside that makes no sense."""

_SVG = b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
UNREAD = {
    "SVG": lambda: _SVG,
    "Photoshop": lambda: b"8BPS\x00\x01",
    "JPEG 2000": lambda: saved(scene(), "JPEG2000"),
    "JPEG XL": lambda: b"\xff\x0a\xfa\x1f",
    "EPS": lambda: saved(scene(), "EPS"),
    "camera RAW": lambda: saved(scene(), "TIFF", tiffinfo={0xC612: b"\x01\x04\x00\x00"}),
    "icon": lambda: saved(scene(), "ICO"),
    "PNM": lambda: saved(scene(), "PPM"),
    "DDS": lambda: saved(scene(), "DDS"),
    "QOI": lambda: saved(scene(), "QOI"),
}
"""Image formats that Spotter does not read, by the name it has for them."""

NO_PICTURES = {
    "html": b"<!DOCTYPE html><html><body><svg></svg></body></html>",
    "text": b"BMW is a car maker, and this is a text about it.",
    "random": bytes(at * 37 % 251 for at in range(4000)),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "json": b'{"ok": false}',
    "zip": b"PK\x03\x04",
    "mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2mp41",
    "one byte": b"\xff",
}
"""Bytes that are no image format."""
