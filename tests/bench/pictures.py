"""Bytes to the working copy, as a ratio to Pillow's plain full decode of the same bytes.

Measured in a worker of the picture pool: with its way of keeping memory, its threads for codecs.
The picture is a drawn scene of 12 megapixels with the grain of a camera's sensor.
"""

import io
from contextlib import contextmanager
from functools import cache, partial

import numpy as np
import pillow_heif
from PIL import Image

from bot.adapters.picture_pool import PicturePool
from bot.picture_frames import DEFAULT_MAX_FRAMES
from bot.picture_limits import DEFAULT_MEMORY_BYTES
from bot.pictures import open_picture
from bot.sandbox import scenes
from tests.figures import at_most, known
from tests.turns import duration_s, medians_s

KINDS = {
    "JPEG": {"quality": 90},
    "HEIF": {"quality": 80},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 85, "method": 2},
}
GOALS = {("JPEG", "RGB"): 0.6, ("JPEG", "RGB and its JPEG"): 0.75}
_SIZE_PX = (4000, 3000)
_GRAIN = 6


@cache
def photograph(size_px):
    """A scene with grain: what a camera gives has no flat areas."""
    image = scenes.draw_crowd().image.resize(size_px)
    shape = (*size_px[::-1], 3)
    grain = np.random.default_rng(1).integers(-_GRAIN, _GRAIN + 1, shape, dtype=np.int8)
    return Image.fromarray(np.add(image, grain, dtype=np.int16).clip(0, 255).astype(np.uint8))


def ratios(data, repetitions):
    """Median times of both ways, relative to that of a plain decode, taken in turns."""
    pillow_heif.register_heif_opener()
    ways = {
        "plain": lambda: Image.open(io.BytesIO(data)).load(),
        "RGB": lambda: open_picture(data),
        "RGB and its JPEG": lambda: open_picture(data).to_jpeg(),
    }
    times_s = medians_s({name: partial(duration_s, way) for name, way in ways.items()}, repetitions)
    plain_s = times_s.pop("plain")
    return {name: time_s / plain_s for name, time_s in times_s.items()}


@contextmanager
def picture_worker():
    """What runs functions in a worker of the picture pool, as Spotter has them by default."""
    limits = {"memory_bytes": DEFAULT_MEMORY_BYTES, "max_frames": DEFAULT_MAX_FRAMES}
    pool = PicturePool(workers=1, time_limit_s=600.0, **limits)
    pool.warm_up()
    try:
        yield pool.run
    finally:
        pool.close()


def measure(*, long, size_px=_SIZE_PX):
    """Two ratios for each kind of file."""
    pillow_heif.register_heif_opener()
    for kind, options in KINDS.items():
        target = io.BytesIO()
        photograph(size_px).save(target, kind, **options)
        repetitions = (31 if kind == "JPEG" else 7) * (4 if long else 1)
        with picture_worker() as worker:
            found = worker(ratios, target.getvalue(), repetitions)
        for way, ratio in found.items():
            name, unit = f"12 MP {kind} to {way}", "x plain decode"
            goal = GOALS.get((kind, way))
            yield at_most(name, ratio, unit, goal) if goal else known(name, ratio, unit)
