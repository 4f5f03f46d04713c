"""A third of the workers is killed every minute, for good; others come in their place.

What a dead worker had under way is taken over within a minute, its pace and its count kept.
"""

import time

from tests.busy_fleet import busy_fleet, post_steadily
from tests.figures import at_most, known

_WORKERS = 3
_TAKEN_OVER_WITHIN_S = 60
_CALLS_AT_ONCE = 16
"""So many calls a kill may lose: at this pace a worker has two or three under way."""


def measure(*, long, kills=2, per_second=4, every_s=60):
    """The figures of one run; a long one has ten kills, at eight pictures a second."""
    if long:
        kills, per_second = 10, 8
    with busy_fleet(workers=_WORKERS) as (stage, tally):
        count, killed_at_s, begun_s = kills * every_s * per_second, [], time.monotonic()
        for _ in post_steadily(tally, count=count, per_second=per_second):
            if time.monotonic() - begun_s > (len(killed_at_s) + 0.5) * every_s:
                stage.bot.lose_worker()
                killed_at_s.append(time.monotonic())
                stage.bot.add_worker(stage.process("worker"))
        tally.wait(within_s=60 + count)
        yield known("workers killed", len(killed_at_s), "workers")
        found = tally.count()
        yield from found.figures()
        most = count + len(killed_at_s) * _CALLS_AT_ONCE
        yield at_most("calls to Rekognition", found.questions, f"for {count}", most)
        waited_s = _waited_s(stage, killed_at_s)
        yield at_most("longest from kill to answer", waited_s, "s", _TAKEN_OVER_WITHIN_S)


def _waited_s(stage, killed_at_s):
    """How long after a kill the last message was answered that had been posted before it."""
    posts = {one.facts["ts"]: one.at_s for one in stage.ledger.entries("person", "post")}
    answers = {
        one.facts.get("thread_ts"): one.at_s
        for one in reversed(stage.ledger.entries("slack", "chat.postMessage"))
    }
    return max(
        answers[ts] - killed_s
        for killed_s in killed_at_s
        for ts, at_s in posts.items()
        if at_s < killed_s < answers.get(ts, 0.0)
    )
