"""How one process bears a busy workspace: events it must acknowledge, pictures it must answer.

Slack gives a workspace's app 30,000 events an hour, which are 8.3 a second. What bounds the rates
here are two cores on which the stand-ins work too. Figures of memory need Linux.
"""

import itertools
import math
import sys
import threading
import time

from tests.busy_fleet import PLACES, add_places, new_pictures
from tests.figures import at_most, exactly, known
from tests.memory import Watched
from tests.real_pace import paced_stage, photographs
from tests.tally import Tally

MEBIBYTE = 1024 * 1024
_EVENTS_PER_SECOND = 100
_RATES = {3: 8.3, 12: 4.0}
_DRAINED_WITHIN_S = 300
_CHANNELS = 12
_LOOKS_EVERY_S = 0.5


def measure(*, long, seconds=20):
    """The figures of one run; in a long one 60 s of events and 10 minutes each of pictures.

    With Slack's limits a minute of posts is five of answers.
    """
    yield from _acknowledged(60 if long else seconds)
    for megapixels, per_second in _RATES.items():
        yield from _sustained(megapixels, per_second, 600 if long else seconds)
    yield from _limited_by_slack(60 if long else seconds)


def _acknowledged(seconds):
    """Words of people, one after the other, while pictures are worked on."""
    with paced_stage() as stage:
        add_places(stage)
        over = threading.Event()
        pictures = threading.Thread(target=_post_slowly, args=(stage, over))
        pictures.start()
        for number in _ticks(_EVENTS_PER_SECOND, seconds):
            stage.post(text="good morning", channel=PLACES[number % _CHANNELS])
        over.set()
        pictures.join()
        stage.settle(2)
        tries = stage.ledger.entries("event", "message")
    took_ms = sorted(one.facts["took_s"] * 1000 for one in tries)
    refused = sum(one.facts["status"] != 200 for one in tries)
    yield known(f"{_EVENTS_PER_SECOND} events a second: delivered", len(tries), "events")
    yield at_most("acknowledgement, p99", _percentile(took_ms, 99), "ms", 100)
    yield at_most("acknowledgement, slowest", took_ms[-1], "ms", 500)
    yield exactly("events refused", refused, "events", 0)


def _post_slowly(stage, over):
    pictures = new_pictures()
    while not over.wait(1):
        stage.post(("park.jpg", next(pictures)), channel=PLACES[_CHANNELS])


def _sustained(megapixels, per_second, seconds):
    name = f"{per_second:g} a second of {megapixels} MP"
    with paced_stage() as stage, Watched(stage.bot.pid, every_s=_LOOKS_EVERY_S) as watched:
        add_places(stage)
        tally, halves, pictures = Tally(stage), [], photographs(megapixels)
        watched.begin()
        for number in _ticks(per_second, seconds):
            tally.post(("photo.jpg", next(pictures)), channel=PLACES[number % _CHANNELS])
            if number == int(per_second * seconds / 2):
                halves.append(watched.take_peak_bytes())
        tally.wait_until_left(0, within_s=_DRAINED_WITHIN_S)
        halves.append(watched.take_peak_bytes())
        took_s = _took_s(stage)
        lost = sum(not tally.answers(posted) for posted in tally.posts)
        yield exactly(f"{name}: lost", lost, f"of {len(tally.posts)}", 0)
    yield at_most(f"{name}: post to reply, p95", _percentile(took_s, 95), "s", 3)
    if sys.platform == "linux":
        yield at_most(f"{name}: memory", max(halves) / MEBIBYTE, "MiB", 400)
        yield at_most(f"{name}: memory of the 2nd half", halves[1] / halves[0], "x 1st", 1.05)


def _limited_by_slack(seconds):
    """With Slack's limits, posts at the rate of its cap: nothing is lost while answers queue."""
    with paced_stage(tiers=True) as stage:
        add_places(stage)
        tally, begun_s, pictures = Tally(stage), time.monotonic(), new_pictures()
        for number in _ticks(_RATES[3], seconds):
            tally.post(("park.jpg", next(pictures)), channel=PLACES[number % _CHANNELS])
        tally.wait_until_left(0, within_s=_DRAINED_WITHIN_S + seconds * 20)
        took_s = time.monotonic() - begun_s
        lost = sum(not tally.answers(posted) for posted in tally.posts)
        rate = (len(tally.posts) - lost) / took_s
        yield known("with Slack's limits: answered", rate, "a second")
        yield exactly("with Slack's limits: lost", lost, f"of {len(tally.posts)}", 0)


def _ticks(per_second, seconds):
    """Numbers, one at each beat."""
    begun_s = time.monotonic()
    for number in itertools.count():
        due_s = begun_s + number / per_second
        if due_s > begun_s + seconds:
            return
        time.sleep(max(0.0, due_s - time.monotonic()))
        yield number


def _took_s(stage):
    posts = stage.ledger.entries("person", "post")
    ended_s = {
        one.facts.get("thread_ts"): one.at_s
        for one in stage.ledger.entries("slack", "chat.postMessage")
        if one.facts["ok"]
    }
    return sorted(ended_s.get(one.facts["ts"], math.inf) - one.at_s for one in posts)


def _percentile(ordered, percent):
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * percent / 100) - 1)]
