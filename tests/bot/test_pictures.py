"""`bot.pictures`: how large a working copy is, and what it holds; formats are in the table."""

import io
import random

import pytest
from PIL import Image

from bot import pictures
from bot.model import RatioBox
from bot.pictures import encode_jpeg, open_picture
from tests.picture_files import saved

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 160, 60), (40, 60, 200), (255, 255, 255)


def marked(size=(160, 120)):
    """A green picture with a red top left and a blue top right quarter: every turn differs."""
    width, height = size
    image = Image.new("RGB", size, GREEN)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(BLUE, (width // 2, 0, width, height // 2))
    return image


def noise(size):
    """What compresses worst."""
    return Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))  # noqa: S311 - repeatable


def test_middle_gray_stays_middle():
    """16-bit gray is scaled, not cut off."""
    data = saved(Image.new("I;16", (100, 100), 0x8000), "PNG")

    assert open_picture(data).image.getpixel((50, 50)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("full", "working"),
    [
        ((100, 100), (100, 100)),
        ((1400, 900), (1400, 900)),
        ((2560, 1500), (2560, 1500)),
        ((2600, 1300), (2048, 1024)),
        ((4000, 300), (2133, 160)),
        ((12_000, 100), (10_000, 83)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_working_size_is_moderate(kind, full, working):
    """Up to 2,560 px nothing is resampled; panoramas keep 160 px of height, up to 10,000 long."""
    picture = open_picture(saved(Image.new("RGB", full, RED), kind))

    assert picture.image.size == working
    assert picture.original_size == full


@pytest.mark.parametrize(
    ("full", "working"),
    [((3000, 2000), (1500, 1000)), ((5120, 2000), (2560, 1000)), ((5200, 2000), (2048, 788))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_halves_are_taken(kind, full, working):
    """A half is taken as it is where it lands between 1,400 and 2,560 px, in every format."""
    picture = open_picture(saved(Image.new("L", full, 90), kind))

    assert picture.image.size == working


@pytest.mark.parametrize("size", [(30, 20), (200, 40), (1, 1), (79, 300)])
def test_small_pictures_are_padded(size):
    """A side under 80 px is filled up with white, the picture in the middle."""
    picture = open_picture(saved(Image.new("RGB", size, RED), "PNG"))

    assert picture.image.size == (max(80, size[0]), max(80, size[1]))
    assert picture.original_size == size
    content = picture.content
    assert (content.width_px, content.height_px) == size
    assert picture.image.getpixel((content.left_px, content.top_px)) == RED
    assert picture.image.getpixel((0, 0)) == WHITE or (content.left_px, content.top_px) == (0, 0)


def test_boxes_map_back():
    """A box around the picture inside the padding is the whole original picture."""
    picture = open_picture(saved(Image.new("RGB", (40, 20), RED), "PNG"))

    box = picture.to_original(RatioBox(0.25, 30 / 80, 0.5, 0.25))

    assert box == RatioBox(0.0, 0.0, 1.0, 1.0)


def test_unpadded_boxes_stay():
    """Without padding a box is the same on the original."""
    picture = open_picture(saved(marked(), "PNG"))

    assert picture.to_original(RatioBox(0.1, 0.2, 0.3, 0.4)) == RatioBox(0.1, 0.2, 0.3, 0.4)


def test_jpeg_fits_rekognition():
    """Even noise ends under Rekognition's 5,242,880 bytes, at its full size."""
    data = encode_jpeg(noise((2560, 2560)))

    assert len(data) <= pictures.MAX_JPEG_BYTES
    assert Image.open(io.BytesIO(data)).size == (2560, 2560)


def test_own_jpeg_opens_unchanged():
    """A working copy that is opened again keeps its size: there is one frame of reference."""
    for size in ((4000, 300), (12_000, 100), (3000, 2000), (30, 20)):
        picture = open_picture(saved(Image.new("RGB", size, RED), "PNG"))

        assert open_picture(picture.to_jpeg()).image.size == picture.image.size


@pytest.mark.parametrize(
    ("size", "reduced"),
    [
        ((2000, 1000), (480, 240)),
        ((1000, 2000), (240, 480)),
        ((300, 200), (300, 200)),
        ((8000, 100), (6400, 80)),
    ],
)
def test_reduced_for_a_glance(size, reduced):
    """A reduced picture keeps its shape, is not made larger, and has no side too short."""
    picture = open_picture(saved(Image.new("RGB", size, RED), "PNG"))
    small = picture.reduced(480)

    assert small.image.size == reduced
    assert (small.content.width_px, small.content.height_px) == reduced
    assert small.original_size == size
