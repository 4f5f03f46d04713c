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
    stage.start()
    tally.wait(within_s=60 + len(tally.posts))
    failed = _jobs(stage, "NOT IN ('ENQUEUED', 'PENDING', 'SUCCESS')")
    yield exactly("jobs that failed", failed, "jobs", 0)
    found = tally.count()
    yield from found.figures()
    yield at_most("calls to Rekognition", found.questions, "calls", len(everything))


def _jobs(stage, state):
    """How many jobs for messages are in this state."""
    asked = f"SELECT count(*) FROM workflow_status WHERE status {state}"  # noqa: S608 - our own words
    named = "name IN ('label_message', 'ask_rekognition', 'post_reply')"
    with stage.database() as connection:
        return connection.execute(sa.text(f"{asked} AND {named}")).scalar_one()


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
