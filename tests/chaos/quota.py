"""Rekognition's quota over four processes: five calls a second, those that are repeated included.

Within any t seconds at most 5·t + 5 calls may reach it.
"""

from bot.sandbox.faults import Fault
from tests.busy_fleet import busy_fleet, post_steadily
from tests.figures import at_most, known

PER_SECOND = 5
_THROTTLED = Fault("error", error="ProvisionedThroughputExceededException", status=400)


def measure(*, long, count=100):
    """The figures of one run; `count` pictures at once, three times as many in a long one."""
    count *= 3 if long else 1
    with busy_fleet(workers=4, REKOGNITION_PER_SECOND=str(PER_SECOND)) as (stage, tally):
        stage.faults.order("rekognition", "DetectLabels", _THROTTLED, times=count // 4, after=5)
        for _ in post_steadily(tally, count=count, per_second=50):
            pass
        tally.wait(within_s=count)
        arrivals = [
            entry.at_s - entry.facts["took_s"]
            for entry in stage.ledger.entries("rekognition", "DetectLabels")
        ]
        yield from tally.count().figures()
    yield known("calls that reached Rekognition", len(arrivals), f"for {count}")
    yield at_most("calls beyond 5 a second, at worst", _burst(sorted(arrivals)), "calls", 5)


def _burst(arrivals):
    """By how many the calls within any time were more than the quota of that time.

    >>> _burst([0.0, 0.0, 1.0])
    2.0
    """
    most = level = 0.0
    for earlier, later in zip([arrivals[0], *arrivals], arrivals, strict=False):
        level = max(0.0, level - PER_SECOND * (later - earlier)) + 1
        most = max(most, level)
    return most
