"""What the page offers to post with one click, and `demo --post` by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from bot.sandbox import photographs, scenes

Samples = dict[str, tuple[str, Callable[[], bytes]]]
"""Name of the file -> (title for people, how to get the bytes)."""

_TITLES = {
    "park": "A dog in the park",
    "street": "A busy street",
    "beach": "A boat off the beach",
    "kitchen": "A cat in the kitchen",
    "crowd": "A crowd",
    "balloons": "Balloons",
    "harbour": "A harbour, very wide",
    "abstract": "Nothing but shapes",
}


def built_in() -> Samples:
    """The drawn scenes, then the photographs that are installed."""
    drawn: Samples = {
        # Drawing one takes a while, and the page asks for all of them.
        f"{name}.jpg": (_TITLES[name], cache(partial(scenes.scene_jpeg, name)))
        for name in scenes.SCENES
    }
    return drawn | {
        each.file: (f"{each.title} ({each.credit})", partial(photographs.photograph_bytes, name))
        for name, each in photographs.PHOTOGRAPHS.items()
        if name in photographs.available()
    }
