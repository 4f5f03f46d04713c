"""Name an image format by its first bytes; file names and declared types have no say.

No Pillow, no pixels: cheap enough for every download.
"""

from __future__ import annotations

import re

READ_KINDS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF", "TIFF", "BMP")
"""The formats that Spotter decodes. Nothing else ever reaches a decoder."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    # Camera files that begin like TIFF come before TIFF.
    (b"II*\x00\x10\x00\x00\x00CR", "camera RAW"),
    (b"IIU\x00", "camera RAW"),
    (b"IIRO", "camera RAW"),
    (b"IIRS", "camera RAW"),
    (b"MMOR", "camera RAW"),
    (b"FUJIFILMCCD-RAW", "camera RAW"),
    (b"FOVb", "camera RAW"),
    (b"\x00MRM", "camera RAW"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"II\xbc\x01", "JPEG XR"),
    (b"%!PS-Adobe", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"icns", "icon"),
    (b"gimp xcf ", "GIMP"),
    (b"DDS ", "DDS"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"qoif", "QOI"),
    (b"\xd7\xcd\xc6\x9a", "Windows metafile"),
    (b"AT&TFORM", "DjVu"),
)

# ISO base media files name their kind in `ftyp`: https://mp4ra.org/registered-types/brands
_BRANDS = {
    "AVIF": {b"avif", b"avis"},
    "HEIF": {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"},
    "camera RAW": {b"crx "},
}
_GENERIC_HEIF = {b"mif1", b"mif2", b"msf1"}
_BMP_HEADER_SIZES = {12, 16, 40, 52, 56, 64, 108, 124}

_TEXT_WINDOW_BYTES = 4096
# An SVG's first element is <svg>; a page of HTML may hold one, further down.
_SVG_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+svg[^>\[]*(?:\[.*?\])?\s*>)*+"
    rb"<(?:\w+:)?svg[\s/>]",
    re.DOTALL | re.IGNORECASE,
)


def sniff(data: bytes) -> str | None:
    """The image format that the first bytes tell, or None when they tell of no image.

    One of `READ_KINDS`, or the plain name of an image format that Spotter does not read.
    A PDF or a page of HTML is no image.

    >>> sniff(b"GIF89a..."), sniff(b"8BPS"), sniff(b"<!DOCTYPE html><html>")
    ('GIF', 'Photoshop', None)
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    return _sniff_structure(data)


def _sniff_structure(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _media_kind(data)
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if re.match(rb"P[1-7]\s+(?:#|\d|WIDTH)", data[:32]):
        return "PNM"
    return "SVG" if _SVG_START.match(_as_ascii(data[:_TEXT_WINDOW_BYTES])) else None


def _media_kind(data: bytes) -> str | None:
    length = min(int.from_bytes(data[:4], "big"), 256)
    major, compatible = data[8:12], {data[at : at + 4] for at in range(16, length, 4)}
    for brands in ({major}, compatible if major in _GENERIC_HEIF else set()):
        for kind, known in _BRANDS.items():
            if brands & known:
                return kind
    return "HEIF" if major in _GENERIC_HEIF else None


def _as_ascii(text: bytes) -> bytes:
    """UTF-16 text without its zero bytes; everything else as it is."""
    return text[2:].replace(b"\x00", b"") if text[:2] in {b"\xff\xfe", b"\xfe\xff"} else text
