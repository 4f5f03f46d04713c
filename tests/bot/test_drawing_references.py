"""`bot.drawing`: pictures that were looked at by eye, and must stay as they are to the last bit.

Letters do not depend on the machine: Pillow's wheels bring their own FreeType and font, and the
version of Pillow is pinned. After a new Pillow, or a change of design, look at what the failing
test wrote, and replace the reference with it if it is good.
"""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.drawing import Style, draw
from bot.model import Analysis, Instance, Label, RatioBox
from bot.pictures import open_picture
from bot.sandbox.scenes import SCENES

REFERENCES = Path(__file__).parent / "reference"
SKY, ROAD, BRICK, WOOD = (150, 200, 235), (90, 95, 100), (190, 60, 50), (60, 80, 60)


def opened(image):
    """A working copy of exactly these pixels."""
    target = io.BytesIO()
    image.save(target, "PNG")
    return open_picture(target.getvalue())


def seen(name, *boxes, percent=95.0):
    """A label with these boxes (left, top, width, height as ratios)."""
    return Label(name, percent, tuple(Instance(RatioBox(*box), percent) for box in boxes))


def plain(size, colour):
    """A picture of one colour."""
    return Image.new("RGB", size, colour)


def horizon(size):
    """Sky above, road below: something to see the colours against."""
    image = plain(size, SKY)
    image.paste(ROAD, (0, size[1] * 2 // 3, *size))
    return image


def street():
    """A few flat shapes, and what is seen on them; the bird sticks out of the frame."""
    image = horizon((480, 300))
    image.paste(BRICK, (240, 150, 420, 250))
    image.paste(WOOD, (80, 90, 130, 270))
    return image, (
        seen("Car", (0.5, 0.5, 0.375, 0.333), percent=99.4),
        seen("Person", (0.167, 0.3, 0.104, 0.6), percent=98.1),
        seen("Wheel", (0.53, 0.75, 0.08, 0.11), (0.77, 0.75, 0.08, 0.11), percent=91.0),
        seen("Bird", (0.94, -0.02, 0.08, 0.1), percent=84.0),
        seen("Street", percent=93.0),
        seen("Fog", percent=61.0),
    )


def crowd():
    """The sample scene of a street party: twenty boxes, of which fifteen are drawn."""
    scene = SCENES["crowd"]()
    names = dict.fromkeys(truth.name for truth in scene.truth)
    boxes = {name: [t.box for t in scene.truth if t.name == name] for name in names}
    labels = tuple(
        Label(name, 97.0, tuple(Instance(box, 97.0 - at) for at, box in enumerate(boxes[name])))
        for name in names
    )
    return scene.image.reduce(4), labels


def heap():
    """Fifteen boxes on one spot: more words than there is room for."""
    boxes = [(0.3 + 0.02 * at, 0.25 + 0.02 * at, 0.2, 0.25) for at in range(15)]
    return horizon((400, 260)), (seen("Person", *boxes),)


def icon():
    """200 pixels: a dog and its ball."""
    image = plain((200, 200), (240, 236, 228))
    image.paste(WOOD, (30, 60, 130, 170))
    image.paste(BRICK, (150, 140, 180, 170))
    labels = (seen("Dog", (0.15, 0.3, 0.5, 0.55)), seen("Tennis Ball", (0.75, 0.7, 0.15, 0.15)))
    return image, (*labels, seen("Lawn", percent=88.0))


def panorama():
    """10,000 x 160 pixels, with things at both ends and in the middle."""
    boxes = [(0.001, 0.3, 0.01, 0.6), (0.5, 0.5, 0.02, 0.4), (0.985, 0.1, 0.015, 0.9)]
    return horizon((10_000, 160)), (
        seen("Boat", *boxes),
        seen("Bird", (0.51, 0.05, 0.004, 0.15), percent=88.0),
        seen("Harbor", percent=97.0),
    )


def portrait():
    """A phone's photo, upright: a person from top to bottom, and what they wear."""
    image = horizon((900, 1200))
    image.paste(WOOD, (220, 60, 700, 1180))
    image.paste((222, 180, 150), (360, 90, 560, 330))
    return image, (
        seen("Person", (0.24, 0.04, 0.54, 0.95), percent=99.8),
        seen("Face", (0.4, 0.08, 0.22, 0.2), percent=99.1),
        seen("Glasses", (0.42, 0.14, 0.18, 0.04), percent=93.0),
        seen("Shoe", (0.3, 0.93, 0.15, 0.06), (0.55, 0.93, 0.15, 0.06), percent=90.0),
        seen("Portrait", percent=96.0),
        seen("Sky", percent=85.0),
    )


def on(colour):
    """One colour, with a line of every colour of ours on it."""
    names = ("Person", "Chair", "Bus", "Hat", "Bird", "Truck", "Dog", "Lamp", "Boat", "Car")
    boxes = [(0.03 + 0.19 * (at % 5), 0.16 + 0.45 * (at // 5), 0.15, 0.3) for at in range(10)]
    found = [seen(name, box) for name, box in zip(names, boxes, strict=True)]
    return plain((560, 300), colour), (*found, seen("Fog", percent=99.0))


def outside():
    """Boxes that stick out, lie outside, or have no size."""
    return horizon((400, 260)), (
        seen("Car", (-0.2, 0.5, 0.5, 0.7)),
        seen("Bird", (1.2, 0.1, 0.1, 0.1)),
        seen("Ball", (0.6, 0.5, 0.0, 0.0)),
    )


def hundred():
    """A hundred labels, half of them with a box."""
    boxed = [
        seen(f"Thing {at}", (0.1 * (at % 10), 0.2 * (at // 10), 0.07, 0.12), percent=99 - at / 5)
        for at in range(50)
    ]
    return horizon((640, 400)), (*boxed, *(seen(f"Scene {at}", percent=90.0) for at in range(50)))


def tiny():
    """30 x 20 pixels, which the working copy centres on white."""
    return plain((30, 20), BRICK), (seen("Flag", (0.31, 0.37, 0.38, 0.26)), seen("Red"))


CASES = {
    "street": (street, Style()),
    "crowd": (crowd, Style()),
    "heap": (heap, Style()),
    "icon": (icon, Style()),
    "panorama": (panorama, Style()),
    "portrait": (portrait, Style()),
    "white": (lambda: on((255, 255, 255)), Style(max_labels=11)),
    "black": (lambda: on((0, 0, 0)), Style(max_labels=11)),
    "outside": (outside, Style()),
    "hundred": (hundred, Style(max_labels=50)),
    "tiny": (tiny, Style()),
    "hidden": (crowd, Style(hide=("Person",), thickness="thin", tags="inside")),
    "sureness": (street, Style(colours="confidence", threshold_percent=50.0)),
}


@pytest.mark.parametrize("name", CASES)
def test_drawing_matches_the_reference(name, tmp_path):
    """The picture looks as it did when it was last looked at (`tests/bot/reference`)."""
    case, style = CASES[name]
    image, labels = case()
    drawn = draw(opened(image), Analysis(labels), style)
    fresh = tmp_path / f"{name}.png"
    drawn.save(fresh, optimize=True)
    expected = Image.open(REFERENCES / f"{name}.png")

    assert drawn.size == expected.size
    assert ImageChops.difference(drawn, expected.convert("RGB")).getbbox() is None, (
        f"Look at {fresh}"
    )
