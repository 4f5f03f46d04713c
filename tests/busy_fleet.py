"""A fleet that has much to do: what the rows about several processes have in common."""

import contextlib
import io
import itertools
import tempfile
import time
from pathlib import Path

from bot.sandbox import scenes
from bot.sandbox.slack.nouns import BOT_USER, Channel
from bot.sandbox.slack.terms import Terms
from tests.stage import running_stage, variant
from tests.tally import Tally

PLACES = tuple(f"place{number}" for number in range(24))
"""So many channels that the one post a second in each of them is no limit."""
_SIDE_PX = 640
_numbers = itertools.count(1)


@contextlib.contextmanager
def busy_fleet(**more):
    """A stage with a fleet, and a tally of what is posted there; takes what `Stage` takes."""
    terms = Terms(tiers=False, speed=20.0)
    more = {"RETRY_FOR_S": "60"} | more
    with (
        tempfile.TemporaryDirectory(prefix="spotter-fleet-") as folder,
        running_stage(Path(folder), "fleet", terms, **more) as stage,
    ):
        add_places(stage)
        yield stage, Tally(stage)


def add_places(stage):
    """Add the channels to the stage's workspace."""
    with stage.slack.world.changed:
        for name in PLACES:
            place = Channel(f"C0{name.upper()}", name, "public", ["U0ANA", BOT_USER], created_s=0)
            stage.slack.world.channels[place.id] = place


def small_picture():
    """A JPEG with a dog, so small that many can be looked at."""
    image = scenes.SCENES["park"]().image
    image.thumbnail((_SIDE_PX, _SIDE_PX))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def new_pictures():
    """One picture after the other that was never posted before."""
    picture = small_picture()
    return (variant(picture, number) for number in _numbers)


def post_steadily(tally, *, count, per_second, places=PLACES):
    """Post so many pictures at this rate, from channel to channel; yields after each."""
    begun_s = time.monotonic()
    for number, data in zip(range(count), new_pictures(), strict=False):
        time.sleep(max(0.0, begun_s + number / per_second - time.monotonic()))
        tally.post((f"park{number}.jpg", data), channel=places[number % len(places)])
        yield number
