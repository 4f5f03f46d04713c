"""How cars, buses and bicycles are drawn, and the table of all figures."""

from __future__ import annotations

from bot.sandbox import figures
from bot.sandbox.canvas import Pen, Point
from bot.sandbox.figures import DARK_GLASS, GLASS, INK, SHADE, STEEL, TYRE, WHITE, Draw, Look

_LAMP = (255, 226, 130)
_REAR_LAMP = (250, 130, 100)


def draw_car(pen: Pen, look: Look) -> None:
    """A car that drives to the right."""
    color = look.color
    pen.blob([(0.1, 0.5), (0.17, 0.36), (0.25, 0.12), (0.34, 0.01), (0.5, 0.0), (0.64, 0.02),
              (0.74, 0.16), (0.85, 0.38), (0.93, 0.5)], color)  # fmt: skip
    pen.box((0.0, 0.4, 1.0, 0.86), color, 0.18)
    pen.polygon([(0.255, 0.41), (0.325, 0.11), (0.475, 0.11), (0.475, 0.41)], GLASS)
    pen.polygon([(0.52, 0.41), (0.52, 0.11), (0.64, 0.11), (0.75, 0.41)], GLASS)
    pen.polygon([(0.3, 0.41), (0.38, 0.11), (0.43, 0.11), (0.35, 0.41)], WHITE)
    pen.polygon([(0.57, 0.41), (0.6, 0.11), (0.625, 0.11), (0.62, 0.41)], WHITE)
    pen.line([(0.5, 0.44), (0.5, 0.74)], 0.012, SHADE)
    pen.line([(0.03, 0.68), (0.97, 0.68)], 0.014, SHADE)
    pen.box((0.535, 0.5, 0.595, 0.53), STEEL, 0.014)
    pen.oval((0.935, 0.46, 0.99, 0.58), _LAMP)
    pen.box((0.008, 0.46, 0.038, 0.58), _REAR_LAMP, 0.03)
    for x in (0.215, 0.785):
        _wheel(pen, (x, 0.8), 0.2)


def _wheel(pen: Pen, center: Point, radius: float) -> None:
    pen.disc(center, radius, TYRE)
    pen.disc(center, radius * 0.56, STEEL)
    pen.disc(center, radius * 0.2, (120, 124, 134))


def draw_bus(pen: Pen, look: Look) -> None:
    """A city bus that drives to the right."""
    pen.box((0.0, 0.0, 1.0, 0.89), look.color, 0.09)
    for index in range(5):
        left = 0.05 + index * 0.148
        pen.box((left, 0.13, left + 0.125, 0.44), GLASS, 0.03)
        pen.polygon(
            [(left + 0.03, 0.44), (left + 0.07, 0.13), (left + 0.095, 0.13), (left + 0.055, 0.44)],
            WHITE,
        )
    pen.box((0.8, 0.13, 0.89, 0.78), DARK_GLASS, 0.02)
    pen.line([(0.845, 0.14), (0.845, 0.77)], 0.012, INK)
    pen.box((0.92, 0.13, 0.992, 0.47), GLASS, 0.03)
    pen.box((0.02, 0.56, 0.77, 0.61), WHITE)
    pen.box((0.955, 0.66, 0.992, 0.73), _LAMP, 0.02)
    pen.box((0.006, 0.66, 0.02, 0.76), _REAR_LAMP, 0.01)
    pen.box((0.3, 0.03, 0.62, 0.095), INK, 0.02)
    for index in range(7):
        pen.disc((0.35 + index * 0.036, 0.063), 0.012, _LAMP)
    for x in (0.2, 0.7):
        _wheel(pen, (x, 0.855), 0.145)


def draw_bicycle(pen: Pen, look: Look) -> None:
    """A parked bicycle; thick tubes, since thin ones vanish when the picture is made small."""
    color, back, front = look.color, (0.2, 0.68), (0.8, 0.68)
    for wheel in (back, front):
        for spoke in ((0.0, 0.25), (0.13, 0.15), (0.155, 0.0), (0.13, -0.15)):
            ends = [
                (wheel[0] - spoke[0], wheel[1] - spoke[1]),
                (wheel[0] + spoke[0], wheel[1] + spoke[1]),
            ]
            pen.line(ends, 0.01, STEEL)
        pen.ring(wheel, 0.32, 0.085, color)
    crank, seat, head = (0.47, 0.7), (0.39, 0.32), (0.7, 0.3)
    pen.line([back, seat, head, crank, back], 0.075, color)
    pen.line([seat, crank], 0.075, color)
    pen.line([front, (0.67, 0.12)], 0.075, color)
    pen.curve([(0.67, 0.12), (0.7, 0.045), (0.78, 0.04)], 0.08, color)
    pen.curve([(0.76, 0.042), (0.82, 0.05)], 0.075, INK)
    pen.line([seat, (0.375, 0.22)], 0.05, color)
    pen.line([(0.3, 0.19), (0.45, 0.19)], 0.075, INK)
    pen.disc(crank, 0.075, STEEL)
    pen.line([(0.45, 0.8), (0.51, 0.8)], 0.035, INK)


FIGURES: dict[str, Draw] = {
    "Person": figures.draw_person,
    "Dog": figures.draw_dog,
    "Cat": figures.draw_cat,
    "Bird": figures.draw_bird,
    "Car": draw_car,
    "Bus": draw_bus,
    "Bicycle": draw_bicycle,
    "Boat": figures.draw_boat,
    "Cup": figures.draw_cup,
    "Tennis Ball": figures.draw_tennis_ball,
    "Balloon": figures.draw_balloon,
    "Plant": figures.draw_plant,
}
"""How each kind is drawn, by the name of its label."""
