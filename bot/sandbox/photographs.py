"""The photographs that come with scikit-image, with answers written by hand.

The answers are not Rekognition's: a person looked at each photograph, named what is in it in
Rekognition's vocabulary, and drew the boxes. Only files that lie inside the installed package are
offered; nothing is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from bot.model import RatioBox
from bot.sandbox.answers import Response, Sighting, build_answer


@dataclass(frozen=True)
class Photograph:
    """One photograph: its file in scikit-image's data folder, whose it is, and what is in it."""

    file: str
    title: str
    credit: str
    sightings: tuple[Sighting, ...]

    def answer(self) -> Response:
        """The hand-written DetectLabels answer."""
        return build_answer(self.sightings)


def _see(name: str, percent: float, *box: float) -> Sighting:
    """A sighting; the box as left, top, right, bottom in ratios."""
    if not box:
        return Sighting(name, percent)
    left, top, right, bottom = box
    return Sighting(name, percent, RatioBox(left, top, right - left, bottom - top))


PHOTOGRAPHS: dict[str, Photograph] = {
    "astronaut": Photograph(
        "astronaut.png",
        "An astronaut before a shuttle",
        "NASA, public domain",
        (
            _see("Person", 99.6, 0.03, 0.02, 0.71, 1.0),
            _see("Face", 98.9, 0.345, 0.09, 0.54, 0.38),
            _see("Head", 97.1, 0.29, 0.02, 0.6, 0.38),
            _see("Astronaut", 96.4),
            _see("Helmet", 91.2, 0.54, 0.66, 1.0, 1.0),
            _see("Flag", 94.8, 0.0, 0.0, 0.19, 0.99),
            _see("Rocket", 82.5, 0.69, 0.0, 0.9, 0.55),
            _see("Portrait", 78.3),
            _see("Photography", 71.9),
        ),
    ),
    "cat": Photograph(
        "chelsea.png",
        "A cat called Chelsea",
        "Stefan van der Walt, CC0",
        (_see("Cat", 99.2, 0.0, 0.0, 0.88, 1.0), _see("Kitten", 64.7)),
    ),
    "coffee": Photograph(
        "coffee.png",
        "An espresso",
        "Rachel Michetti, CC0",
        (
            _see("Cup", 99.4, 0.285, 0.04, 0.705, 0.77),
            _see("Coffee Cup", 97.8, 0.285, 0.04, 0.705, 0.77),
            _see("Coffee", 95.1),
            _see("Saucer", 93.6),
            _see("Spoon", 90.3, 0.535, 0.165, 0.71, 0.825),
            _see("Table", 74.2),
        ),
    ),
    "rocket": Photograph(
        "rocket.jpg",
        "A rocket on its pad",
        "SpaceX, public domain",
        (
            _see("Rocket", 98.3, 0.478, 0.29, 0.533, 0.97),
            _see("Launch", 88.6),
            _see("Tower", 92.4, 0.0, 0.0, 0.14, 0.92),
            _see("Tower", 90.8, 0.87, 0.0, 1.0, 1.0),
            _see("Tower", 81.7, 0.27, 0.28, 0.335, 0.89),
            _see("Tower", 79.4, 0.68, 0.28, 0.735, 0.89),
        ),
    ),
    "cameraman": Photograph(
        "camera.png",
        "A cameraman at work",
        "Lav Varshney, CC0",
        (
            _see("Person", 99.1, 0.0, 0.12, 0.65, 1.0),
            _see("Head", 90.9, 0.32, 0.12, 0.535, 0.38),
            _see("Coat", 88.2, 0.0, 0.21, 0.58, 1.0),
            _see("Camera", 86.4, 0.505, 0.25, 0.66, 0.4),
            _see("Tripod", 84.0),
            _see("Photography", 92.7),
            _see("Grass", 76.6),
        ),
    ),
    "motorcycle": Photograph(
        "motorcycle_left.png",
        "A motorcycle in a garage",
        "Middlebury Stereo Datasets 2014",
        (
            _see("Motorcycle", 99.7, 0.115, 0.15, 0.93, 0.91),
            _see("Wheel", 97.9, 0.16, 0.46, 0.36, 0.85),
            _see("Wheel", 97.2, 0.685, 0.5, 0.93, 0.92),
            _see("Bench", 83.3, 0.06, 0.2, 0.385, 0.68),
            _see("Indoors", 77.8),
        ),
    ),
}
"""Every photograph by the name under which it is offered."""


def photograph_bytes(name: str) -> bytes:
    """The file as it ships with scikit-image.

    Raises:
        FileNotFoundError: this installation of scikit-image does not contain it.
    """
    return (_folder() / PHOTOGRAPHS[name].file).read_bytes()


def available() -> tuple[str, ...]:
    """The names of the photographs that are really there."""
    folder = _folder()
    return tuple(name for name, each in PHOTOGRAPHS.items() if (folder / each.file).is_file())


def _folder() -> Traversable:
    return resources.files("skimage.data")
