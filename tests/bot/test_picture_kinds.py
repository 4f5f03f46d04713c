"""`bot.picture_kinds`: the first bytes name the format."""

import io

import pillow_heif
import pytest
from PIL import Image

from bot import errors
from bot.picture_kinds import READ_KINDS, sniff
from bot.pictures import open_picture

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


@pytest.mark.parametrize("name", NO_PICTURES)
def test_no_picture_is_refused(name):
    """What is no image format is not a picture, whatever it is named."""
    assert sniff(NO_PICTURES[name]) is None
    with pytest.raises(errors.NotAPicture):
        open_picture(NO_PICTURES[name])


UNREAD = {
    "SVG": b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "Photoshop": b"8BPS\x00\x01",
    "JPEG 2000": b"\x00\x00\x00\x0cjP  \r\n\x87\n",
    "JPEG XL": b"\xff\x0a\xfa\x1f",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "camera RAW": b"II*\x00\x10\x00\x00\x00CR\x02\x00",
    "icon": b"\x00\x00\x01\x00\x01\x00",
    "PNM": b"P6\n# made\n3 3\n255\n",
}


@pytest.mark.parametrize("kind", UNREAD)
def test_unread_types_are_named(kind):
    """An image type that Spotter does not read is named to its poster."""
    with pytest.raises(errors.PictureTypeNotRead, match=kind) as raised:
        open_picture(UNREAD[kind])

    assert raised.value.facts == {"kind": kind}


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf<svg>",
        b"\xff\xfe" + "<svg >".encode("utf-16-le"),
        b'<!DOCTYPE svg PUBLIC "x" [ <!ENTITY a "b"> ]>\n<svg>',
        b"<svg:svg>",
    ],
)
def test_svg_has_many_beginnings(text):
    """SVG is known behind byte order marks, in UTF-16, after a document type, with a prefix."""
    assert sniff(text) == "SVG"


def test_heif_brands_are_told_apart():
    """AVIF and HEIC share the generic brand and are told apart by what they claim to fit."""
    assert sniff(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif") == "AVIF"
    assert sniff(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heic") == "HEIF"
    assert sniff(b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom") == "camera RAW"


@pytest.mark.parametrize("kind", READ_KINDS)
def test_read_formats_are_named(kind):
    """Every format that is read is recognised from a real file of it."""
    pillow_heif.register_heif_opener()
    target = io.BytesIO()
    Image.new("RGB", (90, 90)).save(target, kind)

    assert sniff(target.getvalue()) == kind
