"""`bot.drawing_hiding`: what is hidden cannot be got back."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.drawing import Style, draw
from bot.hiding import Hiding
from bot.model import Analysis, Instance, Label, PixelBox, RatioBox
from bot.pictures import Picture, encode_jpeg
from bot.sandbox.scenes import SCENES

LEFT, RIGHT = RatioBox(0.2, 0.2, 0.25, 0.6), RatioBox(0.4, 0.3, 0.25, 0.6)
WAYS = ["pixelate", "blur"]


def seen(name, *boxes, percent=95.0, parents=(), aliases=()):
    """A label with these boxes, all equally sure."""
    instances = tuple(Instance(box, percent) for box in boxes)
    return Label(name, percent, instances, tuple(parents), tuple(aliases))


def scene(*faces):
    """A colourful picture, 400 x 300, with these pictures where LEFT and RIGHT are."""
    image = SCENES["beach"]().image.resize((400, 300), Image.Resampling.BOX)
    for face, left_top in zip(faces, ((80, 60), (160, 90)), strict=False):
        image.paste(face.resize((100, 180)), left_top)
    return image


def noise():
    """A face that nobody has: every pixel is different from its neighbour."""
    return Image.effect_noise((100, 180), 120).convert("RGB")


def drawn(image, style, *labels):
    """The image with these labels drawn on it."""
    content = PixelBox(0, 0, *image.size)
    return draw(Picture(image, image.size, "PNG", 1, content), Analysis(labels), style)


def inside(image, box):
    """The part of the 400 x 300 picture that the box shows."""
    left, top = box.left_ratio * 400, box.top_ratio * 300
    return image.crop(
        (round(left), round(top), round(left + box.width_ratio * 400), round(top + 0.6 * 300))
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("boxes", [(LEFT,), (LEFT, RIGHT)])
def test_any_face_gives_the_same(way, boxes):
    """Two different people give the very same file: nothing of either is in it."""
    style, persons = Style(hide=("Person",), hide_by=way), seen("Person", *boxes)
    green = Image.new("RGB", (100, 180), (0, 200, 0))
    pairs = [(noise(), green), (green, noise())]

    files = {encode_jpeg(drawn(scene(*faces[: len(boxes)]), style, persons)) for faces in pairs}

    assert len(files) == 1


@pytest.mark.parametrize("way", WAYS)
def test_hidden_part_changes(way):
    """What stands in the place of the person looks different from the person, and is not empty."""
    image = scene(noise())

    hidden = inside(drawn(image, Style(hide=("Person",), hide_by=way), seen("Person", LEFT)), LEFT)

    difference = ImageStat.Stat(ImageChops.difference(hidden, inside(image, LEFT)))
    assert min(difference.mean) > 20
    assert len(hidden.getcolors(maxcolors=1 << 24)) > 20


def test_the_rest_is_untouched():
    """Away from boxes, panes and tags the picture is as it was."""
    image = scene(noise())

    after = drawn(image, Style(hide=("Person",)), seen("Person", LEFT))

    beside = (200, 0, 400, 300)
    assert after.crop(beside).tobytes() == image.crop(beside).tobytes()


def test_input_stays_clean():
    """The picture that was given keeps its pixels; only the drawing hides."""
    image = scene(noise())
    before = image.tobytes()

    drawn(image, Style(hide=("Person",)), seen("Person", LEFT))

    assert image.tobytes() == before


@pytest.mark.parametrize(
    "label",
    [
        seen("Woman", LEFT, parents=("Adult", "Person")),
        seen("Face", LEFT, parents=("Head", "Person")),
        seen("Human", LEFT),
        seen("Person", LEFT, percent=56.0),
        seen("Passenger", LEFT, aliases=("Person",)),
    ],
)
@pytest.mark.parametrize("wanted", ["Person", "person", "Human"])
def test_kinds_and_parts_are_hidden(label, wanted):
    """All that is a kind or part of the hidden label is hidden, also where it is not shown."""
    image = scene(noise())

    after = drawn(image, Style(hide=(wanted,)), label)

    assert differs_inside(after, image)


def test_other_labels_stay():
    """A label that is not chosen is not hidden, even if it has a parent in common."""
    image = scene(noise())

    assert not differs_inside(drawn(image, Style(hide=("Cat",)), seen("Dog", LEFT)), image)


def test_nowhere_means_everywhere():
    """A label that is sure to be there, but that has no box, hides the whole picture."""
    image = scene(noise())
    style = Style(hide=("Person",))

    sure = drawn(image, style, seen("Person"))
    unsure = drawn(image, style, seen("Person", percent=60.0))

    assert differs_inside(sure, image)
    assert unsure.crop((0, 0, 400, 300)).tobytes() == image.tobytes()


def test_strip_tells_what_is_hidden():
    """The strip names what was hidden, and only what the picture shows."""
    style = Style(hide=("Person", "Car"))

    heights = [drawn(scene(), style, seen(name, LEFT)).height for name in ("Person", "Car", "Dog")]

    assert heights[0] == heights[1] > heights[2] == 300


def test_strip_keeps_names():
    """Where the name of what is hidden may not be said, the strip says only that it is hidden."""
    picture = Picture(scene(), (400, 300), "PNG", 1, PixelBox(0, 0, 400, 300))
    hiding = Hiding(boxes=(LEFT,))

    after = draw(picture, Analysis(()), Style(hide=("Child",)), hiding=hiding)
    other = draw(picture, Analysis(()), Style(hide=("Elephant",)), hiding=hiding)

    assert differs_inside(after, picture.image)
    assert after.tobytes() == other.tobytes()
    assert after.tobytes() != draw(picture, Analysis(()), Style()).tobytes()


def differs_inside(after, before):
    """Whether the middle of LEFT has other pixels than before."""
    middle = (100, 100, 160, 200)
    return after.crop(middle).tobytes() != before.crop(middle).tobytes()


def test_file_has_no_leftovers():
    """The posted file holds one picture and no metadata that could show the person."""
    encoded = encode_jpeg(drawn(scene(noise()), Style(hide=("Person",)), seen("Person", LEFT)))

    with Image.open(io.BytesIO(encoded)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
