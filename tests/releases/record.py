"""Record a release in the middle of its work: `python -m tests.releases.record CHECKOUT FOLDER`.

The bot that runs is that of CHECKOUT, such as a `git worktree` of the release's commit; the stage
is this one's. It is killed with a thousand messages accepted, of which some are half done: at each
call one hangs before its effect, and one after it. The database, and what lay outside, go into
FOLDER.
`tests/chaos/deploy.py` lets the code of today finish it all.

`b477904` was recorded with this on 2026-11-25.
"""

import itertools
import sys
import tempfile
from pathlib import Path

from bot.sandbox.faults import Fault
from bot.sandbox.slack.terms import Terms
from tests.busy_fleet import PLACES, add_places, small_picture
from tests.releases import outside
from tests.stage import WATCHED, Stage, variant

MESSAGES = 1000
_DONE = 3
_CALLS = (
    ("slack", "reactions.add"),
    ("slack", "download"),
    ("s3", "PutObject"),
    ("rekognition", "DetectLabels"),
    ("slack", "files.getUploadURLExternal"),
    ("slack", "upload"),
    ("slack", "files.completeUploadExternal"),
    ("slack", "files.info"),
    ("slack", "chat.postMessage"),
)
_BEFORE = Fault("slow", seconds=600)
_AFTER = Fault("stall", seconds=600)


def record(checkout, folder):
    """Run the release, interrupt it, and write down what is left."""
    picture = small_picture()
    with tempfile.TemporaryDirectory() as own:
        path = f"{checkout}:{WATCHED}"
        stage = Stage(Path(own), "http", Terms(tiers=False, speed=20.0), PYTHONPATH=path)
        add_places(stage)
        numbers = itertools.count(1)

        def post():
            number = next(numbers)
            data = (f"park{number}.jpg", variant(picture, number))
            return stage.post(data, channel=PLACES[number % len(PLACES)])

        try:
            stage.start()
            _interrupt(stage, post)
        finally:
            stage.bot.kill()
        outside.save(stage, folder, picture)
        outside.save_records(Path(own) / "data" / "spotter.db", folder)
        stage.stop()


def _interrupt(stage, post):
    """Let some messages be done, some hang at every call, and the rest wait behind them."""
    done = [post() for _ in range(_DONE)]
    assert stage.slack.wait_for(lambda: stage.ledger.count("slack", "chat.postMessage") == _DONE)
    stage.settle(3.0)
    for service, call in _CALLS:
        stage.faults.order(service, call, _BEFORE)
        stage.faults.order(service, call, _AFTER)
    rest = set()
    while len(rest) < MESSAGES - len(done):
        rest.add(post())
        stage.settle(0.02)
    assert stage.until_no_faults(), stage.faults.pending()
    while rest - _taken(stage):
        stage.settle(1.0)


def _taken(stage):
    """The messages that the bot has said it has stored."""
    deliveries = stage.ledger.entries("event", "message")
    return {entry.facts.get("ts") for entry in deliveries if entry.facts["status"] == 200}


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    record(Path(sys.argv[1]).resolve(), target)
