"""Bytes to the working copy, as a ratio to Pillow's plain full decode of the same bytes.

Measured as a worker of the picture pool runs: with its way of returning memory, its threads for
codecs. The picture is a drawn scene of 12 megapixels with the grain of a camera's sensor.
"""

import functools
import gc
import io
import statistics
import time

import numpy as np
import pillow_heif
from PIL import Image

from bot.adapters.memory import return_freed_memory
from bot.pictures import limit_decoder_threads, open_picture
from bot.sandbox import scenes
from tests.figures import at_most, known

KINDS = {
    "JPEG": {"quality": 90},
    "HEIF": {"quality": 80},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 85, "method": 2},
}
GOALS = {("JPEG", "RGB"): 0.6, ("JPEG", "RGB and its JPEG"): 0.75}
_SIZE_PX = (4000, 3000)
_GRAIN = 6


@functools.cache
def photograph(size_px):
    """A scene with grain: what a camera gives has no flat areas."""
    image = scenes.draw_crowd().image.resize(size_px)
    grain = np.random.default_rng(1).integers(-_GRAIN, _GRAIN + 1, (*size_px[::-1], 3))
    return Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))


def ratios(data, repetitions):
    """Median times of both ways, relative to that of a plain decode, taken in turns."""
    ways = {
        "plain": lambda: Image.open(io.BytesIO(data)).load(),
        "RGB": lambda: open_picture(data),
        "RGB and its JPEG": lambda: open_picture(data).to_jpeg(),
    }
    times_s = {name: [] for name in ways}
    for _ in range(repetitions):
        for name, way in ways.items():
            gc.collect()
            begun_s = time.perf_counter()
            way()
            times_s[name].append(time.perf_counter() - begun_s)
    plain_s = statistics.median(times_s.pop("plain"))
    return {name: statistics.median(each) / plain_s for name, each in times_s.items()}


def measure(*, long, size_px=_SIZE_PX):
    """Two ratios for each kind of file."""
    pillow_heif.register_heif_opener()
    limit_decoder_threads()
    return_freed_memory()
    for kind, options in KINDS.items():
        target = io.BytesIO()
        photograph(size_px).save(target, kind, **options)
        repetitions = (31 if kind == "JPEG" else 7) * (4 if long else 1)
        for way, ratio in ratios(target.getvalue(), repetitions).items():
            name, unit = f"12 MP {kind} to {way}", "x plain decode"
            goal = GOALS.get((kind, way))
            yield at_most(name, ratio, unit, goal) if goal else known(name, ratio, unit)
