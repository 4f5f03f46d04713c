"""Bytes of a JPEG to the bytes of one with boxes and names, against other ways to draw them.

Spotter runs in a worker of its picture pool, under its limits; the others run in a plain process.
All take turns on the same bytes. In one step, Spotter opens, draws and encodes; in two steps it
also makes the JPEG for Rekognition on the way and opens that, as for a picture just posted.

What bounds two steps at 12 megapixels: of 55 ms of processor time, 25 go into the posted bytes, 8
into each of the two JPEGs, 9 into opening the first one again, and 4 into drawing. To hand the
pixels over in shared memory instead would save 5, and hold 9 MB for each picture that waits.
"""

import importlib.util
import io
import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType

from bot.adapters.picture_worker import annotate_picture, prepare_picture
from bot.drawing_style import Style
from bot.model import Analysis, Instance, Label, RatioBox
from bot.picture_frames import DEFAULT_MAX_FRAMES
from bot.picture_limits import DEFAULT_MEMORY_BYTES
from tests import other_drawings
from tests.bench.pictures import photograph, picture_worker
from tests.figures import at_least, at_most, known
from tests.turns import duration_s, medians_s

SIZES_PX = MappingProxyType({1: (1200, 900), 3: (2000, 1500), 12: (4000, 3000), 50: (8160, 6120)})
COMPARED_MP, GROWING_MP = (3, 12), (1, 12, 50)
GOALS_MP, MOST_OF_PILLOW = 12, 0.55
OTHERS = {
    "matplotlib": (other_drawings.draw_in_figure, 20),
    "supervision": (other_drawings.draw_with_supervision, 2),
}
_NAMES = ("Person", "Dog", "Car", "Bicycle", "Mobile Phone", "Chair")


def grid(count):
    """So many names with boxes beside and below each other, six names in turn."""
    columns = math.ceil(math.sqrt(count))
    step = 1 / columns
    places = [((at % columns + 0.1) * step, (at // columns + 0.2) * step) for at in range(count)]
    return [
        (_NAMES[at % len(_NAMES)], RatioBox(left, top, step / 2, step / 2))
        for at, (left, top) in enumerate(places)
    ]


def seen(things):
    """The same as Rekognition would say it."""
    found = {name: [] for name, _ in things}
    for name, box in things:
        found[name].append(Instance(box, 95.0))
    return Analysis(tuple(Label(name, 95.0, tuple(boxes)) for name, boxes in found.items()))


def jpeg(size_px):
    """A picture with a camera's grain, stored as a camera does."""
    target = io.BytesIO()
    photograph(size_px).save(target, "JPEG", quality=other_drawings.QUALITY)
    return target.getvalue()


def in_two_steps(data, analysis, style):
    """What becomes of a picture just posted, but for the wait for Rekognition."""
    prepared = prepare_picture(data, DEFAULT_MEMORY_BYTES, DEFAULT_MAX_FRAMES)
    return annotate_picture(prepared.jpeg, analysis, style)


@contextmanager
def processes():
    """Two that take a function and its arguments: Spotter's worker, and a plain one."""
    spawn = multiprocessing.get_context("spawn")
    with picture_worker() as worker, ProcessPoolExecutor(max_workers=1, mp_context=spawn) as plain:
        yield worker, lambda *call: plain.submit(*call).result()


def compared(megapixels, data, repetitions, *, worker, plain):
    """Spotter's drawing of six boxes against those other ways whose libraries are there."""
    things = grid(6)
    ours = {"in one step": annotate_picture, "in two steps": in_two_steps}
    others = {name: other for name, other in OTHERS.items() if importlib.util.find_spec(name)}
    theirs = {"Pillow": other_drawings.encode_again}
    theirs |= {name: way for name, (way, _) in others.items()}
    calls = {name: partial(plain, duration_s, way, data, things) for name, way in theirs.items()}
    for name, way in ours.items():
        calls[name] = partial(worker, duration_s, way, data, seen(things), Style())
    times_s = medians_s(calls, repetitions)
    for way in ours:
        name, has_goal = f"{megapixels} MP {way}", (megapixels, way) == (GOALS_MP, "in one step")
        value, unit = times_s[way] / times_s["Pillow"], "x plain Pillow"
        yield at_most(name, value, unit, MOST_OF_PILLOW) if has_goal else known(name, value, unit)
        for other, (_, least) in others.items():
            value, unit = times_s[other] / times_s[way], f"x as fast as {other}"
            yield at_least(name, value, unit, least) if has_goal else known(name, value, unit)


def grown(pictures, repetitions, *, worker):
    """What more boxes and more pixels cost Spotter in one step; `pictures` by megapixels."""
    middle, all_drawn = pictures[12], Style(max_boxes=100)
    boxes = {
        "12 MP with 1 box": (middle, seen(grid(1)), all_drawn),
        "12 MP with 10 boxes": (middle, seen(grid(10)), all_drawn),
        "12 MP with 100 boxes": (middle, seen(grid(100)), all_drawn),
        "12 MP with 100 boxes, 15 of them drawn": (middle, seen(grid(100)), Style()),
    }
    pixels = {
        f"{megapixels} MP with 6 boxes": (data, seen(grid(6)), Style())
        for megapixels, data in pictures.items()
    }
    calls = {
        name: partial(worker, duration_s, annotate_picture, *arguments)
        for name, arguments in (boxes | pixels).items()
    }
    times_s = medians_s(calls, repetitions)
    for names, unit in ((list(boxes), "x 1 box"), (list(pixels), "x 1 MP")):
        for name in names[1:]:
            yield known(name, times_s[name] / times_s[names[0]], unit)


def measure(*, long, sizes_px=SIZES_PX):
    """The comparison at 3 and 12 megapixels, then the growth."""
    repetitions = 45 if long else 15
    with processes() as (worker, plain):
        for megapixels in COMPARED_MP:
            data = jpeg(sizes_px[megapixels])
            yield from compared(megapixels, data, repetitions, worker=worker, plain=plain)
        pictures = {megapixels: jpeg(sizes_px[megapixels]) for megapixels in GROWING_MP}
        yield from grown(pictures, repetitions, worker=worker)
