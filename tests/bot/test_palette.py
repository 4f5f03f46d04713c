"""`bot.palette`: readable, stable, and distinct for all eyes."""

import itertools

import pytest
from skimage.color import deltaE_ciede2000

from bot.palette import (
    BLUE,
    INK,
    LILAC,
    MUTED,
    PALETTE,
    PAPER,
    PILL,
    SURENESS,
    colour_of,
    contrast_ratio,
    ink_on,
)


def test_letters_read_on_any_plate():
    """Text has a contrast of at least 4.5 to 1 on every plate, and in the strip."""
    plates = [contrast_ratio(ink_on(ground), ground) for ground in PALETTE]

    assert min(plates) >= 4.5
    assert contrast_ratio(PAPER, INK) >= 4.5
    assert contrast_ratio(MUTED, INK) >= 4.5


def test_letters_read_on_any_sureness():
    """Where colours say how sure one is, text has that contrast as well."""
    assert min(contrast_ratio(ink_on(ground), ground) for _, ground in SURENESS) >= 4.5
    assert contrast_ratio(PAPER, PILL) >= 4.5


def test_colours_follow_names():
    """A label's colour is the same in every process, whatever its case."""
    assert colour_of("Person") == BLUE == colour_of("person")
    assert colour_of("Zeppelin") == LILAC == colour_of("zeppelin")


@pytest.mark.parametrize(
    "names",
    [
        ("Person", "Dog", "Tennis Ball", "Bird"),
        ("Person", "Car", "Bicycle", "Wheel", "Bus", "Truck", "Motorcycle", "Dog"),
        ("Person", "Balloon", "Dog", "Car", "Bicycle", "Bird"),
        ("Person", "Shirt", "Pants", "Shoe", "Hat", "Coat", "Glasses", "Face"),
        ("Cat", "Cup", "Plant", "Chair", "Dining Table"),
        ("Laptop", "Mobile Phone", "Monitor", "Desk", "Cup", "Chair"),
    ],
)
def test_companions_differ(names):
    """Things that are often seen together have different colours."""
    assert len({colour_of(name) for name in names}) == len(names)


def test_blue_is_for_people():
    """No other label has the colour of a person, known or not."""
    names = [f"Thing {number}" for number in range(500)]

    assert {colour_of(name) for name in names} == set(PALETTE) - {BLUE}


# At severity 1.0, on linear RGB, from G. M. Machado, M. M. Oliveira, L. A. F. Fernandes,
# "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009,
# https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html
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
    """Any two colours stay well apart for the three common colour-blindnesses (CIEDE2000)."""
    assert nearest(PALETTE, vision) >= 15


def test_usual_palette_would_not():
    """The measure is no formality: the colours of traffic lights come close for some eyes."""
    traffic_lights = ((255, 0, 0), (255, 191, 0), (96, 148, 0))

    assert nearest(traffic_lights, "full") > 30
    assert nearest(traffic_lights, "deuteranopia") < 15


@pytest.mark.parametrize("vision", VISIONS)
def test_surer_is_darker(vision):
    """Every eye sees the steps of confidence from light to dark, well apart."""
    lightness = [lab(colour, VISIONS[vision])[0] for _, colour in SURENESS]

    assert all(after - before > 12 for before, after in itertools.pairwise(lightness))


def nearest(colours, vision):
    """How far apart the two most alike of some colours are for a kind of eye."""
    seen_as = [lab(colour, VISIONS[vision]) for colour in colours]
    return min(deltaE_ciede2000(*pair) for pair in itertools.combinations(seen_as, 2))


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
