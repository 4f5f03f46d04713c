"""A deploy: the code of today finishes what the previous release accepted and had half done.

It left a thousand messages behind: see `tests/releases/record.py`. The schema moves forward with
all of them in flight.
"""

import tempfile
from pathlib import Path

import sqlalchemy as sa

from bot.sandbox.slack.terms import Terms
from tests.figures import at_most, exactly, known
from tests.releases import outside
from tests.stage import Stage
from tests.tally import Posted, Tally

PREVIOUS = Path(__file__).parents[1] / "releases" / "b477904"

_UNDER_WAY = 5
"""So many calls the bot may have under way, as Rekognition takes five a second."""


def measure(*, long, count=100):
    """The figures of one run: the first `count` messages, the half done among them; or all."""
    # Else it would forget what was posted so long ago.
    keeping = {"KEEP_DAYS": "3650"}
    with tempfile.TemporaryDirectory(prefix="spotter-deploy-") as folder:
        stage = Stage(Path(folder), "socket", Terms(tiers=False), **keeping)
        try:
            yield from _finished(stage, None if long else count)
        finally:
            stage.stop()


def _finished(stage, count):
    outside.restore(stage, PREVIOUS)
    yield known("jobs in flight", _jobs(stage, "IN ('ENQUEUED', 'PENDING')"), "jobs")
    tally = Tally(stage)
    everything = _posts(stage)
    for posted in everything[:count]:
        tally.add(posted)
    answers = _answers(stage)
    stage.start()
    tally.wait(within_s=60 + len(tally.posts))
    failed = _jobs(stage, "NOT IN ('ENQUEUED', 'PENDING', 'SUCCESS')")
    yield exactly("jobs that failed", failed, "jobs", 0)
    found = tally.count()
    yield from found.figures()
    # The others' jobs go on in a short run: their calls are counted, and so are their answers.
    calls = stage.detections
    yield at_most("calls to Rekognition", calls, "calls", len(everything))
    repeated = max(0, calls - _answers(stage) + answers)
    most = 0 if count is None else _UNDER_WAY
    yield at_most("calls without an answer of their own", repeated, "calls", most)


def _jobs(stage, state):
    """How many jobs for messages are in this state."""
    asked = f"SELECT count(*) FROM workflow_status WHERE status {state}"  # noqa: S608 - our own words
    named = "name IN ('label_message', 'ask_rekognition', 'post_reply')"
    with stage.database() as connection:
        return connection.execute(sa.text(f"{asked} AND {named}")).scalar_one()


def _answers(stage):
    """How many answers of Rekognition are kept."""
    with stage.database() as connection:
        asked = "SELECT count(*) FROM analyses WHERE response IS NOT NULL"
        return connection.execute(sa.text(asked)).scalar_one()


def _posts(stage):
    """What people have posted, in its order."""
    world = stage.slack.world

    def bytes_of(message):
        return {file: world.file(file).path.read_bytes() for file in message.files}

    posts = [
        Posted(channel.id, message.ts, bytes_of(message), watchers=())
        for channel in world.channels.values()
        for message in channel.messages.values()
        if message.files and not message.is_reply
    ]
    return sorted(posts, key=lambda posted: posted.ts)
