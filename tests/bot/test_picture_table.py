"""Every format, turn, mode and broken kind, through a real worker process, with its outcome."""

import io

import pytest
from PIL import Image

from bot import errors
from bot.adapters.picture_pool import PicturePool
from bot.sandbox import detector
from tests import picture_files as files
from tests.picture_files import BLACK, SIZE, WHITE

MEBIBYTE = 1024 * 1024
FORMATS = {"heic": "HEIF", "mpo": "MPO", "apng": "PNG"}
SIZES = {(1, 1): (80, 80), (30, 20): (80, 80), (60, 300): (80, 300), (200, 40): (200, 80)}


@pytest.fixture(scope="module")
def pool():
    """One worker under tight limits."""
    pool = PicturePool(workers=1, memory_bytes=128 * MEBIBYTE, max_frames=4, time_limit_s=30)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def truth():
    """Where the dog is in the upright picture."""
    return box_of(files.scene())


def box_of(image):
    """Where the sandbox's eye sees the dog."""
    (found,) = detector.look(image).objects
    assert found.kind.name == "Dog"
    return found.box


def overlap(one, other):
    """The intersection of two boxes over their union."""
    across = min(one.left_ratio + one.width_ratio, other.left_ratio + other.width_ratio) - max(
        one.left_ratio, other.left_ratio
    )
    down = min(one.top_ratio + one.height_ratio, other.top_ratio + other.height_ratio) - max(
        one.top_ratio, other.top_ratio
    )
    both = max(across, 0) * max(down, 0)
    areas = one.width_ratio * one.height_ratio + other.width_ratio * other.height_ratio
    return both / (areas - both)


def seen(prepared):
    """The picture that Rekognition gets."""
    return Image.open(io.BytesIO(prepared.jpeg))


def near(image, place, colour):
    """Whether a pixel has nearly this colour."""
    return all(abs(a - b) <= 12 for a, b in zip(image.getpixel(place), colour, strict=True))


@pytest.mark.parametrize("name", files.GOOD)
def test_good_files(pool, truth, name):
    """Every format and mode becomes the same picture, of its first frame, with the dog in place."""
    prepared = pool.prepare(files.GOOD[name]())
    kind = name.split()[0]

    assert prepared.format == FORMATS.get(kind, kind.upper())
    assert prepared.frames == files.FRAMES.get(name, 1)
    assert prepared.original_size_px == seen(prepared).size == SIZE
    assert overlap(box_of(seen(prepared)), truth) >= 0.95


@pytest.mark.parametrize("kind", files.TURNED)
@pytest.mark.parametrize("turn", range(1, 9))
def test_turned_files(pool, truth, kind, turn):
    """However a camera was held, the dog is where it is in the upright picture."""
    prepared = pool.prepare(files.turned(kind, turn))

    assert prepared.original_size_px == seen(prepared).size == SIZE
    assert overlap(box_of(seen(prepared)), truth) >= 0.95


@pytest.mark.parametrize("name", files.CLEARED)
def test_transparent_files(pool, name):
    """What is transparent shows white, whatever colour hides under it."""
    image = seen(pool.prepare(files.CLEARED[name]()))

    assert near(image, (240, 330), WHITE)
    assert not near(image, (20, 20), WHITE)


@pytest.mark.parametrize("name", files.GRAY)
def test_gray_files(pool, name):
    """Gray of 1 to 32 bits is white where it was white, and black where it was black."""
    image = seen(pool.prepare(files.GRAY[name]()))

    assert near(image, (20, 50), WHITE)
    assert near(image, (80, 50), BLACK)


@pytest.mark.parametrize("size", SIZES)
def test_small_files(pool, size):
    """A picture too small for Rekognition arrives in the middle of white."""
    prepared = pool.prepare(files.saved(Image.new("RGB", size, BLACK), "PNG"))
    image = seen(prepared)

    assert prepared.original_size_px == size
    assert image.size == SIZES[size]
    assert near(image, (image.width // 2, image.height // 2), BLACK) or size == (1, 1)
    assert near(image, (0, 0), WHITE)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", files.CUT)
def test_cut_files(pool, name, kept):
    """A file that ends too early is broken; half a picture is never labelled."""
    with pytest.raises(errors.PictureBroken):
        pool.prepare(files.cut(name, kept))


@pytest.mark.parametrize("name", files.DAMAGED)
def test_damaged_files(pool, name):
    """An image format whose inside makes no sense is broken."""
    with pytest.raises(errors.PictureBroken):
        pool.prepare(files.DAMAGED[name]())


@pytest.mark.parametrize("name", files.BOMBS)
def test_bombs(pool, name):
    """A small file that promises too many pixels is refused, with the limit that it breaks."""
    with pytest.raises(errors.PictureTooLarge, match="128 MiB"):
        pool.prepare(files.BOMBS[name]())


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "PNG", "WEBP", "AVIF", "MPO", "HEIF"])
def test_too_many_frames(pool, kind):
    """A file of more frames or pages than the setting allows is refused, and one of as many not."""
    with pytest.raises(errors.PictureTooLarge, match="more than 4 frames or pages"):
        pool.prepare(files.frames(kind, 5))

    assert pool.prepare(files.frames(kind, 4)).frames == 4


@pytest.mark.parametrize("kind", files.UNREAD)
def test_unread_types(pool, kind):
    """An image type that Spotter does not read is named, whatever the file is called."""
    with pytest.raises(errors.PictureTypeNotRead) as raised:
        pool.prepare(files.UNREAD[kind]())

    assert raised.value.facts == {"kind": kind}


@pytest.mark.parametrize("name", files.NO_PICTURES)
def test_no_pictures(pool, name):
    """What is no image format is not a picture."""
    with pytest.raises(errors.NotAPicture):
        pool.prepare(files.NO_PICTURES[name])


def test_empty_file(pool):
    """No bytes at all is said to be empty, not to be a wrong format."""
    with pytest.raises(errors.PictureEmpty):
        pool.prepare(b"")
