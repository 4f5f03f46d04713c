"""A stage whose stand-ins take the time that Slack and AWS take, for what measures speed."""

import contextlib
import io
import itertools
import tempfile
from pathlib import Path
from types import MappingProxyType

from bot.sandbox.slack.terms import Terms
from tests.bench.pictures import photograph
from tests.stage import running_stage, variant

SLACK_S = MappingProxyType({"call": 0.12, "file": 0.15})
AWS_S = MappingProxyType({"s3": 0.06, "detect": 0.5})
PROCESSING_S = 0.3
"""How long Slack looks at an upload before a message can show it."""
SIZES_PX = MappingProxyType({3: (2000, 1500), 12: (4000, 3000)})


@contextlib.contextmanager
def paced_stage(*, tiers=False, **more):
    """A running stage at the real pace; takes what `Stage` takes, and whether Slack limits."""
    terms = Terms(tiers=tiers, latency_s=SLACK_S, processing_s=PROCESSING_S)
    with (
        tempfile.TemporaryDirectory(prefix="spotter-bench-") as folder,
        running_stage(Path(folder), "socket", terms, aws_latency_s=AWS_S, **more) as stage,
    ):
        yield stage


def photographs(megapixels):
    """Photographs of this size, each as bytes that were never posted before."""
    target = io.BytesIO()
    photograph(SIZES_PX[megapixels]).save(target, "JPEG", quality=90)
    return (variant(target.getvalue(), number) for number in itertools.count(1))


def posted_at_s(stage, ts):
    """When a person posted a message."""
    return next(one.at_s for one in stage.ledger.entries("person", "post") if one.facts["ts"] == ts)


def answered_at_s(stage, ts):
    """When the bot's answer stood in its thread; None as long as it does not."""
    for one in reversed(stage.ledger.entries("slack", "chat.postMessage")):
        if one.facts.get("thread_ts") == ts and one.facts["ok"]:
            return one.at_s
    return None
