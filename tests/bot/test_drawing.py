"""`bot.drawing`: pixel facts."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.drawing import Style, draw
from bot.drawing_text import fitted, printable, text_width_px
from bot.model import Analysis, Instance, Label, PixelBox, RatioBox
from bot.palette import PILL, colour_of, contrast_ratio
from bot.pictures import Picture, open_picture

GROUND = (120, 125, 130)
STYLE = Style()


ratios = st.floats(-1, 2)
boxes = st.tuples(ratios, ratios, st.floats(0, 2), st.floats(0, 2))
percents = st.floats(50, 100)
answers = st.lists(
    st.builds(
        lambda name, spots, percent: seen(name, *spots, percent=percent),
        st.one_of(st.text(max_size=60), st.sampled_from(["Person", "Car", "Woman", "Human"])),
        st.lists(boxes, max_size=6),
        percents,
    ),
    max_size=8,
)
styles = st.builds(
    Style,
    max_boxes=st.integers(0, 20),
    colours=st.sampled_from(["label", "confidence", "one"]),
    tags=st.sampled_from(["auto", "inside", "outside"]),
    thickness=st.sampled_from(["thin", "normal", "thick"]),
    hide=st.sampled_from([(), ("Person",), ("Person", "Car")]),
    hide_by=st.sampled_from(["pixelate", "blur"]),
)


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
    return Analysis(tuple(labels))


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


@pytest.mark.parametrize("name", ["Person", "Chair", "Bus", "Hat", "Bird", "Truck", "Dog", "Lamp"])
def test_halo_surrounds_the_line(name):
    """Beside the line the ground leans to its opposite, so that it shows on its own colour."""
    ground = colour_of(name)

    image = draw(plain(colour=ground), analysis(seen(name, (0.25, 0.4, 0.5, 0.5))), STYLE)

    assert contrast_ratio(image.getpixel((99, 200)), ground) >= 2
    assert image.getpixel((97, 200)) == ground


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


@given(st.tuples(st.integers(80, 700), st.integers(80, 700)), answers, styles)
@settings(max_examples=60, deadline=None)
def test_any_answer_can_be_drawn(size, labels, style):
    """Whatever was seen, in whatever style: a picture at least as large, the same every time."""
    picture = Picture(Image.new("RGB", size, GROUND), size, "PNG", 1, PixelBox(0, 0, *size))

    image = draw(picture, analysis(*labels), style)

    assert image.width >= size[0]
    assert image.height >= size[1]
    assert image.tobytes() == draw(picture, analysis(*labels), style).tobytes()
    assert colours(picture.image) == {GROUND: size[0] * size[1]}


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
    assert PILL in colours(image.crop((0, 300, *image.size)))


def test_narrow_pictures_are_centred():
    """A picture too narrow for words stands in the middle above a wider strip."""
    image = draw(plain((80, 300)), analysis(seen("Beach")), STYLE)

    left = (image.width - 80) // 2
    assert image.width > 200
    assert image.crop((left, 0, left + 80, 300)).tobytes() == plain((80, 300)).image.tobytes()


@pytest.mark.parametrize(
    ("size_px", "drawn_px"),
    [((16, 16), (320, 320)), ((159, 90), (318, 180)), ((160, 90), (160, 90))],
)
def test_icons_are_drawn_larger(size_px, drawn_px):
    """An icon becomes so large, in whole steps, that tags leave it to be seen."""
    drawn = draw(plain(size_px), analysis(seen("Dog", (0.4, 0.4, 0.2, 0.2))), STYLE)
    middle = tuple(side // 2 for side in drawn_px)

    assert drawn.size == drawn_px
    assert drawn.getpixel(middle) == GROUND


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
    """From an icon to a panorama, alone or in a crowd, only the narrowest is made wider."""
    labels = analysis(crowd(count), *(seen(f"Scene {at}") for at in range(100)))

    image = draw(plain(size), labels, STYLE)

    assert image.width == size[0] or size[0] < 180
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


def colours(image):
    """Every colour of the image and how many pixels have it."""
    return {colour: count for count, colour in image.getcolors(maxcolors=1 << 24)}
