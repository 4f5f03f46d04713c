"""How each kind of object is drawn: one function per kind, filling the frame of the pen it gets.

Bodies take the reserved colour they are given; details must not use a reserved colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.canvas import Pen
from bot.sandbox.kinds import Color

INK: Color = (42, 40, 52)
TYRE: Color = (52, 50, 60)
STEEL: Color = (206, 210, 216)
WHITE: Color = (255, 252, 245)
GLASS: Color = (196, 228, 238)
DARK_GLASS: Color = (150, 196, 214)
CHEEK: Color = (244, 170, 150)
SHADE = (40, 30, 60, 34)
"""What is laid over a body to shade it; used sparingly, since it changes the reserved colour."""

SHINE = (255, 255, 255, 120)
"""What is laid over a body where it catches the light; sparingly too."""

PEOPLE: tuple[tuple[Color, Color, Color, bool], ...] = (
    ((246, 205, 174), (60, 42, 40), (58, 66, 96), False),
    ((158, 104, 76), (34, 30, 38), (92, 84, 92), True),
    ((240, 192, 154), (214, 156, 80), (70, 92, 116), True),
    ((126, 82, 62), (30, 26, 32), (62, 72, 92), False),
    ((228, 180, 140), (150, 150, 158), (50, 50, 66), False),
    ((248, 212, 184), (150, 78, 50), (66, 74, 84), True),
    ((190, 136, 100), (44, 34, 36), (84, 78, 100), False),
)
"""Skin, hair, trousers, and whether the hair is long; a figure's number picks one."""


@dataclass(frozen=True)
class Look:
    """What may differ between two figures of a kind: the body's colour, and a running number."""

    color: Color
    number: int = 0


def draw_person(pen: Pen, look: Look) -> None:
    """Someone standing in a coat, seen from the front."""
    skin, hair, trousers, long = PEOPLE[look.number % len(PEOPLE)]
    for x0, x1 in ((0.27, 0.47), (0.53, 0.73)):
        pen.box((x0, 0.58, x1, 0.96), trousers)
        pen.box(
            (x0 - 0.06 if x0 < 0.5 else x0, 0.945, x1 if x0 < 0.5 else x1 + 0.06, 1.0), INK, 0.02
        )
    for x in (0.075, 0.925):
        pen.disc((x, 0.615), 0.03, skin)
    pen.box((0.4, 0.13, 0.6, 0.24), skin)
    _coat(pen, look.color)
    _head(pen, skin, hair, long=long)


def _coat(pen: Pen, color: Color) -> None:
    pen.blob(
        [(0.3, 0.2), (0.5, 0.187), (0.7, 0.2), (0.86, 0.26), (0.82, 0.45), (0.86, 0.638),
         (0.5, 0.64), (0.14, 0.638), (0.18, 0.45), (0.14, 0.26)], color)  # fmt: skip
    pen.line([(0.16, 0.26), (0.085, 0.42), (0.085, 0.585)], 0.075, color)
    pen.line([(0.84, 0.26), (0.915, 0.42), (0.915, 0.585)], 0.075, color)
    pen.polygon([(0.38, 0.187), (0.62, 0.187), (0.5, 0.27)], WHITE)
    pen.line([(0.5, 0.28), (0.5, 0.62)], 0.006, SHADE)
    for y in (0.34, 0.43, 0.52):
        pen.disc((0.56, y), 0.009, WHITE)
    for x in (0.2, 0.8):
        pen.line([(x, 0.31), (x - (0.5 - x) * 0.03, 0.58)], 0.006, SHADE)


def _head(pen: Pen, skin: Color, hair: Color, *, long: bool) -> None:
    if long:
        pen.box((0.22, 0.03, 0.78, 0.165), hair, 0.05)
    pen.oval((0.285, 0.01, 0.715, 0.185), skin)
    pen.blob([(0.27, 0.09), (0.28, 0.03), (0.5, 0.003), (0.72, 0.03), (0.73, 0.09), (0.66, 0.056),
              (0.5, 0.045), (0.36, 0.054)], hair)  # fmt: skip
    for x in (0.41, 0.59):
        pen.disc((x, 0.1), 0.009, INK)
    for x in (0.36, 0.64):
        pen.disc((x, 0.128), 0.013, (*CHEEK, 110))
    pen.arc((0.5, 0.12), 0.03, (35, 145), INK, thick=0.006)


def draw_dog(pen: Pen, look: Look) -> None:
    """A dog that looks to the right."""
    color, dark, light = look.color, (116, 66, 38), (238, 206, 170)
    pen.curve([(0.2, 0.46), (0.07, 0.36), (0.043, 0.2)], 0.105, color)
    for x in (0.29, 0.68):
        pen.box((x, 0.6, x + 0.085, 0.98), dark, 0.04)
    pen.blob([(0.13, 0.52), (0.2, 0.39), (0.4, 0.37), (0.6, 0.36), (0.76, 0.4), (0.77, 0.62),
              (0.66, 0.73), (0.42, 0.7), (0.24, 0.74), (0.14, 0.66)], color)  # fmt: skip
    for x in (0.16, 0.58):
        pen.box((x, 0.58, x + 0.105, 1.0), color, 0.045)
        pen.box((x + 0.015, 0.88, x + 0.09, 0.94), light, 0.03)
    pen.polygon([(0.54, 0.4), (0.64, 0.14), (0.88, 0.22), (0.77, 0.56)], color)
    pen.oval((0.62, 0.0, 0.91, 0.38), color)
    pen.box((0.76, 0.16, 1.0, 0.35), color, 0.09)
    pen.box((0.8, 0.245, 0.985, 0.345), light, 0.05)
    pen.oval((0.93, 0.15, 0.995, 0.225), INK)
    pen.curve([(0.93, 0.27), (0.88, 0.3), (0.83, 0.285)], 0.012, INK)
    pen.disc((0.81, 0.145), 0.022, INK)
    pen.disc((0.816, 0.138), 0.007, WHITE)
    pen.blob(
        [(0.66, 0.03), (0.72, 0.05), (0.73, 0.2), (0.69, 0.36), (0.615, 0.34), (0.6, 0.16)], dark
    )
    pen.line([(0.6, 0.36), (0.77, 0.44)], 0.045, (60, 88, 150))
    pen.disc((0.735, 0.475), 0.027, (250, 220, 120))


def draw_cat(pen: Pen, look: Look) -> None:
    """A sitting cat, seen from the front, its tail to the right."""
    color, dark, light = look.color, (190, 92, 44), (255, 236, 214)
    pen.curve([(0.62, 0.93), (0.88, 0.93), (0.94, 0.75), (0.88, 0.6)], 0.1, color)
    pen.curve([(0.925, 0.68), (0.88, 0.6)], 0.1, dark)
    pen.blob([(0.37, 0.4), (0.56, 0.48), (0.7, 0.78), (0.68, 0.97), (0.37, 1.0), (0.06, 0.97),
              (0.04, 0.78), (0.18, 0.48)], color)  # fmt: skip
    pen.blob([(0.37, 0.5), (0.47, 0.62), (0.44, 0.8), (0.3, 0.8), (0.27, 0.62)], light)
    for x in (0.21, 0.4):
        pen.box((x, 0.72, x + 0.13, 1.0), color, 0.055)
        pen.box((x, 0.92, x + 0.13, 0.985), light, 0.03)
        pen.line([(x + 0.065, 0.94), (x + 0.065, 0.98)], 0.008, dark)
    _cat_head(pen, color, dark, light)


def _cat_head(pen: Pen, color: Color, dark: Color, light: Color) -> None:
    for side in (-1, 1):
        pen.polygon(
            [(0.37 + side * x, y) for x, y in ((0.33, 0.0), (0.06, 0.12), (0.35, 0.3))], color
        )
        pen.polygon(
            [(0.37 + side * x, y) for x, y in ((0.28, 0.06), (0.14, 0.13), (0.29, 0.2))], CHEEK
        )
    pen.oval((0.0, 0.08, 0.74, 0.52), color)
    pen.oval((0.22, 0.31, 0.52, 0.49), light)
    for x, low in ((0.29, 0.17), (0.37, 0.2), (0.45, 0.17)):
        pen.line([(x, 0.1), (0.37 + (x - 0.37) * 0.8, low)], 0.022, dark)
    for x in (0.2, 0.54):
        pen.disc((x, 0.29), 0.05, (126, 176, 74))
        pen.oval((x - 0.02, 0.25, x + 0.02, 0.33), INK)
        pen.disc((x + 0.015, 0.275), 0.011, WHITE)
    pen.polygon([(0.34, 0.345), (0.4, 0.345), (0.37, 0.378)], (206, 92, 92))
    for side in (-1, 1):
        pen.curve(
            [(0.37, 0.378), (0.37 + side * 0.03, 0.415), (0.37 + side * 0.08, 0.4)], 0.01, INK
        )
        for y in (0.36, 0.4):
            pen.line([(0.37 + side * 0.19, y), (0.37 + side * 0.36, y - 0.02)], 0.006, WHITE)


def draw_bird(pen: Pen, look: Look) -> None:
    """A bird on the wing, flying to the right."""
    color, dark = look.color, (28, 32, 74)
    pen.blob([(0.52, 0.62), (0.54, 0.3), (0.68, 0.03), (0.8, 0.02), (0.78, 0.3), (0.7, 0.62)], dark)
    pen.polygon([(0.36, 0.66), (0.0, 0.56), (0.12, 0.74), (0.02, 0.94), (0.4, 0.88)], color)
    pen.blob([(0.24, 0.74), (0.42, 0.62), (0.64, 0.54), (0.84, 0.48), (0.9, 0.64), (0.8, 0.85),
              (0.6, 0.99), (0.42, 0.96), (0.28, 0.86)], color)  # fmt: skip
    pen.blob(
        [
            (0.36, 0.74),
            (0.26, 0.36),
            (0.1, 0.04),
            (0.26, 0.01),
            (0.5, 0.2),
            (0.64, 0.5),
            (0.62, 0.72),
        ],
        color,
    )
    pen.blob([(0.5, 0.86), (0.68, 0.8), (0.84, 0.76), (0.76, 0.88), (0.6, 0.955)], (226, 232, 244))
    pen.disc((0.865, 0.58), 0.15, color)
    pen.polygon([(0.94, 0.5), (1.0, 0.6), (0.93, 0.66)], (250, 180, 70))
    pen.disc((0.885, 0.545), 0.04, WHITE)
    pen.disc((0.892, 0.55), 0.02, INK)


def draw_boat(pen: Pen, look: Look) -> None:
    """A sailing boat; the mainsail has the hull's colour."""
    color = look.color
    pen.line([(0.47, 0.02), (0.47, 0.76)], 0.02, (120, 84, 62))
    pen.polygon([(0.5, 0.0), (0.5, 0.74), (1.0, 0.74)], color)
    pen.polygon([(0.54, 0.2), (0.54, 0.68), (0.66, 0.68)], (255, 255, 255, 60))
    pen.polygon([(0.44, 0.12), (0.44, 0.7), (0.06, 0.7)], WHITE)
    pen.polygon([(0.44, 0.55), (0.44, 0.7), (0.06, 0.7)], (230, 226, 220))
    pen.blob([(0.0, 0.755), (0.25, 0.76), (0.5, 0.745), (0.75, 0.76), (1.0, 0.755), (0.93, 0.93),
              (0.8, 0.995), (0.5, 1.0), (0.22, 0.995), (0.08, 0.93)], color)  # fmt: skip
    pen.line([(0.08, 0.82), (0.92, 0.82)], 0.022, WHITE)


def draw_cup(pen: Pen, look: Look) -> None:
    """A mug of coffee, its handle to the right."""
    color = look.color
    pen.ring((0.72, 0.52), 0.36, 0.125, color)
    pen.box((0.0, 0.13, 0.74, 0.6), color)
    pen.box((0.0, 0.4, 0.74, 1.0), color, 0.2)
    pen.oval((0.0, 0.0, 0.74, 0.26), color)
    pen.oval((0.06, 0.052, 0.68, 0.228), WHITE)
    pen.oval((0.09, 0.078, 0.65, 0.22), (104, 66, 46))
    pen.oval((0.17, 0.102, 0.44, 0.16), (150, 100, 66))
    pen.blob(
        [(0.06, 0.36), (0.1, 0.36), (0.105, 0.6), (0.13, 0.82), (0.08, 0.76), (0.06, 0.6)], SHINE
    )


def draw_tennis_ball(pen: Pen, look: Look) -> None:
    """A tennis ball with its seam."""
    pen.oval((0.0, 0.0, 1.0, 1.0), look.color)
    pen.arc((-0.18, 0.2), 0.6, (-13, 61), WHITE, thick=0.07)
    pen.arc((1.18, 0.8), 0.6, (167, 241), WHITE, thick=0.07)


def draw_balloon(pen: Pen, look: Look) -> None:
    """A balloon; its string hangs below the frame and is no part of it."""
    pen.curve([(0.5, 0.97), (0.44, 1.25), (0.56, 1.5), (0.5, 1.8)], 0.016, (110, 104, 120))
    pen.blob([(0.5, 0.0), (0.85, 0.1), (0.998, 0.4), (0.86, 0.72), (0.5, 0.935), (0.14, 0.72),
              (0.002, 0.4), (0.15, 0.1)], look.color)  # fmt: skip
    pen.polygon([(0.5, 0.9), (0.61, 1.0), (0.39, 1.0)], look.color)
    pen.blob([(0.22, 0.28), (0.32, 0.14), (0.4, 0.16), (0.3, 0.36), (0.24, 0.4)], SHINE)


def draw_plant(pen: Pen, look: Look) -> None:
    """A plant in a pot."""
    leaf, vein = look.color, (86, 168, 112)
    leaves = (
        [(0.5, 0.72), (0.3, 0.5), (0.05, 0.42), (0.03, 0.24), (0.24, 0.26), (0.44, 0.44)],
        [(0.5, 0.72), (0.7, 0.5), (0.95, 0.42), (0.97, 0.24), (0.76, 0.26), (0.56, 0.44)],
        [(0.5, 0.7), (0.34, 0.4), (0.26, 0.14), (0.4, 0.06), (0.5, 0.3)],
        [(0.5, 0.7), (0.66, 0.4), (0.74, 0.12), (0.6, 0.04), (0.5, 0.3)],
        [(0.5, 0.72), (0.4, 0.4), (0.5, 0.0), (0.6, 0.4)],
    )
    for points in leaves:
        pen.blob(points, leaf)
    for tip in ((0.1, 0.32), (0.9, 0.32), (0.36, 0.16), (0.64, 0.15), (0.5, 0.12)):
        pen.curve([(0.5, 0.66), ((0.5 + tip[0]) / 2, (0.6 + tip[1]) / 2 - 0.02), tip], 0.012, vein)
    pen.polygon([(0.24, 0.7), (0.76, 0.7), (0.67, 1.0), (0.33, 1.0)], (206, 134, 112))
    pen.box((0.2, 0.67, 0.8, 0.77), (224, 154, 130), 0.02)


Draw = Callable[[Pen, Look], None]
