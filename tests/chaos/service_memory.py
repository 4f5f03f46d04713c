"""How much memory the whole bot takes while the costliest pictures come, and while bombs do.

The bot runs as it does for people, against the sandbox, with the limits it has by default.
"""

import time

import numpy as np
from PIL import Image

from bot.demo import running_demo
from tests import picture_files as files
from tests.figures import at_most, exactly
from tests.memory import Watched

MEBIBYTE = 1024 * 1024
_MEMORY_MIB = 700
_BASE_MIB = 256
_BOMBS_MIB = 32
_ANSWER_WITHIN_S = 120.0


def _grain(width, height):
    """Pixels that hardly compress, of little variety: they are quick to make."""
    tile = np.random.default_rng(1).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return Image.fromarray(np.tile(tile, (8, 8, 1)))


def costly():
    """The most that the default limits let through, one way each."""
    flat = Image.new("RGB", (7300, 5400), (90, 140, 200))
    return {
        "webp": files.saved(flat, "WEBP", quality=50, method=0),
        "png": files.saved(flat.resize((8660, 5774)), "PNG", compress_level=1),
        "jpeg": files.saved(flat.resize((12_000, 9000)), "JPEG", progressive=True),
        "tiff": files.saved(_grain(5000, 4000), "TIFF"),
    }


def measure(*, long, rounds=3):
    """The peaks of one run; everything costly is posted `rounds` times, in a long one ten."""
    rounds = 10 if long else rounds
    with running_demo() as demo, Watched(demo.bot.pid) as watched:
        _answered(demo, {"plain": files.GOOD["jpeg"]()})
        idle_bytes = watched.begin()
        refused = _answered(demo, {name: make() for name, make in files.BOMBS.items()})
        yield exactly("bombs answered by the bot", refused, "bombs", len(files.BOMBS))
        rise_mib = (watched.peak_bytes - idle_bytes) / MEBIBYTE
        yield at_most("memory that bombs take", rise_mib, "MiB", _BOMBS_MIB)
        made = costly()
        watched.begin()
        # The same pixels as other bytes: nothing is recognised, everything is opened.
        many = {
            f"{name} {turn}": data + bytes([turn])
            for turn in range(rounds)
            for name, data in made.items()
        }
        yield exactly("costly pictures answered", _answered(demo, many), "pictures", len(many))
        peak_mib = watched.peak_bytes / MEBIBYTE
        yield at_most("memory of the whole bot", peak_mib, "MiB", _BASE_MIB + _MEMORY_MIB)


def _answered(demo, pictures):
    """Post each as a message of its own, all at once; how many have a reply in the end."""
    posted = [
        demo.slack.post("ana", "photos", [(f"{name}.jpg", data)]) for name, data in pictures.items()
    ]
    ends_s = time.monotonic() + _ANSWER_WITHIN_S
    waiting = set(posted)
    while waiting and time.monotonic() < ends_s:
        demo.slack.wait_for(lambda: False, 0.2)
        waiting -= {ts for ts in waiting if demo.slack.replies_by_bot("photos", ts)}
    return len(posted) - len(waiting)
