"""The same label has the same colour everywhere, in ten colours that hold for the colour-blind.

No pixels: colours as (red, green, blue), 0-255.
"""

from __future__ import annotations

import zlib

Colour = tuple[int, int, int]

BLUE: Colour = (30, 105, 240)
APRICOT: Colour = (246, 178, 148)
PINK: Colour = (252, 50, 140)
GREEN: Colour = (62, 189, 17)
YELLOW: Colour = (232, 250, 39)
VIOLET: Colour = (76, 0, 180)
AQUA: Colour = (62, 254, 226)
RED: Colour = (205, 25, 9)
LILAC: Colour = (201, 173, 252)
TEAL: Colour = (8, 117, 84)

PALETTE = (BLUE, APRICOT, PINK, GREEN, YELLOW, VIOLET, AQUA, RED, LILAC, TEAL)
"""Found by search: the two nearest stay CIEDE2000 15 apart for full colour vision and for
protanopia, deuteranopia and tritanopia alike (Okabe and Ito's set of eight: 11)."""

INK: Colour = (17, 19, 24)
PAPER: Colour = (255, 255, 255)
MUTED: Colour = (172, 178, 189)
"""For what matters less, on `INK`."""
PILL: Colour = (45, 50, 62)
"""The ground of a name that belongs to no box, on `INK`."""

_CHOSEN: dict[Colour, str] = {
    BLUE: "Person, Human, Adult",
    APRICOT: "Airplane, Bread, Bulldozer, Chair, Child, Coffee Cup, Handbag, Jeans, Lion, Male,"
    " Shark, Shorts, Suit, Tank, Tennis Ball, Toy, Traffic Light, Wheel, White Board",
    PINK: "Bench, Birthday Cake, Bowl, Bus, Cat, Clock Tower, Coat, Desk, Door, Fish, Glove, Gun,"
    " Jacket, Monkey, Necklace, Sandwich, Tablet Computer, Tennis Racket, Umbrella, Woman",
    GREEN: "Bridge, Cow, Dining Table, Elephant, Female, Hat, Laptop, Microwave, Painting, Pizza,"
    " Road Sign, Soccer Ball, Sock, Teddy Bear, Vest, Violin",
    YELLOW: "Bed, Bird, Boy, Candle, Couch, Fork, Headphones, Helicopter, License Plate, Piano,"
    " Shoe, Tower",
    VIOLET: "Balloon, Basketball (Ball), Egg, Glasses, Horse, Microphone, Mouse, Photo Frame, Rug,"
    " Sink, Skateboard, Skirt, Spoon, Swimwear, Teen, Truck, Wristwatch, Zebra",
    AQUA: "Baby, Baseball Bat, Construction Crane, Cooktop, Dog, Flag, Giraffe, Guitar, Head,"
    " Monitor, Pants, Pen, Plate, T-Shirt, Train",
    RED: "Baseball Cap, Baseball Glove, Bicycle, Bike, Box, Building, Burger, Computer Keyboard,"
    " Girl, Hardhat, Knife, Lamp, Refrigerator, Sheep, Shirt, Speaker, Sunglasses, Tiger",
    LILAC: "Backpack, Ball, Boat, Book, Cup, Helmet, Man, Motorcycle, Tie",
    TEAL: "Automobile, Bear, Bottle, Car, Document, Face, Mobile Phone, Plant, Ring, Turtle",
}
"""Things that are often seen together differ: streets, kitchens, desks, clothes, animals, sports.
Found by search over such groups; blue is for people, who are in most pictures."""

_BY_NAME = {
    name.casefold(): colour for colour, names in _CHOSEN.items() for name in names.split(", ")
}

SURENESS: tuple[tuple[float, Colour], ...] = (
    (97.0, (46, 26, 119)),
    (90.0, (23, 110, 133)),
    (80.0, (72, 196, 128)),
    (0.0, (253, 226, 62)),
)
"""From which confidence on (percent) which colour: darker is surer, which every eye can tell."""


def colour_of(label: str) -> Colour:
    """The label's colour, the same in every picture, process and release.

    Chosen for the usual things; for all others by a hash, which leaves blue to people.
    """
    name = label.casefold()
    at = zlib.crc32(name.encode("utf-8", "replace")) % (len(PALETTE) - 1)
    return _BY_NAME.get(name, PALETTE[1 + at])


def band_of(confidence_percent: float) -> tuple[float, Colour]:
    """The step of `SURENESS` that a confidence reaches.

    >>> band_of(96.9)
    (90.0, (23, 110, 133))
    """
    return next((step for step in SURENESS if confidence_percent >= step[0]), SURENESS[-1])


def ink_on(ground: Colour) -> Colour:
    """Black or white, whichever reads better on `ground`: at least 4.5:1 on our colours."""
    return max((INK, PAPER), key=lambda ink: contrast_ratio(ink, ground))


def contrast_ratio(a: Colour, b: Colour) -> float:
    """Contrast from 1 to 21, by https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.

    >>> contrast_ratio((0, 0, 0), (255, 255, 255))
    21.0
    """
    darker, lighter = sorted((_luminance(a), _luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
