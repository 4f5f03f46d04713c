"""The kinds of objects that the drawn scenes contain, and the colours that are reserved for them.

A figure's body is painted in a colour that nothing else in a scene uses; that is how the stand-in
for Rekognition finds it again. No drawing and no searching here.
"""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[int, int, int]


@dataclass(frozen=True)
class Kind:
    """One kind of object.

    `body` says which part of the whole figure the reserved colour visibly covers, as (left, top,
    right, bottom) in ratios of the figure: a person is more than the coat, and thin tips are lost
    when a picture is made small. It is the same for a figure and its mirror image.
    """

    name: str
    colors: tuple[Color, ...]
    aspect_ratio: float
    """Width by height of the whole figure."""
    body: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    guesses: tuple[tuple[str, float], ...] = ()
    """Further labels without boxes, each with its share of the object's own confidence."""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "Person",
            ((238, 96, 85), (14, 124, 123), (231, 171, 34), (120, 81, 169)),
            0.44,
            (0.0, 0.192, 1.0, 0.66),
            (("Coat", 0.81), ("Adult", 0.72)),
        ),
        Kind("Dog", ((178, 104, 48),), 1.25, guesses=(("Puppy", 0.66),)),
        Kind("Cat", ((243, 146, 72),), 0.86, guesses=(("Kitten", 0.69),)),
        Kind("Bird", ((44, 52, 110),), 1.5, (0.06, 0.0, 0.94, 1.0), (("Seagull", 0.73),)),
        Kind("Car", ((200, 32, 48), (36, 99, 180)), 2.1, (0.0, 0.0, 1.0, 0.86), (("Sedan", 0.77),)),
        Kind("Bus", ((0, 172, 168),), 2.2, (0.0, 0.0, 1.0, 0.89)),
        Kind("Bicycle", ((214, 40, 130),), 1.6, guesses=(("Cycling", 0.62),)),
        Kind(
            "Boat",
            ((148, 28, 70), (245, 120, 30)),
            0.86,
            (0.0, 0.04, 1.0, 1.0),
            (("Sailboat", 0.8),),
        ),
        Kind("Cup", ((236, 128, 156), (66, 120, 222)), 1.25, guesses=(("Coffee Cup", 0.84),)),
        Kind("Tennis Ball", ((205, 226, 48),), 1.0),
        Kind("Balloon", ((255, 84, 140), (255, 214, 64), (170, 110, 220)), 0.82),
        Kind("Plant", ((28, 120, 72),), 0.8, (0.0, 0.02, 1.0, 0.585)),
    )
}
"""Every kind by the name of its label; each may come with boxes in Amazon's own list."""


@dataclass(frozen=True)
class Ground:
    """A background colour and the scene labels it stands for, each with its share of confidence."""

    color: Color
    labels: tuple[tuple[str, float], ...]


SAND: Color = (244, 220, 168)
SEA: Color = (58, 156, 190)
GRASS: Color = (146, 194, 92)
FOLIAGE: Color = (74, 152, 88)
ASPHALT: Color = (88, 92, 104)
FACADE: Color = (212, 184, 174)
WALL: Color = (250, 232, 206)
TABLE: Color = (214, 170, 122)

GROUNDS: tuple[Ground, ...] = (
    Ground(SAND, (("Beach", 1.0),)),
    Ground(SEA, (("Sea", 1.0),)),
    Ground(GRASS, (("Grass", 1.0), ("Park", 0.86))),
    Ground(FOLIAGE, (("Tree", 1.0),)),
    Ground(ASPHALT, (("Road", 1.0), ("Street", 0.97))),
    Ground(FACADE, (("City", 1.0),)),
    Ground(WALL, (("Indoors", 1.0), ("Kitchen", 0.9))),
    Ground(TABLE, (("Table", 0.96),)),
)
"""Backgrounds that mean something; every other colour of a scene means nothing."""
