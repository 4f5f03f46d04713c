"""From a post to its reply, one 12 MP photograph at a time, beside the path that nobody can cut.

That critical path is what must follow each other: the remote calls, as long as each took in this
run, Slack's processing of the upload, and bare decode, draw and encode, measured alone in a worker
of the picture pool. What the way of a picture took in all, step by step, is the waterfall.
"""

import statistics
from functools import partial

from bot.adapters.picture_worker import annotate_picture, prepare_picture
from bot.drawing_style import Style
from bot.picture_frames import DEFAULT_MAX_FRAMES
from bot.picture_limits import DEFAULT_MEMORY_BYTES
from tests.bench.drawing import grid, seen
from tests.bench.pictures import picture_worker
from tests.figures import at_most, known
from tests.real_pace import PROCESSING_S, answered_at_s, paced_stage, photographs, posted_at_s
from tests.turns import duration_s, medians_s

MOST_OF_CRITICAL = 1.2
_STEPS = (
    ("slack", "download", "the picture from Slack"),
    ("s3", "PutObject", "the original to S3"),
    ("rekognition", "DetectLabels", "Rekognition"),
    ("slack", "files.getUploadURLExternal", "a place for the upload"),
    ("slack", "upload", "the upload"),
    ("slack", "files.completeUploadExternal", "the upload's end"),
    ("slack", "files.info", "whether Slack has processed it"),
    ("slack", "chat.postMessage", "the reply"),
)
_BESIDE = "the original to S3"
"""What goes on while the picture is decoded, so that only the longer of both counts."""


def bare_s(data, repetitions):
    """The medians of decoding into the working copy, and of drawing on that and encoding."""
    copy = prepare_picture(data, DEFAULT_MEMORY_BYTES, DEFAULT_MAX_FRAMES).jpeg
    ways = {
        "decode": lambda: prepare_picture(data, DEFAULT_MEMORY_BYTES, DEFAULT_MAX_FRAMES),
        "draw": lambda: annotate_picture(copy, seen(grid(6)), Style()),
    }
    return medians_s({name: partial(duration_s, way) for name, way in ways.items()}, repetitions)


def measure(*, long, count=20, megapixels=12):
    """The figures of one run; a long one has five times as many posts."""
    pictures = photographs(megapixels)
    with picture_worker() as worker:
        cpu_s = worker(bare_s, next(pictures), 9)
    with paced_stage() as stage:
        stage.post_and_wait(("first.jpg", next(pictures)))
        posts = [_post(stage, next(pictures)) for _ in range(count * (5 if long else 1))]
    took_s = [steps["end"][1] for steps in posts]
    critical_s = [_critical_s(steps, cpu_s) for steps in posts]
    ratio = statistics.median(took_s) / statistics.median(critical_s)
    yield known("post to reply, median", statistics.median(took_s), "s")
    yield known("critical path, median", statistics.median(critical_s), "s")
    yield at_most("post to reply", ratio, "x critical path", MOST_OF_CRITICAL)
    yield known("bare decode to working copy", cpu_s["decode"] * 1000, "ms")
    yield known("bare draw and encode", cpu_s["draw"] * 1000, "ms")
    for _, _, name in _STEPS:
        begins_s, ends_s = (
            statistics.median(steps[name][end] for steps in posts) for end in (0, 1)
        )
        yield known(f"  {name}: begins", begins_s * 1000, "ms")
        yield known(f"  {name}: takes", (ends_s - begins_s) * 1000, "ms")


def _post(stage, data):
    """Post one and wait: when each step began and ended, in seconds after the post."""
    known_entries = len(stage.ledger.entries())
    ts = stage.post(("photo.jpg", data))
    stage.wait_marked(ts)
    zero_s = posted_at_s(stage, ts)
    steps = {"end": (0.0, answered_at_s(stage, ts) - zero_s)}
    new = stage.ledger.entries()[known_entries:]
    for service, call, name in _STEPS:
        # The last one: Slack is asked more than once whether it has processed the upload.
        last = [one for one in new if (one.service, one.call) == (service, call)][-1]
        steps[name] = (last.at_s - last.facts["took_s"] - zero_s, last.at_s - zero_s)
    return steps


def _critical_s(steps, cpu_s):
    takes_s = {name: steps[name][1] - steps[name][0] for _, _, name in _STEPS}
    beside_s = max(takes_s.pop(_BESIDE), cpu_s["decode"])
    return sum(takes_s.values()) + beside_s + cpu_s["draw"] + PROCESSING_S
