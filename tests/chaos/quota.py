"""What four processes may do together: five calls of Rekognition, one post in a channel a second.

Calls that are repeated count too. Within any t seconds at most 5·t + 5 may reach Rekognition; Slack
allows short bursts, such as of posts that were late.
"""

from collections import defaultdict

from bot.sandbox.faults import Fault
from tests.busy_fleet import PLACES, busy_fleet, post_steadily
from tests.figures import at_most, known

PER_SECOND = 5
_THROTTLED = Fault("error", error="ProvisionedThroughputExceededException", status=400)


def measure(*, long, count=100):
    """The figures of one run; `count` pictures at once, three times as many in a long one."""
    count *= 3 if long else 1
    with busy_fleet(workers=4, REKOGNITION_PER_SECOND=str(PER_SECOND)) as (stage, tally):
        stage.faults.order("rekognition", "DetectLabels", _THROTTLED, times=count // 4, after=5)
        for _ in post_steadily(tally, count=count, per_second=50, places=PLACES[:4]):
            pass
        tally.wait(within_s=60 + count)
        arrivals = _arrivals(stage.ledger.entries("rekognition", "DetectLabels"))
        posts = _posts_by_channel(stage)
        yield from tally.count().figures()
    yield known("calls that reached Rekognition", len(arrivals), f"for {count}")
    worst = _burst(arrivals, PER_SECOND)
    yield at_most("calls beyond 5 a second, at worst", worst, "calls", 5)
    worst = max(_burst(at_s, 1) for at_s in posts.values())
    yield at_most("posts beyond 1 a second in a channel", worst, "posts", 2)


def _arrivals(entries):
    """When these calls came in, in their order."""
    return sorted(entry.at_s - entry.facts["took_s"] for entry in entries)


def _posts_by_channel(stage):
    """When the bot's posts in each channel came in."""
    entries = defaultdict(list)
    for entry in stage.ledger.entries("slack", "chat.postMessage"):
        entries[entry.facts["channel"]].append(entry)
    return {channel: _arrivals(those) for channel, those in entries.items()}


def _burst(at_s, per_second):
    """By how many these, within any time, were more than the quota of that time.

    >>> _burst([0.0, 0.0, 1.0], 5)
    2.0
    """
    most = level = 0.0
    for earlier, later in zip([at_s[0], *at_s], at_s, strict=False):
        level = max(0.0, level - per_second * (later - earlier)) + 1
        most = max(most, level)
    return most
