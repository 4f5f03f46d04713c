"""Pictures whose bytes were changed at random, and bombs: what they do to the pool of workers.

Memory is the proportional set size of this program and its workers, looked at all the time.
"""

import contextlib
import functools
import random
import time
from collections import Counter

from bot import errors
from bot.adapters.memory import return_freed_memory
from bot.adapters.picture_pool import PicturePool
from tests import picture_files as files
from tests.figures import at_most, exactly, known
from tests.memory import Watched

MEBIBYTE = 1024 * 1024
MEMORY_BYTES = 700 * MEBIBYTE
_MOST_CHANGES = 12


@functools.cache
def originals():
    """What is changed at random: every good file, gray ones, and a cut one."""
    made = [make() for group in (files.GOOD, files.GRAY, files.CLEARED) for make in group.values()]
    return [*made, files.cut("webp", 0.7)]


def mutated(number):
    """The same damaged picture for the same number: changed, cut, repeated or moved bytes."""
    chance = random.Random(number)  # noqa: S311 - repeatable
    data = bytearray(chance.choice(originals()))
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        at = chance.randrange(len(data))
        # Headers are where decoders believe what they read.
        at = min(at, chance.choice((16, 64, 512, len(data) - 1)))
        data[at] = chance.choice((0, 255, 127, chance.randrange(256)))
    way = chance.randrange(6)
    if way == 0:
        del data[chance.randrange(len(data)) :]
    elif way == 1:
        at = chance.randrange(len(data))
        data[at:at] = data[at : at + chance.randrange(1, 999)]
    return bytes(data)


def measure(*, long, count=2000):
    """The figures of one run; `count` mutated pictures, ten times as many in a long one."""
    pool = PicturePool(workers=2, memory_bytes=MEMORY_BYTES, max_frames=1000, time_limit_s=30.0)
    return_freed_memory()
    with contextlib.closing(pool), Watched() as watched:
        pool.warm_up()
        yield from _mutated(pool, watched, count * (10 if long else 1))
        yield from _bombs(pool, watched)


def _mutated(pool, watched, count):
    outcomes, slowest_s, processes = Counter(), 0.0, watched.processes
    originals()
    idle_bytes = watched.begin()
    for number in range(count):
        data = mutated(number)
        begun_s = time.monotonic()
        outcomes[_outcome(pool, data)] += 1
        slowest_s = max(slowest_s, time.monotonic() - begun_s)
    yield known("mutated pictures that still open", outcomes["labelled"], "pictures")
    yield known("mutated pictures that are refused", outcomes["refused"], "pictures")
    lost = outcomes.total() - outcomes["labelled"] - outcomes["refused"]
    yield exactly("mutated pictures without an answer", lost, "pictures", 0)
    yield at_most("slowest answer", slowest_s, "s", 10)
    yield at_most("memory beyond the idle pool", _mib(watched.peak_bytes - idle_bytes), "MiB", 700)
    yield exactly("workers lost for good", processes - watched.processes, "workers", 0)


def _outcome(pool, data):
    try:
        pool.prepare(data)
    except errors.PictureError:
        return "refused"
    except Exception as exc:  # noqa: BLE001 - whatever else comes is what is looked for
        return type(exc).__name__
    return "labelled"


def _bombs(pool, watched):
    idle_bytes, outcomes = watched.begin(), Counter()
    for _ in range(5):
        outcomes.update(_outcome(pool, make()) for make in files.BOMBS.values())
    yield exactly("bombs that are refused", outcomes["refused"], "bombs", 5 * len(files.BOMBS))
    yield at_most("memory that bombs take", _mib(watched.peak_bytes - idle_bytes), "MiB", 32)


def _mib(size_bytes):
    return size_bytes / MEBIBYTE
