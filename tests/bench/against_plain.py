"""Beside the plain Bolt handler that people write after a guide: idle, under load, killed once.

Both run at once on stages of their own, at the pace of the real services, and take turns. Spotter
stores all it does and waits until Slack has processed its upload; the plain handler does neither.
"""

import statistics
import time
from contextlib import ExitStack

from bot.sandbox.bot_process import BotProcess
from tests.busy_fleet import PLACES, add_places
from tests.figures import at_least, at_most, exactly, known
from tests.plain_bot import PlainBot
from tests.real_pace import paced_stage, photographs
from tests.tally import Tally

_BOTS = {"Spotter": BotProcess, "plain handler": PlainBot}
_ANSWERED_WITHIN_S = 300
_AFTER_KILL_S = 60


def measure(*, long, idle=7, burst=24, megapixels=12):
    """The figures of one run; a long one has four times as many posts."""
    times = 4 if long else 1
    with ExitStack() as closing:
        stages = {
            name: closing.enter_context(paced_stage(process_class=process))
            for name, process in _BOTS.items()
        }
        for stage in stages.values():
            add_places(stage)
        pictures = photographs(megapixels)
        yield from _idle(stages, pictures, idle * times)
        yield from _loaded(stages, pictures, burst * times)
        yield from _killed(stages, pictures, burst // 2)


def _idle(stages, pictures, count):
    took_s = {name: [] for name in stages}
    for _ in range(count + 1):
        for name, stage in stages.items():
            took_s[name].append(_answer_s(stage, next(pictures)))
    medians_s = {name: statistics.median(times[1:]) for name, times in took_s.items()}
    for name, median_s in medians_s.items():
        yield known(f"idle, {name}: post to reply", median_s, "s")
    yield at_most("idle, Spotter", medians_s["Spotter"] / medians_s["plain handler"], "x plain", 1)


def _answer_s(stage, data):
    begun_s = time.monotonic()
    ts = stage.post(("photo.jpg", data))
    assert stage.slack.wait_for(lambda: stage.replies(ts), _ANSWERED_WITHIN_S)
    return time.monotonic() - begun_s


def _loaded(stages, pictures, count):
    per_minute = {}
    for name, stage in stages.items():
        tally, begun_s = Tally(stage), time.monotonic()
        _post(tally, pictures, count)
        tally.wait_until_left(0, within_s=_ANSWERED_WITHIN_S)
        answered = count - tally.count().lost
        per_minute[name] = answered * 60 / (time.monotonic() - begun_s)
        yield known(f"burst of {count}, {name}", per_minute[name], "pictures a minute")
    ratio = per_minute["Spotter"] / per_minute["plain handler"]
    yield at_least(f"burst of {count}, Spotter", ratio, "x plain", 3)


def _killed(stages, pictures, count):
    for name, stage in stages.items():
        tally = Tally(stage)
        _post(tally, pictures, count)
        tally.wait_until_left(count - 2, within_s=_ANSWERED_WITHIN_S)
        stage.bot.kill()
        stage.start()
        tally.wait_until_left(0, within_s=_AFTER_KILL_S)
        stage.settle()
        lost = tally.count().lost
        twice = sum(len(tally.answers(posted)) > 1 for posted in tally.posts)
        for what, number in (("lost", lost), ("answered twice", twice)):
            title = f"killed once, {name}: {what}"
            of = f"of {count}"
            is_ours = name == "Spotter"
            yield exactly(title, number, of, 0) if is_ours else known(title, number, of)


def _post(tally, pictures, count):
    for number in range(count):
        tally.post(("photo.jpg", next(pictures)), channel=PLACES[number % len(PLACES)])
