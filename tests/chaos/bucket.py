"""The bucket is slow, fails, is elsewhere, or gone in the middle of the work.

What passes by itself is waited for. What an admin must mend ends in one reason a post, and in the
labelled picture once the bucket is back and somebody presses Try again.
"""

import tempfile
from pathlib import Path

from bot.messages import TRY_AGAIN
from bot.sandbox.faults import Fault
from bot.sandbox.slack.terms import Terms
from tests.figures import at_least, exactly
from tests.places import fresh, furnish
from tests.stage import running_stage
from tests.tally import Tally

PASSING = {
    "slow": Fault("slow", seconds=1.5),
    "500": Fault("error", error="InternalError", status=500),
    "503": Fault("status", status=503),
    "SlowDown": Fault("error", error="SlowDown", status=503),
    "dropped before": Fault("drop_before"),
    "dropped after": Fault("drop_after"),
    "cut": Fault("cut"),
}
TO_BE_MENDED = {
    "in a wrong region": Fault("error", error="PermanentRedirect", status=301),
    "gone": Fault("error", error="NoSuchBucket", status=404),
    "forbidden": Fault("error", error="AccessDenied", status=403),
}
_ALWAYS = 1_000_000
_DONE_WITHIN_S = 240.0


def measure(*, long, times=4):
    """The figures of one run; each kind met `times` times, a hundred in a long one."""
    times = 100 if long else times
    with tempfile.TemporaryDirectory() as folder:
        terms = Terms(tiers=False, speed=20.0)
        with running_stage(Path(folder), "socket", terms, RETRY_FOR_S="60") as stage:
            places, tally = furnish(stage), Tally(stage)
            for name, fault in PASSING.items():
                met = _spoil(stage, tally, places, fault, times)
                yield at_least(f"bucket {name}", met, "times", times)
            tally.wait(within_s=_DONE_WITHIN_S)
            yield from tally.count().figures()
            for name, fault in TO_BE_MENDED.items():
                yield from _mended(stage, places, name, fault, times)


def _post(tally, place):
    tally.post(fresh(place.scene), channel=place.channel, watchers=(place.watcher,))


def _spoil(stage, tally, places, fault, times):
    """Post until the fault was met so often; how often it was."""
    stage.faults.order("s3", "PutObject", fault, times=times)
    before = _spoilt(stage)
    while stage.faults.pending():
        for place in places:
            _post(tally, place)
        tally.wait_until_left(len(places) // 2, within_s=_DONE_WITHIN_S)
    tally.wait_until_left(0, within_s=_DONE_WITHIN_S)
    return _spoilt(stage) - before


def _spoilt(stage):
    return sum("fault" in entry.facts for entry in stage.ledger.entries("s3"))


def _mended(stage, places, name, fault, times):
    """The bucket goes away while pictures are in work, and comes back."""
    tally = Tally(stage)
    for number in range(times):
        if number == times // 2:
            stage.faults.order("s3", "*", fault, times=_ALWAYS)
        _post(tally, places[number % len(places)])
    tally.wait_for_all(tally.answers, within_s=_DONE_WITHIN_S)
    silent = sum(not tally.answers(posted) for posted in tally.posts)
    stage.faults.clear()
    refused = [posted for posted in tally.posts if not tally.shown(posted)]
    for posted in refused:
        (reason,) = tally.answers(posted)
        # Nobody is quicker at the button than the bot with its own mark.
        stage.wait_marked(posted.ts, posted.channel)
        stage.slack.press("ana", posted.channel, reason.ts, TRY_AGAIN)
    tally.wait_for_all(lambda p: tally.shown(p) == len(tally.answers(p)), within_s=_DONE_WITHIN_S)
    tally.wait(within_s=_DONE_WITHIN_S)
    count, standing = tally.count(), sum(len(tally.answers(posted)) for posted in tally.posts)
    yield at_least(f"posts refused, {name}", len(refused), "posts", times // 2)
    yield exactly(f"posts left without a word, {name}", silent, f"of {times}", 0)
    yield exactly(f"not labelled once it is back, {name}", count.reasons, "pictures", 0)
    yield exactly(f"originals that differ in S3, {name}", count.originals_wrong, "pictures", 0)
    yield exactly(f"answers beyond one a post, {name}", standing - times, "answers", 0)
    yield exactly(f"notices that did not come, {name}", count.notices_lost, "notices", 0)
    yield exactly(f"notices that came twice, {name}", count.notices_twice, "notices", 0)
