"""`bot.drawing`: pixel facts, the palette, and one reference picture looked at by eye."""

import io
import itertools
import math
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.drawing import Style, draw
from bot.drawing_text import fitted, printable, text_width_px
from bot.model import Analysis, Instance, Label, RatioBox
from bot.palette import INK, MUTED, PALETTE, PAPER, colour_of, contrast_ratio, ink_on
from bot.pictures import open_picture

REFERENCE = Path(__file__).parent / "reference" / "street.png"
GROUND = (120, 125, 130)
STYLE = Style()


def opened(image):
    """A working copy of exactly these pixels."""
    target = io.BytesIO()
    image.save(target, "PNG")
    return open_picture(target.getvalue())


def plain(size=(400, 300), colour=GROUND):
    """A picture of one colour."""
    return opened(Image.new("RGB", size, colour))


def seen(name, *boxes, percent=95.0):
    """A label with these boxes (left, top, width, height as ratios)."""
    instances = tuple(Instance(RatioBox(*box), percent) for box in boxes)
    return Label(name, percent, instances)


def analysis(*labels):
    """What Rekognition said, in short."""
    return Analysis(labels)


def crowd(count):
    """Overlapping persons."""
    places = [(0.3 + 0.02 * at, 0.3 + 0.015 * at, 0.2, 0.25) for at in range(count)]
    return seen("Person", *places)


def test_outline_has_label_colour():
    """The line of a box has its label's colour; the middle of the box is untouched."""
    image = draw(plain(), analysis(seen("Dog", (0.25, 0.4, 0.5, 0.5))), STYLE)

    assert image.getpixel((101, 200)) == colour_of("Dog")
    assert image.getpixel((298, 200)) == colour_of("Dog")
    assert image.getpixel((200, 268)) == colour_of("Dog")
    assert image.getpixel((200, 200)) == GROUND


def test_halo_surrounds_the_line():
    """Beside the line lies its opposite, so that it shows on a ground of its own colour."""
    picture = plain(colour=colour_of("Dog"))

    image = draw(picture, analysis(seen("Dog", (0.25, 0.4, 0.5, 0.5))), STYLE)

    assert image.getpixel((99, 200)) == ink_on(colour_of("Dog"))


def test_input_is_left_alone():
    """Drawing returns a new image; the picture's own pixels stay."""
    picture = plain()
    before = picture.image.tobytes()

    image = draw(picture, analysis(seen("Dog", (0, 0, 1, 1))), STYLE)

    assert picture.image.tobytes() == before
    assert image is not picture.image


def test_same_input_same_pixels():
    """Drawing twice gives the same image to the last bit."""
    labels = analysis(crowd(15), seen("Street"))

    assert draw(plain(), labels, STYLE).tobytes() == draw(plain(), labels, STYLE).tobytes()


def test_only_boxes_no_strip():
    """Where every label has its box and nothing is left out, nothing is added below."""
    assert draw(plain(), analysis(seen("Dog", (0.2, 0.2, 0.5, 0.5))), STYLE).size == (400, 300)


def test_scenes_stand_below():
    """Labels without boxes stand in a strip below the picture, which itself is untouched."""
    picture = plain()

    image = draw(picture, analysis(seen("Beach"), seen("Sunset")), STYLE)

    assert image.width == 400
    assert image.height > 300
    assert image.crop((0, 0, 400, 300)).tobytes() == picture.image.tobytes()
    assert colour_of("Beach") in colours(image.crop((0, 300, *image.size)))


def test_nothing_found_says_so():
    """A picture in which nothing was found gets a strip with words."""
    image = draw(plain(), analysis(), STYLE)

    assert image.height > 300


def test_left_out_boxes_are_counted():
    """Above the limit the strip tells how many boxes more there are."""
    few = draw(plain(), analysis(crowd(3)), Style(max_boxes=3))
    more = draw(plain(), analysis(crowd(9)), Style(max_boxes=3))

    assert few.height == 300
    assert more.height > 300


def test_hidden_labels_are_counted():
    """Labels under the threshold add a line, not a box."""
    image = draw(plain(), analysis(seen("Dog", (0.2, 0.2, 0.5, 0.5), percent=60.0)), STYLE)

    assert colour_of("Dog") not in colours(image)
    assert image.height > 300


@pytest.mark.parametrize(
    "size", [(80, 80), (200, 200), (360, 640), (2048, 1365), (10_000, 160), (160, 10_000)]
)
@pytest.mark.parametrize("count", [0, 1, 15])
def test_any_size_can_be_drawn(size, count):
    """From an icon to a panorama, alone or in a crowd, the picture keeps its width."""
    labels = analysis(crowd(count), *(seen(f"Scene {at}") for at in range(100)))

    image = draw(plain(size), labels, STYLE)

    assert image.width == size[0]
    assert image.height > size[1]


@pytest.mark.parametrize(
    "box", [(-0.5, -0.5, 2, 2), (1.2, 0.5, 0.1, 0.1), (0.5, 0.5, 0, 0), (0, 0, 1, 1)]
)
def test_odd_boxes_are_drawn(box):
    """A box that sticks out, lies outside or has no size still shows."""
    image = draw(plain(), analysis(seen("Dog", box)), STYLE)

    assert colour_of("Dog") in colours(image)


@pytest.mark.parametrize(
    "name", ["犬", "Ünïcode", "שלום", "a\nb\tc", "x" * 500, "\ud800", "👩‍🚀", ""]
)
def test_foreign_names_can_be_drawn(name):
    """No label text can stop the drawing."""
    labels = analysis(seen(name, (0.2, 0.2, 0.5, 0.5)), seen(name + "2"))

    assert draw(plain(), labels, STYLE).width == 400


def test_accents_fall_away():
    """Letters that the font lacks become their plain form, or a question mark."""
    assert printable("Château de Chambord") == "Chateau de Chambord"
    assert printable("犬 dog") == "? dog"
    assert printable("99\N{EN DASH}87 %") == "99-87 %"


def test_long_text_is_cut():
    """Text that is wider than its room ends in an ellipsis inside it."""
    text = fitted("Notre-Dame de Fourviere", font_px=20, room_px=100)

    assert text.endswith("…")
    assert text_width_px(text, font_px=20) <= 100


def test_confidence_can_be_hidden():
    """Without confidences the tags are shorter."""
    labels = analysis(seen("Dog", (0.1, 0.5, 0.8, 0.4)))

    images = [draw(plain(), labels, Style(show_confidence=shown)) for shown in (True, False)]

    counts = [colours(image)[colour_of("Dog")] for image in images]
    assert counts[0] > counts[1]


def test_letters_read_on_any_plate():
    """Text has a contrast of at least 4.5 to 1 on every plate, and in the strip."""
    plates = [contrast_ratio(ink_on(ground), ground) for ground in PALETTE]

    assert min(plates) >= 4.5
    assert contrast_ratio(PAPER, INK) >= 4.5
    assert contrast_ratio(MUTED, INK) >= 4.5


def test_colours_follow_names():
    """A label's colour is the same in every process, whatever its case."""
    assert colour_of("Person") == PALETTE[0] == colour_of("person")
    assert len({colour_of(name) for name in ("Person", "Car", "Bicycle", "Wheel")}) == 4


# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
VISIONS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


@pytest.mark.parametrize("vision", VISIONS)
def test_palette_holds_for_all_eyes(vision):
    """Any two colours stay well apart for the three common colour-blindnesses (CIE76)."""
    seen_as = [lab(colour, VISIONS[vision]) for colour in PALETTE]
    nearest = min(math.dist(*pair) for pair in itertools.combinations(seen_as, 2))

    assert nearest >= 20


def lab(colour, vision):
    """CIE Lab of a colour as a kind of eye sees it."""
    linear = [(c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4) for c in colour]
    red, green, blue = (
        min(1, max(0, sum(weight * part for weight, part in zip(row, linear, strict=True))))
        for row in vision
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def street():
    """A street of a few flat shapes, and what is seen on it."""
    image = Image.new("RGB", (480, 300), (150, 200, 235))
    image.paste((90, 95, 100), (0, 200, 480, 300))
    image.paste((190, 60, 50), (240, 150, 420, 250))
    image.paste((60, 80, 60), (80, 90, 130, 270))
    labels = analysis(
        seen("Car", (0.5, 0.5, 0.375, 0.333), percent=99.4),
        seen("Person", (0.167, 0.3, 0.104, 0.6), percent=98.1),
        seen("Wheel", (0.53, 0.75, 0.08, 0.11), (0.77, 0.75, 0.08, 0.11), percent=91.0),
        seen("Bird", (0.96, -0.02, 0.08, 0.1), percent=84.0),
        seen("Street", percent=93.0),
        seen("Fog", percent=61.0),
    )
    return opened(image), labels


def test_drawing_matches_the_reference():
    """The street looks as it did when it was last looked at (`tests/bot/reference`)."""
    image = draw(*street(), STYLE)
    expected = Image.open(REFERENCE).convert("RGB")

    assert image.size == expected.size
    difference = ImageStat.Stat(ImageChops.difference(image, expected))
    assert max(difference.mean) < 0.5


def colours(image):
    """Every colour of the image and how many pixels have it."""
    return {colour: count for count, colour in image.getcolors(maxcolors=1 << 24)}
