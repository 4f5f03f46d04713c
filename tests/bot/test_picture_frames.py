"""`bot.picture_frames`: counted on the bytes, with an end to it."""

import io
import struct

import pytest
from PIL import Image

from bot import errors, picture_frames
from bot.picture_frames import check_frames
from bot.pictures import open_picture
from tests.picture_files import frames, saved


def count(data, most):
    """The frames of a file, or a refusal."""
    return check_frames(Image.open(io.BytesIO(data)), data, max_frames=most)


@pytest.mark.parametrize("number", [1, 2, 7])
@pytest.mark.parametrize(
    ("kind", "options"), [("GIF", {}), ("TIFF", {}), ("TIFF", {"big_tiff": True})]
)
def test_frames_are_counted(kind, options, number):
    """Frames and pages are counted as Pillow counts them, without decoding."""
    data = frames(kind, number, **options)

    assert count(data, most=10) == Image.open(io.BytesIO(data)).n_frames == number


def test_pages_in_circles():
    """Pages that point back to an earlier one are counted once."""
    data = bytearray(saved(Image.new("L", (90, 90)), "TIFF"))
    first = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[first : first + 2], "little")
    data[first + 2 + 12 * entries :][:4] = struct.pack("<I", first)
    at = first + 2 + 12 * entries
    data[at : at + 4] = struct.pack("<I", first)

    assert open_picture(bytes(data)).frames == 1


def test_counting_has_an_end():
    """A GIF that is nothing but tiny blocks behind its first frame is not walked to its end."""
    data = saved(Image.new("L", (90, 90)), "GIF")[:-1] + b"!\xfe" + b"\x01x" * 3_000_000 + b"\0;"
    walked = picture_frames._walk_gif(data)  # noqa: SLF001 - what is left of it tells

    assert picture_frames._count(walked, up_to=10) == 1  # noqa: SLF001
    assert sum(1 for _ in walked) > 1_000_000


@pytest.mark.parametrize("kind", ["GIF", "TIFF"])
def test_more_than_enough(kind):
    """Counting ends one beyond the limit, and what would do instead is said."""
    with pytest.raises(errors.PictureTooLarge, match="Post its first one alone"):
        count(frames(kind, 4), most=3)
