"""The sample scenes that a newcomer posts first: drawn on demand, always the same, never stored.

Each knows the truth about itself: which objects it contains, and where.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox import backdrops
from bot.sandbox.kinds import FACADE, GRASS, Color
from bot.sandbox.stage import Scene, Stage, jpeg_bytes

_WIDE = (1600, 1067)
_TALL = (1067, 1600)
_PANORAMA = (2400, 840)


def draw_park() -> Scene:
    """A walk in the park: a person, a dog, its ball, a bird."""
    stage = Stage(_WIDE)
    pen = stage.pen
    stage.canvas.gradient(0, 720, backdrops.DAY)
    backdrops.sun(pen, (1330, 180), 78)
    backdrops.cloud(pen, (330, 190), 300)
    backdrops.cloud(pen, (960, 120), 210)
    backdrops.hill(
        pen, [(-60, 560), (300, 470), (760, 560), (1200, 460), (1660, 540)], 1300, (190, 220, 160)
    )
    backdrops.hill(pen, [(-60, 660), (420, 590), (900, 650), (1300, 590), (1660, 650)], 1300, GRASS)
    pen.blob(
        [
            (626, 604),
            (646, 660),
            (606, 770),
            (690, 1110),
            (40, 1110),
            (270, 850),
            (550, 740),
            (612, 660),
        ],
        (236, 228, 204),
    )
    for x, foot, height in ((130, 690, 330), (1470, 700, 390), (1290, 650, 220), (760, 640, 190)):
        backdrops.tree(pen, (x, foot), height)
    for number, (x, y) in enumerate(
        ((150, 880), (240, 960), (1420, 900), (1500, 1000), (1340, 1010))
    ):
        color = (250, 196, 190) if number % 2 else (255, 250, 240)
        backdrops.flower(pen, (x, y), color)
    stage.put("Bird", 700, 350, 140, shadow=False)
    stage.put("Person", 470, 965, 520, color=0, number=5)
    stage.put("Dog", 900, 985, 330)
    stage.put("Tennis Ball", 1235, 990, 92)
    return stage.finished()


def draw_street() -> Scene:
    """A street with cars, a bus, bicycles and people."""
    stage = Stage(_WIDE)
    stage.canvas.gradient(0, 640, backdrops.MORNING)
    backdrops.cloud(stage.pen, (1180, 90), 240)
    _town(stage, 630, 0)
    backdrops.street(stage.canvas, 630, 740)
    for x in (70, 1560):
        backdrops.tree(stage.pen, (x, 690), 330)
    for x in (520, 1010):
        backdrops.lamp_post(stage.pen, (x, 690), 330)
    stage.put("Bicycle", 700, 716, 190)
    for x, color, number, foot in (
        (240, 1, 0, 712),
        (400, 2, 3, 704),
        (930, 0, 5, 712),
        (1450, 3, 6, 712),
    ):
        stage.put("Person", x, foot, 280, color=color, number=number)
    stage.put("Bus", 1190, 850, 232, mirrored=True)
    stage.put("Car", 330, 880, 200, color=1, mirrored=True)
    stage.put("Car", 640, 1030, 235)
    stage.put("Bicycle", 1180, 1040, 235)
    return stage.finished()


def _town(stage: Stage, base_px: float, start_px: float) -> None:
    facades: tuple[Color, ...] = (
        FACADE,
        (238, 214, 170),
        FACADE,
        (196, 208, 204),
    )
    roofs: tuple[Color, ...] = ((158, 104, 92), (130, 112, 118))
    left, index = start_px, 0
    while left < stage.canvas.size_px[0]:
        width, height = 260 + (index * 97) % 130, 330 + (index * 151) % 170
        box = (left, base_px - height, left + width, base_px)
        backdrops.house(
            stage.pen, box, facades[index % 4], floors=3 + height // 430, roof=roofs[index % 2]
        )
        left, index = left + width + 8, index + 1


def draw_beach() -> Scene:
    """Boats and birds before a beach."""
    stage = Stage(_WIDE)
    stage.canvas.gradient(0, 480, backdrops.DAY)
    backdrops.sun(stage.pen, (260, 190), 90)
    backdrops.cloud(stage.pen, (1290, 130), 280)
    backdrops.sea(stage.canvas, 450, 780)
    backdrops.shore(stage.canvas, 760)
    for x, foot, height, mirrored in (
        (500, 275, 130, False),
        (800, 225, 150, False),
        (1020, 345, 112, True),
        (1110, 165, 104, False),
    ):
        stage.put("Bird", x, foot, height, mirrored=mirrored, shadow=False)
    stage.put("Boat", 1330, 560, 270, color=1, shadow=False)
    stage.put("Boat", 640, 630, 300, shadow=False)
    stage.put("Boat", 1010, 540, 170, color=1, mirrored=True, shadow=False)
    backdrops.parasol(stage.pen, (1240, 960), 330)
    stage.pen.polygon([(1080, 990), (1420, 975), (1500, 1030), (1120, 1050)], (250, 246, 236))
    stage.pen.polygon([(1170, 986), (1230, 984), (1280, 1041), (1215, 1044)], (176, 214, 226))
    stage.put("Person", 300, 990, 400, color=2, number=1)
    stage.put("Tennis Ball", 520, 1010, 84)
    return stage.finished()


def draw_kitchen() -> Scene:
    """A kitchen table with cups, a plant, and a cat."""
    stage = Stage(_WIDE)
    backdrops.room(stage.canvas, 700)
    backdrops.pendant_lamp(stage.pen, 800, 110)
    stage.put("Plant", 1420, 330, 190, shadow=False)
    stage.put("Plant", 280, 516, 170, shadow=False)
    stage.put("Cat", 800, 900, 480)
    stage.put("Cup", 330, 950, 210, color=1)
    stage.put("Cup", 1190, 860, 170)
    stage.put("Cup", 1390, 1000, 220, color=1, mirrored=True)
    return stage.finished()


def draw_crowd() -> Scene:
    """A street party: many people, balloons, a dog, a bicycle."""
    stage = Stage(_WIDE)
    stage.canvas.gradient(0, 560, backdrops.DAY)
    _town(stage, 560, -90)
    backdrops.street(stage.canvas, 560, 700)
    backdrops.bunting(stage.pen, (-20, 130), (820, 110))
    backdrops.bunting(stage.pen, (780, 110), (1640, 130))
    for x, foot, color in (
        (250, 420, 0),
        (420, 350, 1),
        (1010, 390, 2),
        (1180, 330, 0),
        (1370, 420, 1),
    ):
        stage.put("Balloon", x, foot, 150, color=color, shadow=False)
    for index, x in enumerate((110, 280, 440, 1000, 1200, 1400)):
        stage.put("Person", x, 730 + 12 * (index % 2), 330, color=index % 4, number=index)
    stage.put("Car", 700, 760, 165, color=1)
    for index, (x, color) in enumerate(((220, 2), (450, 0), (970, 3), (1330, 1), (1510, 0))):
        stage.put("Person", x, 1030 - 8 * (index % 2), 420, color=color, number=index + 6)
    stage.put("Dog", 660, 1035, 190, mirrored=True)
    stage.put("Bicycle", 1140, 1045, 195)
    stage.put("Bird", 740, 250, 92, shadow=False)
    return stage.finished()


def draw_abstract() -> Scene:
    """Shapes that are nothing in particular."""
    stage = Stage(_WIDE, (240, 236, 228))
    pen = stage.pen
    pen.disc((520, 520), 360, (206, 216, 222))
    pen.disc((520, 520), 250, (150, 172, 186))
    pen.ring((1080, 420), 260, 54, (222, 180, 170))
    pen.polygon([(900, 1067), (1320, 480), (1640, 1067)], (110, 122, 140))
    pen.polygon([(0, 1067), (0, 780), (700, 1067)], (236, 206, 150))
    for index in range(6):
        pen.line([(980 + index * 90, 60), (1180 + index * 90, 330)], 12, (180, 164, 176))
    pen.disc((1200, 700), 70, (250, 248, 240))
    return stage.finished()


def draw_balloons() -> Scene:
    """An evening with balloons, upright."""
    stage = Stage(_TALL)
    stage.canvas.gradient(0, 1300, backdrops.EVENING)
    stage.pen.disc((820, 250), 104, (255, 246, 216))
    stage.pen.disc((790, 225), 20, (244, 232, 196))
    stage.pen.disc((860, 290), 14, (244, 232, 196))
    for index in range(34):
        stage.pen.disc(
            ((index * 331 + 40) % 1067, (index * 197 + 30) % 620), 3 + index % 2, (255, 250, 226)
        )
    backdrops.hill(
        stage.pen, [(-60, 1130), (300, 1050), (700, 1140), (1130, 1040)], 1900, (150, 150, 160)
    )
    backdrops.hill(stage.pen, [(-60, 1290), (400, 1210), (800, 1270), (1130, 1220)], 1900, GRASS)
    backdrops.tree(stage.pen, (930, 1300), 420)
    for x, foot, height, color in (
        (330, 560, 240, 0),
        (560, 420, 200, 1),
        (190, 860, 220, 2),
        (640, 780, 250, 0),
        (430, 960, 190, 1),
    ):
        stage.put("Balloon", x, foot, height, color=color, shadow=False)
    stage.put("Person", 420, 1500, 430, color=1, number=1)
    stage.put("Person", 640, 1490, 320, color=2, number=2)
    stage.put("Dog", 190, 1510, 190)
    return stage.finished()


def draw_harbour() -> Scene:
    """A long quay with boats and birds."""
    stage = Stage(_PANORAMA)
    stage.canvas.gradient(0, 420, backdrops.MORNING)
    backdrops.sun(stage.pen, (1960, 130), 64)
    backdrops.cloud(stage.pen, (420, 110), 250)
    backdrops.hill(
        stage.pen,
        [(-60, 330), (500, 250), (1100, 330), (1800, 240), (2460, 320)],
        1100,
        (190, 214, 176),
    )
    backdrops.sea(stage.canvas, 340, 680)
    for x, foot, height, color in (
        (250, 480, 230, 0),
        (850, 560, 290, 1),
        (1640, 590, 310, 1),
        (2170, 490, 230, 0),
    ):
        stage.put("Boat", x, foot, height, color=color, mirrored=x == 2170, shadow=False)
    for x, foot, height in ((540, 260, 130), (1240, 240, 150), (1930, 330, 120)):
        stage.put("Bird", x, foot, height, mirrored=x == 1240, shadow=False)
    stage.pen.box((0, 668, 2400, 840), backdrops.PAVING)
    stage.pen.box((0, 664, 2400, 684), (184, 172, 162))
    for x in range(120, 2400, 300):
        stage.pen.box((x, 640, x + 34, 684), (96, 88, 96), 8)
    stage.put("Person", 470, 818, 340, color=0, number=4)
    stage.put("Person", 1400, 815, 330, color=3, number=1)
    stage.put("Bicycle", 1100, 818, 230)
    stage.put("Cat", 2010, 818, 210)
    return stage.finished()


SCENES: dict[str, Callable[[], Scene]] = {
    "park": draw_park,
    "street": draw_street,
    "beach": draw_beach,
    "kitchen": draw_kitchen,
    "crowd": draw_crowd,
    "balloons": draw_balloons,
    "harbour": draw_harbour,
    "abstract": draw_abstract,
}
"""Every sample scene by its name, in the order in which they are offered."""


def scene_jpeg(name: str) -> bytes:
    """A sample scene as the bytes of a JPEG file, fit to be posted."""
    return jpeg_bytes(SCENES[name]().image)
