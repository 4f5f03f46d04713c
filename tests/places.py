"""Channels where what is posted is watched for, each by somebody else, and pictures to post there.

Slack takes one message a second for a channel, and for a person: many places are many times faster.
"""

import functools
import itertools
from dataclasses import dataclass

from bot.sandbox import scenes
from bot.sandbox.slack.nouns import BOT_USER, Channel, Person

WATCHED_FOR = {"street": "bus", "kitchen": "cup", "harbour": "boat", "balloons": "balloon"}
"""What the watchers look for, each in a scene of their own."""

_COLUMNS = 90
_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """A channel, the scene that is posted there, and who watches for what is in it."""

    channel: str
    scene: str
    watcher: str


def furnish(stage):
    """Make a place for each scene, public and private by turns; the bot has to run."""
    return [
        _make(stage, scene, word, kind)
        for (scene, word), kind in zip(WATCHED_FOR.items(), ("public", "private") * 2, strict=True)
    ]


def _make(stage, scene, word, kind):
    world = stage.slack.world
    watcher = f"U0{word.upper()}"
    rooms = (
        Channel(f"C0{scene.upper()}", scene, kind, ["U0ANA", watcher, BOT_USER], created_s=0),
        Channel(f"D0{word.upper()}", "", "im", [watcher, BOT_USER], created_s=0),
    )
    with world.changed:
        world.people[watcher] = Person(watcher, word, word.title())
        world.channels.update({room.id: room for room in rooms})
    stage.command(word, scene, f"/labels watch {word}")
    return Place(scene, scene, word)


def fresh(scene):
    """A picture of a scene as (name, bytes), of a size in pixels that no other picture has.

    The name tells the size, by which the stand-in for Rekognition tells what it was asked about.
    """
    number = next(_numbers)
    size_px = (420 + number % _COLUMNS, 320 + number // _COLUMNS)
    return f"{size_px[0]}x{size_px[1]}.jpg", scenes.jpeg_bytes(_drawn(scene).resize(size_px))


@functools.cache
def _drawn(scene):
    image = scenes.SCENES[scene]().image
    image.thumbnail((800, 800))
    return image
