"""Knowing pictures again: signatures, photographs with answers, faces."""

import io

import numpy as np
import pytest
from PIL import Image

from bot.sandbox import photographs
from bot.sandbox.photographs import PHOTOGRAPHS, photograph_bytes
from bot.sandbox.recognition import Recognition
from bot.sandbox.signature import SAME_UP_TO, Album, sign, sign_bytes
from bot.sandbox.stage import jpeg_bytes


def opened(data):
    """The picture as plain RGB."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def gradient(size=(640, 480)):
    """A picture whose signature is not flat."""
    return Image.linear_gradient("L").resize(size).convert("RGB")


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_known(name):
    """A resized, re-encoded copy of a sample photograph gets its hand-written answer."""
    original = opened(photograph_bytes(name))
    copy = opened(
        jpeg_bytes(original.resize((original.width // 2, original.height // 2)), quality=70)
    )

    assert Recognition().see(copy) == PHOTOGRAPHS[name].answer()


def test_all_are_installed():
    """Every photograph that is offered ships with scikit-image; none is downloaded."""
    assert photographs.available() == tuple(PHOTOGRAPHS)


def test_strangers_stay_unknown():
    """About a picture that nobody described there is nothing to say."""
    assert Recognition().see(gradient()) == {"Labels": [], "LabelModelVersion": "3.0"}


def test_face_is_found():
    """A face on a photograph that nobody described is a face, a head and a person."""
    astronaut = opened(photograph_bytes("astronaut"))
    stranger = Image.new("RGB", (900, 700), (200, 205, 210))
    stranger.paste(astronaut.crop((100, 0, 400, 300)), (300, 200))
    labels = {label["Name"]: label for label in Recognition().see(stranger)["Labels"]}
    box = labels["Face"]["Instances"][0]["BoundingBox"]

    assert set(labels) == {"Face", "Head", "Person"}
    assert 0.4 < box["Left"] + box["Width"] / 2 < 0.55
    assert 0.35 < box["Top"] + box["Height"] / 2 < 0.55


def test_answers_are_copies():
    """Whoever changes an answer does not change the next one."""
    recognition, image = Recognition(), gradient()
    recognition.register_answer(
        jpeg_bytes(image), {"Labels": [{"Name": "Fog", "Confidence": 90.0}]}
    )
    recognition.see(image)["Labels"].clear()

    assert recognition.see(image)["Labels"] == [{"Name": "Fog", "Confidence": 90.0}]


def test_later_answer_wins():
    """The same picture brought twice answers with what came last."""
    recognition, data = Recognition(), jpeg_bytes(gradient())
    recognition.register_answer(data, {"Labels": []})
    recognition.register_answer(data, {"Labels": [{"Name": "Fog", "Confidence": 90.0}]})

    assert recognition.see(gradient())["Labels"][0]["Name"] == "Fog"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_signature_is_upright(orientation):
    """The signature is that of the picture as a person sees it, whatever its orientation tag."""
    pixels = np.zeros((400, 600, 3), np.uint8)
    pixels[:200, :300] = 255
    image = Image.fromarray(pixels)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = image.transpose(undo[orientation]) if orientation in undo else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    difference = np.abs(sign_bytes(jpeg_bytes(stored, exif=exif)) - sign(image)).mean()

    assert difference < SAME_UP_TO / 2


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"])
def test_signature_of_formats(kind):
    """Every format that people post has a signature; of several frames the first counts."""
    import pillow_heif  # noqa: PLC0415 - only this test writes HEIC

    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    frames = {"GIF", "TIFF"}
    more = {"save_all": True, "append_images": [Image.new("RGB", (640, 480))]}
    gradient().save(buffer, kind, **(more if kind in frames else {}))

    assert np.abs(sign_bytes(buffer.getvalue()) - sign(gradient())).mean() < SAME_UP_TO / 2


def test_transparent_counts_white():
    """What is transparent looks white, as it does in Slack."""
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))

    assert (sign(clear) == 255).all()


def test_album_draws_line():
    """A mean difference of 6 is the same picture, more is another."""
    album = Album()
    flat = np.full((16, 16), 100, np.int16)
    album.add(flat, "known")

    assert album.find(flat + 6) == "known"
    assert album.find(flat + 7) is None


def test_album_takes_nearest():
    """Of two similar pictures the closer one is meant."""
    album = Album()
    flat = np.full((16, 16), 100, np.int16)
    album.add(flat, "hundred")
    album.add(flat + 5, "hundred and five")

    assert album.find(flat + 1) == "hundred"
    assert album.find(flat + 4) == "hundred and five"


def test_garbage_has_none():
    """Bytes that are no picture have no signature."""
    with pytest.raises(OSError, match="cannot identify"):
        sign_bytes(b"no picture")
