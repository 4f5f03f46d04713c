"""What stands behind the objects of the sample scenes: skies, hills, trees, houses, water.

Only the colours of `kinds.GROUNDS` mean something to the stand-in for Rekognition; the others here
keep clear of every reserved colour.
"""

from __future__ import annotations

from bot.sandbox.canvas import Canvas, Pen, Point, on_circle
from bot.sandbox.kinds import ASPHALT, FOLIAGE, SAND, SEA, TABLE, WALL, Color

WHITE: Color = (255, 255, 255)
TRUNK: Color = (126, 90, 72)
WINDOW: Color = (176, 214, 226)
PAVING: Color = (226, 222, 214)
DAY: tuple[Color, Color] = ((126, 204, 236), (236, 246, 236))
MORNING: tuple[Color, Color] = ((158, 208, 226), (255, 240, 214))
EVENING: tuple[Color, Color] = ((70, 84, 136), (250, 204, 170))


def sun(pen: Pen, center: Point, radius: float) -> None:
    """A sun with a soft halo, in pixels."""
    for grow, alpha in ((2.1, 40), (1.5, 60)):
        pen.disc(center, radius * grow, (255, 244, 196, alpha))
    pen.disc(center, radius, (255, 240, 176))


def cloud(pen: Pen, center: Point, size: float) -> None:
    """A flat-bottomed cloud, `size` pixels wide."""
    x, y = center
    for dx, dy, radius in (
        (-0.28, 0.0, 0.13),
        (-0.08, -0.09, 0.19),
        (0.15, -0.03, 0.16),
        (0.32, 0.03, 0.1),
    ):
        pen.disc((x + dx * size, y + dy * size), radius * size, WHITE)
    pen.box((x - 0.41 * size, y, x + 0.42 * size, y + 0.13 * size), WHITE, 0.065 * size)


def hill(pen: Pen, spine: list[Point], base_px: float, color: Color) -> None:
    """Ground below a smooth skyline given from left to right, down to `base_px`."""
    left, right = spine[0], spine[-1]
    outside = [
        (right[0] + 200, right[1]),
        (right[0] + 200, base_px),
        (left[0] - 200, base_px),
        (left[0] - 200, left[1]),
    ]
    pen.blob([*spine, *outside], color)


def tree(pen: Pen, foot: Point, height: float) -> None:
    """A round tree that stands at `foot`."""
    x, y = foot
    pen.box((x - 0.035 * height, y - 0.45 * height, x + 0.035 * height, y), TRUNK)
    for dx, dy, radius in ((0.0, 0.72, 0.28), (-0.17, 0.53, 0.2), (0.18, 0.55, 0.21)):
        pen.disc((x + dx * height, y - dy * height), radius * height, FOLIAGE)
    for dx, dy, radius in ((-0.08, 0.82, 0.09), (0.12, 0.62, 0.06), (-0.2, 0.57, 0.05)):
        pen.disc((x + dx * height, y - dy * height), radius * height, (104, 176, 108))


def flower(pen: Pen, foot: Point, color: Color) -> None:
    """A small flower in the grass."""
    x, y = foot
    pen.line([(x, y), (x, y - 22)], 4, FOLIAGE)
    for turn in range(5):
        pen.disc(on_circle((x, y - 26), 7, turn * 72), 6, color)
    pen.disc((x, y - 26), 4, (250, 230, 150))


def house(
    pen: Pen, box: tuple[float, float, float, float], color: Color, *, floors: int, roof: Color
) -> None:
    """A town house with rows of windows and a low roof."""
    left, top, right, bottom = box
    pen.polygon(
        [(left - 10, top), (right + 10, top), (right - 24, top - 46), (left + 24, top - 46)], roof
    )
    pen.box(box, color)
    columns = max(int((right - left) // 84), 1)
    gap, rise = (right - left) / columns, (bottom - top) / (floors + 0.35)
    for floor in range(floors):
        for column in range(columns):
            x, y = left + (column + 0.5) * gap, top + (floor + 0.28) * rise
            pen.box((x - 24, y - 4, x + 24, y + rise * 0.56), WHITE, 4)
            pen.box((x - 18, y + 2, x + 18, y + rise * 0.52), WINDOW, 2)
            pen.line([(x, y + 2), (x, y + rise * 0.52)], 4, WHITE)


def street(canvas: Canvas, top_px: float, lane_px: float) -> None:
    """Pavement from `top_px`, and a road with a dashed middle line from `lane_px` down."""
    pen = canvas.pen()
    width, height = canvas.size_px
    pen.box((0, top_px, width, lane_px), PAVING)
    pen.box((0, lane_px - 14, width, lane_px), (198, 192, 186))
    pen.box((0, lane_px, width, height), ASPHALT)
    middle = lane_px + (height - lane_px) * 0.42
    for x in range(-40, width, 190):
        pen.box((x, middle, x + 110, middle + 12), (236, 232, 220), 5)


def lamp_post(pen: Pen, foot: Point, height: float) -> None:
    """A street lamp."""
    x, y = foot
    pen.line([(x, y), (x, y - height)], 9, (74, 70, 84))
    pen.curve(
        [(x, y - height), (x + 18, y - height - 28), (x + 52, y - height - 26)], 8, (74, 70, 84)
    )
    pen.box((x + 38, y - height - 26, x + 82, y - height - 10), (74, 70, 84), 6)
    pen.oval((x + 44, y - height - 14, x + 76, y - height + 2), (255, 240, 176))


def sea(canvas: Canvas, top_px: float, bottom_px: float) -> None:
    """Flat water with a few crests."""
    pen = canvas.pen()
    pen.box((0, top_px, canvas.size_px[0], bottom_px), SEA)
    rows = 5
    for row in range(rows):
        y = top_px + (row + 0.6) * (bottom_px - top_px) / rows
        for x in range(60 + (row * 137) % 200, canvas.size_px[0], 330):
            pen.curve(
                [(x, y), (x + 22, y - 7), (x + 44, y), (x + 66, y - 7), (x + 88, y)],
                4,
                (132, 202, 220),
            )


def shore(canvas: Canvas, top_px: float) -> None:
    """Sand with a line of foam along the water."""
    pen, (width, height) = canvas.pen(), canvas.size_px
    edge: list[Point] = [
        (x, top_px + (26 if (x // 200) % 2 else -12)) for x in range(-100, width + 300, 200)
    ]
    hill(pen, [(x, y - 22) for x, y in edge], height + 300, (168, 216, 224))
    hill(pen, [(x, y - 10) for x, y in edge], height + 300, WHITE)
    hill(pen, edge, height + 300, SAND)
    for index in range(26):
        spot = (
            (index * 389 + 90) % width,
            top_px + 70 + (index * 127) % max(height - top_px - 90, 1),
        )
        pen.disc(spot, 3, (224, 196, 138))


def parasol(pen: Pen, foot: Point, height: float) -> None:
    """A striped sunshade."""
    x, y = foot
    pen.line([(x, y), (x + height * 0.08, y - height)], height * 0.024, (146, 116, 92))
    top, reach = (x + height * 0.08, y - height), height * 0.52
    ribs = [
        (top[0] - reach + step * reach * 2 / 6, y - height * (0.66 - 0.0 * step))
        for step in range(7)
    ]
    for index in range(6):
        pen.polygon([top, ribs[index], ribs[index + 1]], WHITE if index % 2 else (112, 196, 200))
    for index in range(6):
        center = ((ribs[index][0] + ribs[index + 1][0]) / 2, ribs[index][1])
        pen.disc(center, reach / 6, WHITE if index % 2 else (112, 196, 200))
    pen.disc(top, height * 0.022, (146, 116, 92))


def room(canvas: Canvas, table_px: float) -> None:
    """A kitchen wall with a window and a shelf, above a table."""
    pen, (width, height) = canvas.pen(), canvas.size_px
    pen.box((0, 0, width, height), WALL)
    for x in range(0, width, 100):
        for y in range(2):
            pen.box(
                (x + 3, table_px - 190 + y * 95, x + 97, table_px - 98 + y * 95), (255, 244, 226), 6
            )
    _window(pen, (150, 110, 560, 500))
    _shelf(pen, (1010, 330, 1500))
    pen.box((0, table_px, width, height), TABLE)
    pen.box((0, table_px, width, table_px + 16), (230, 190, 146))
    for y in range(int(table_px) + 80, height, 90):
        pen.line([(0, y), (width, y + 6)], 4, (202, 156, 108))


def _window(pen: Pen, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    pen.box((left - 18, top - 18, right + 18, bottom + 18), WHITE, 8)
    pen.box(box, (168, 220, 240))
    cloud(pen, ((left + right) / 2 - 60, top + 110), 170)
    pen.blob(
        [
            (left, bottom - 90),
            ((left + right) / 2, bottom - 150),
            (right, bottom - 80),
            (right, bottom),
            (left, bottom),
        ],
        (184, 214, 150),
    )
    pen.box(((left + right) / 2 - 7, top, (left + right) / 2 + 7, bottom), WHITE)
    pen.box((left, (top + bottom) / 2 - 7, right, (top + bottom) / 2 + 7), WHITE)
    for side, x in ((-1, left - 30), (1, right + 30)):
        pen.polygon(
            [
                (x, top - 30),
                (x - side * 110, top - 30),
                (x - side * 24, bottom + 10),
                (x, bottom + 10),
            ],
            (240, 182, 160),
        )
    pen.box((left - 70, top - 44, right + 70, top - 28), TRUNK, 8)
    pen.box((left - 40, bottom + 14, right + 40, bottom + 36), (238, 226, 206), 6)


def _shelf(pen: Pen, place: tuple[float, float, float]) -> None:
    left, y, right = place
    pen.box((left, y, right, y + 18), TRUNK, 6)
    for x, height, color in (
        (left + 40, 96, (198, 218, 190)),
        (left + 130, 72, (240, 208, 150)),
        (left + 215, 110, (186, 206, 220)),
    ):
        pen.box((x, y - height, x + 66, y), color, 10)
        pen.box((x + 4, y - height - 16, x + 62, y - height + 4), (150, 118, 96), 6)
        pen.box((x + 12, y - height * 0.62, x + 54, y - height * 0.3), WHITE, 4)


def pendant_lamp(pen: Pen, center_x: float, drop: float) -> None:
    """A lamp that hangs from the ceiling."""
    pen.line([(center_x, 0), (center_x, drop)], 5, (110, 104, 110))
    pen.polygon(
        [
            (center_x - 40, drop),
            (center_x + 40, drop),
            (center_x + 110, drop + 90),
            (center_x - 110, drop + 90),
        ],
        (96, 150, 150),
    )
    pen.oval((center_x - 46, drop + 74, center_x + 46, drop + 116), (255, 244, 196))


def bunting(pen: Pen, start: Point, end: Point) -> None:
    """A string of small flags between two points."""
    colors: tuple[Color, ...] = ((252, 236, 200), (176, 214, 226), (240, 186, 166), (196, 222, 170))
    sag, count = 46, 14
    spots = [
        (
            start[0] + (end[0] - start[0]) * i / count,
            start[1] + (end[1] - start[1]) * i / count + sag * 4 * (i / count) * (1 - i / count),
        )
        for i in range(count + 1)
    ]
    pen.curve(spots, 4, (110, 104, 110))
    for index, (x, y) in enumerate(spots[1:-1]):
        pen.polygon([(x - 22, y), (x + 22, y), (x, y + 46)], colors[index % 4])
