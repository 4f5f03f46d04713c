"""`bot.picture_limits`: told from the header, before any pixel is decoded."""

import re
import warnings

import pytest
from PIL import Image

from bot import errors
from bot.pictures import open_picture
from tests.picture_files import promised_png, promised_webp, saved

MEBIBYTE = 1024 * 1024


def test_bombs_are_refused_early():
    """A small file that promises too many pixels is refused by its header, with both figures."""
    with pytest.raises(errors.PictureTooLarge) as raised:
        open_picture(promised_png(20_000, 10_000))

    assert "20,000 x 10,000 pixels of PNG" in str(raised.value)
    assert raised.value.facts["limit"] == "700 MiB"


def test_webp_bombs_are_refused():
    """WebP's decoder takes its memory on opening, so it is refused before that."""
    with pytest.raises(errors.PictureTooLarge):
        open_picture(promised_webp(16_000, 16_000))


def test_memory_limit_can_change():
    """The limit is what the caller allows."""
    data = promised_png(4000, 3000)

    with pytest.raises(errors.PictureTooLarge, match="64 MiB"):
        open_picture(data, memory_bytes=64 * MEBIBYTE)


def test_pillow_setting_is_put_back():
    """Pillow's global pixel limit is as before after a picture, and its warnings stay inside."""
    before = Image.MAX_IMAGE_PIXELS
    data = promised_png(12_000, 9000)
    with (
        warnings.catch_warnings(record=True, action="always") as seen,
        pytest.raises(errors.PictureError),
    ):
        open_picture(data)

    assert before == Image.MAX_IMAGE_PIXELS
    assert seen == []


@pytest.mark.parametrize("size", [(20_000, 10_000), (4000, 60_000), (10_000, 10_000)])
def test_suggestion_is_enough(size):
    """What is suggested instead of a picture that is too large is not too large."""
    with pytest.raises(errors.PictureTooLarge) as raised:
        open_picture(promised_png(*size), memory_bytes=128 * MEBIBYTE)
    smaller = re.search(r"at most ([\d,]+) x ([\d,]+) pixels", str(raised.value))
    width, height = (int(side.replace(",", "")) for side in smaller.groups())

    assert abs(width / height - size[0] / size[1]) < 0.01
    data = saved(Image.new("RGB", (width, height)), "PNG")
    assert open_picture(data, memory_bytes=128 * MEBIBYTE).original_size == (width, height)


def test_file_itself_counts():
    """The bytes of the file count as often as they lie in memory, whatever its pixels cost."""
    data = saved(Image.new("RGB", (200, 200)), "PNG") + bytes(20 * MEBIBYTE)
    with pytest.raises(errors.PictureTooLarge):
        open_picture(data, memory_bytes=64 * MEBIBYTE)

    assert open_picture(data, memory_bytes=96 * MEBIBYTE).original_size == (200, 200)
