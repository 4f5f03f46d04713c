"""`bot.picture_kinds`: the first bytes name the format."""

import io

import pillow_heif
import pytest
from PIL import Image

from bot.picture_kinds import READ_KINDS, sniff
from tests.picture_files import NO_PICTURES


@pytest.mark.parametrize("name", NO_PICTURES)
def test_no_picture_has_no_kind(name):
    """What is no image format has no kind, whatever it is named."""
    assert sniff(NO_PICTURES[name]) is None


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
