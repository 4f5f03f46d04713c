"""Slack's answers to the bot's writes go wrong, also after Slack has done what it was asked.

Each kind of trouble is met by every write of a picture: reserving an upload, its bytes, completing
it, posting the reply, and posting the notice. Several messages are in work at once.
"""

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.faults import Fault
from bot.sandbox.slack.terms import Terms
from tests.figures import at_least
from tests.places import fresh, furnish
from tests.stage import running_stage
from tests.tally import Tally

WRITES = (
    "files.getUploadURLExternal",
    "upload",
    "files.completeUploadExternal",
    "chat.postMessage",
    "chat.postMessage",
)
"""What is written for a picture: the reply is a post, and so is the notice."""

_GARBAGE = ("soon", "", "-5", "nan", "Wed, 21 Oct 2026 07:28:00 GMT", None)
_STALL_S = 2.0
_DONE_WITHIN_S = 240.0

Make = Callable[[random.Random, bool], Fault]
"""Makes a fault; told whether Slack is to have done its work all the same, where that is open."""


def _either(kind, **more):
    return lambda _, done: Fault(kind, done=done, **more)


def _wait(longest_s):
    return lambda chance, _: Fault("rate_limited", retry_after=str(chance.randint(1, longest_s)))


def kinds(longest_wait_s):
    """Every kind of trouble; the longest wait that a 429 asks for is the real one or shorter."""
    return {
        "dropped after acceptance": lambda *_: Fault("drop_after"),
        f"429 with 1-{longest_wait_s} s": _wait(longest_wait_s),
        "429 with garbage": lambda c, _: Fault("rate_limited", retry_after=c.choice(_GARBAGE)),
        "500": _either("status", status=500),
        "503": _either("status", status=503),
        "internal_error": _either("error", error="internal_error"),
        "fatal_error": _either("error", error="fatal_error"),
        "stalled, then dropped": lambda *_: Fault("stall", seconds=_STALL_S),
        "cut JSON": lambda *_: Fault("cut"),
        "HTML": _either("html"),
    }


def measure(*, long, times=10):
    """The figures of one run; each kind `times` times, a hundred in a long one."""
    times, longest_wait_s = (100, 30) if long else (times, 3)
    with tempfile.TemporaryDirectory() as folder:
        terms = Terms(tiers=False, speed=20.0)
        with running_stage(Path(folder), "socket", terms, RETRY_FOR_S="60") as stage:
            places, tally = furnish(stage), Tally(stage)
            for name, make in kinds(longest_wait_s).items():
                chance = random.Random(name)  # noqa: S311 - repeatable
                faults = [make(chance, number % 2 == 0) for number in range(times)]
                yield at_least(name, _spoil(stage, tally, places, faults), "times", times)
            tally.wait(within_s=_DONE_WITHIN_S)
            yield from tally.count().figures()


def _spoil(stage, tally, places, faults):
    """Post until every fault has been met, and what met them is done; how many were."""
    before, most = _spoilt(stage), len(tally.posts) + 4 * len(faults)
    for number, fault in enumerate(faults, start=before):
        stage.faults.order("slack", WRITES[number % len(WRITES)], fault, after=number % 3)
    while stage.faults.pending() and len(tally.posts) < most:
        for place in places:
            tally.post(fresh(place.scene), channel=place.channel, watchers=(place.watcher,))
        tally.wait_until_left(len(places) // 2, within_s=_DONE_WITHIN_S)
    tally.wait_until_left(0, within_s=_DONE_WITHIN_S)
    stage.faults.clear()
    return _spoilt(stage) - before


def _spoilt(stage):
    """How many of the bot's calls to Slack went wrong on order."""
    return sum("fault" in entry.facts for entry in stage.ledger.entries("slack"))
