"""What a picture costs when many are stored, and with one, two and four workers on PostgreSQL.

The stand-ins answer at once here, so that what grows with the store is not hidden behind waiting.
"""

import statistics
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.sandbox.slack.terms import Terms
from tests.busy_fleet import PLACES, busy_fleet, new_pictures
from tests.figures import at_most, exactly, known
from tests.stage import running_stage
from tests.stored_pictures import multiply

MOST_OF_EMPTY = 1.2
_BASE = 10
"""So many real pictures are copied."""
_SIZES = (10_000, 100_000)
_WORKERS = (1, 2, 4)


def measure(*, long, sizes=_SIZES, repetitions=15, burst=48, fleets=_WORKERS):
    """The figures of one run; a long one has four times as many posts."""
    times = 4 if long else 1
    yield from _stored(sizes, repetitions * times)
    yield from _with_workers(fleets, burst * times)


def _stored(sizes, repetitions):
    with ExitStack() as closing:
        stages = {size: closing.enter_context(_filled(size)) for size in (0, *sizes)}
        pictures = new_pictures()
        took_s = {size: [] for size in stages}
        for _ in range(repetitions + 1):
            for size, stage in stages.items():
                begun_s = time.monotonic()
                stage.post_and_wait(("park.jpg", next(pictures)))
                took_s[size].append(time.monotonic() - begun_s)
    medians_s = {size: statistics.median(times[1:]) for size, times in took_s.items()}
    yield known("post to mark, empty store", medians_s[0], "s")
    for size in sizes:
        ratio = medians_s[size] / medians_s[0]
        yield at_most(f"with {size:,} pictures stored", ratio, "x empty", MOST_OF_EMPTY)


@contextmanager
def _filled(size):
    """A running stage with about so many pictures stored."""
    terms = Terms(tiers=False, processing_s=0.0)
    with (
        tempfile.TemporaryDirectory(prefix="spotter-bench-") as folder,
        running_stage(Path(folder), "socket", terms) as stage,
    ):
        if size:
            pictures = new_pictures()
            for _ in range(_BASE):
                stage.post_and_wait(("park.jpg", next(pictures)))
            stage.bot.stop()
            multiply(Path(folder) / "data" / "spotter.db", size // _BASE)
            stage.start()
        yield stage


def _with_workers(fleets, count):
    for workers in fleets:
        with busy_fleet(workers=workers) as (_, tally):
            begun_s = time.monotonic()
            for number, data in zip(range(count), new_pictures(), strict=False):
                tally.post(("park.jpg", data), channel=PLACES[number % len(PLACES)])
            tally.wait_until_left(0, within_s=300)
            rate = count / (time.monotonic() - begun_s)
            yield known(f"PostgreSQL, {workers} workers", rate, "pictures a second")
            yield exactly(
                f"PostgreSQL, {workers} workers: lost", tally.count().lost, f"of {count}", 0
            )
