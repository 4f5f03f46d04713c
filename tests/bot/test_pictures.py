"""`bot.pictures`: from any bytes to an upright RGB working copy; long, as formats are many."""

import io
import random

import pillow_heif
import pytest
from PIL import Image, ImageOps

from bot import errors, pictures
from bot.model import RatioBox
from bot.pictures import encode_jpeg, open_picture

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 160, 60), (40, 60, 200), (255, 255, 255)
MEBIBYTE = 1024 * 1024


def marked(size=(160, 120)):
    """A green picture with a red top left and a blue top right quarter: every turn differs."""
    width, height = size
    image = Image.new("RGB", size, GREEN)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(BLUE, (width // 2, 0, width, height // 2))
    return image


def saved(image, kind, **options):
    """The image as a file of this kind."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def turned(turn):
    """The marked picture as a camera stores it that notes this EXIF turn, and the note."""
    exif, stored = Image.Exif(), marked()
    exif[0x0112] = turn
    stored.getexif()[0x0112] = {6: 8, 8: 6}.get(turn, turn)
    return ImageOps.exif_transpose(stored), exif


def looks_like(image, expected, tolerance=16):
    """Whether both have the same size and nearly the same four quarters."""
    spots = [(x, y) for x in (0.25, 0.75) for y in (0.25, 0.75)]
    return image.size == expected.size and all(
        abs(a - b) <= tolerance
        for x, y in spots
        for a, b in zip(
            image.getpixel((int(x * image.width), int(y * image.height))),
            expected.getpixel((int(x * image.width), int(y * image.height))),
            strict=True,
        )
    )


def noise(size):
    """What compresses worst."""
    return Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))  # noqa: S311 - repeatable


def heif(image, **options):
    """The image as HEIC."""
    pillow_heif.register_heif_opener()
    return saved(image, "HEIF", quality=90, **options)


def two_frames(kind):
    """A file of two pictures, the marked one first."""
    return saved(
        marked(), kind, save_all=True, append_images=[Image.new("RGB", (160, 120))], duration=100
    )


FORMATS = {
    "jpeg": ("JPEG", lambda: saved(marked(), "JPEG", quality=95)),
    "jpeg progressive": ("JPEG", lambda: saved(marked(), "JPEG", quality=95, progressive=True)),
    "jpeg cmyk": ("JPEG", lambda: saved(marked().convert("CMYK"), "JPEG", quality=95)),
    "png": ("PNG", lambda: saved(marked(), "PNG")),
    "png palette": ("PNG", lambda: saved(marked().quantize(8), "PNG")),
    "png alpha": ("PNG", lambda: saved(marked().convert("RGBA"), "PNG")),
    "apng": ("PNG", lambda: two_frames("PNG")),
    "gif": ("GIF", lambda: saved(marked(), "GIF")),
    "gif animated": ("GIF", lambda: two_frames("GIF")),
    "webp": ("WEBP", lambda: saved(marked(), "WEBP", quality=95)),
    "webp lossless": ("WEBP", lambda: saved(marked(), "WEBP", lossless=True)),
    "webp animated": ("WEBP", lambda: two_frames("WEBP")),
    "tiff": ("TIFF", lambda: saved(marked(), "TIFF")),
    "tiff lzw": ("TIFF", lambda: saved(marked(), "TIFF", compression="tiff_lzw")),
    "tiff pages": ("TIFF", lambda: two_frames("TIFF")),
    "bmp": ("BMP", lambda: saved(marked(), "BMP")),
    "avif": ("AVIF", lambda: saved(marked(), "AVIF", quality=95)),
    "heic": ("HEIF", lambda: heif(marked())),
    "mpo": ("MPO", lambda: two_frames("MPO")),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_opens(name):
    """Every format on the list becomes the same upright RGB picture, of its first frame."""
    kind, make = FORMATS[name]

    picture = open_picture(make())

    assert picture.format == kind
    assert picture.image.mode == "RGB"
    assert picture.original_size == (160, 120)
    assert looks_like(picture.image, marked())


@pytest.mark.parametrize("name", ["apng", "gif animated", "webp animated", "tiff pages", "mpo"])
def test_frames_are_counted(name):
    """`frames` tells how many pictures the file holds."""
    assert open_picture(FORMATS[name][1]()).frames == 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_exif_turns_are_applied(kind, turn):
    """All eight EXIF turns give the upright picture, and no metadata stays."""
    stored, exif = turned(turn)

    picture = open_picture(saved(stored, kind, exif=exif, quality=95))

    assert picture.original_size == (160, 120)
    assert looks_like(picture.image, marked())
    assert not picture.image.info


@pytest.mark.parametrize("turn", range(1, 9))
def test_heif_turns_are_applied(turn):
    """HEIF keeps turns in properties of its own; they end upright too."""
    stored, exif = turned(turn)

    picture = open_picture(heif(stored, exif=exif.tobytes()))

    assert looks_like(picture.image, marked())


def test_damaged_exif_is_ignored():
    """A picture whose EXIF is damaged still opens, as stored."""
    data = saved(marked(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff\x01")

    assert open_picture(data).original_size == (160, 120)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "TIFF"])
def test_transparency_lies_on_white(kind):
    """What is transparent shows white, whatever colour hides under it."""
    image = marked().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 60, 160, 120))

    picture = open_picture(saved(image, kind))

    assert picture.image.getpixel((80, 100)) == WHITE
    assert looks_like(picture.image.crop((0, 0, 160, 50)), marked().crop((0, 0, 160, 50)))


@pytest.mark.parametrize(
    ("kind", "mode", "black", "white"),
    [
        ("PNG", "L", b"\x00", b"\xff"),
        ("PNG", "LA", b"\x00\xff", b"\xff\xff"),
        ("PNG", "I;16", b"\x00\x00", b"\xff\xff"),
        ("TIFF", "L", b"\x00", b"\xff"),
        ("TIFF", "I;16", b"\x00\x00", b"\xff\xff"),
        ("TIFF", "I;16B", b"\x00\x00", b"\xff\xff"),
        ("TIFF", "I", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f"),
        ("TIFF", "F", b"\x00\x00\x00\x00", b"\x00\x00\x80\x3f"),
    ],
)
def test_gray_keeps_its_tones(kind, mode, black, white):
    """Gray of 8, 16 and 32 bits becomes three equal channels, bright where it was."""
    image = Image.frombytes(mode, (100, 100), (white * 50 + black * 50) * 100)

    picture = open_picture(saved(image, kind))

    assert picture.image.getpixel((20, 50)) == WHITE
    assert picture.image.getpixel((80, 50)) == (0, 0, 0)


def test_black_and_white_opens():
    """One bit per pixel, as a fax is scanned, opens in PNG and TIFF."""
    image = Image.new("1", (100, 100), 1)

    for data in (saved(image, "PNG"), saved(image, "TIFF", compression="group4")):
        assert open_picture(data).image.getpixel((50, 50)) == WHITE


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
def test_jpeg_scales_while_decoding(full, working):
    """JPEG's own halving is taken as it is where it lands between 1,400 and 2,560 px."""
    picture = open_picture(saved(Image.new("L", full, 90), "JPEG"))

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


def test_jpeg_carries_no_metadata():
    """EXIF, GPS, ICC, XMP, comments and text chunks of the original do not come out again."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    exif.get_ifd(0x8825)[1] = "N"
    data = saved(
        marked(), "JPEG", exif=exif, icc_profile=b"SECRET" * 9, comment=b"SECRET", xmp=b"SECRET"
    )
    text = Image.open(io.BytesIO(saved(marked(), "PNG")))
    text.info["comment"] = "SECRET"

    for original in (data, saved(text, "PNG"), saved(marked(), "GIF", comment=b"SECRET")):
        jpeg = open_picture(original).to_jpeg()
        assert b"SECRET" not in jpeg
        assert set(Image.open(io.BytesIO(jpeg)).info) <= {
            "jfif", "jfif_version", "jfif_unit", "jfif_density",
        }  # fmt: skip


def test_own_jpeg_opens_unchanged():
    """A working copy that is opened again keeps its size: there is one frame of reference."""
    for size in ((4000, 300), (12_000, 100), (3000, 2000), (30, 20)):
        picture = open_picture(saved(Image.new("RGB", size, RED), "PNG"))

        assert open_picture(picture.to_jpeg()).image.size == picture.image.size


def test_empty_is_its_own_reason():
    """No bytes at all is said to be empty, not to be a wrong format."""
    with pytest.raises(errors.PictureEmpty):
        open_picture(b"")


def test_camera_tiff_is_named():
    """A camera file that is a TIFF inside is not labelled by its thumbnail."""
    with pytest.raises(errors.PictureTypeNotRead, match="camera RAW"):
        open_picture(saved(marked(), "TIFF", tiffinfo={0xC612: b"\x01\x04\x00\x00"}))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(
    "name", ["jpeg", "jpeg progressive", "png", "gif", "webp", "avif", "heic", "bmp"]
)
def test_cut_off_is_broken(name, kept):
    """A file that ends too early is broken; half a picture is never labelled."""
    kind, _ = FORMATS[name]
    make = heif if kind == "HEIF" else lambda image: saved(image, kind)
    data = make(noise((200, 150)))

    with pytest.raises(errors.PictureBroken):
        open_picture(data[: int(len(data) * kept)])


def test_mutations_end_in_words():
    """Whatever happens to the bytes, the outcome is a picture or one of our reasons."""
    chance = random.Random(3)  # noqa: S311 - repeatable
    originals = [make() for _, make in FORMATS.values()]
    for _ in range(150):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            outcome = open_picture(bytes(data), memory_bytes=100 * MEBIBYTE).image.mode
        except errors.PictureError as exc:
            outcome = str(exc)

        assert outcome
