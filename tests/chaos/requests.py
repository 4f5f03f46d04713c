"""What the request URL does with what is not from Slack, is no request at all, or came before.

A bot of its own takes events over HTTP, logs all it ever logs, and has been used a little, so that
there is something to hear and to send again.
"""

import contextlib
import json
import sqlite3
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs

from bot.reply_buttons import AMOUNT, EXPORT, WATCH
from bot.sandbox import scenes
from bot.server import BODY_LIMIT_BYTES
from tests.figures import exactly, known
from tests.hostile_requests import (
    BAD_SIGNATURES,
    CANARY,
    FORM,
    JSON,
    Sender,
    overheard,
    random_body,
)
from tests.stage import running_stage

_SETTLES_S = 4.0
_SWEPT_WITHIN_S = 60.0
_SWEPT = "SELECT 1 FROM workflow_status WHERE name = 'sweep' AND status = 'SUCCESS'"
_MOVING = {"workers", "listening", "operation_outputs", "workflow_status", "streams"}
"""Tables in which something happens also while nothing does; jobs are told by their ids."""


def measure(*, long, count=10_000):
    """The figures of one run; `count` random bodies, ten times as many in a long one."""
    with contextlib.ExitStack() as closing:
        folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="spotter-requests-"))
        stage = closing.enter_context(running_stage(Path(folder), "http", LOG_LEVEL="DEBUG"))
        sender = Sender(stage.request_url, stage.slack.terms.signing_secret)
        closing.callback(sender.close)
        wire = closing.enter_context(overheard(stage.request_url))
        stage.slack.deliver_to(wire.url)
        _use(stage)
        # The daily sweep comes soon after the start: what it changes is nobody's doing.
        _wait_swept(stage)
        heard = list(wire.heard)
        yield from _replayed(stage, sender, heard)
        yield from _hostile(stage, sender, _known(heard), count * (10 if long else 1))
        yield from _sized(sender)


def _use(stage):
    """A bit of everything that people do."""
    for text in ("watch dog", "unwatch dog", "watch cat", "mode request", "mode auto", "watches"):
        stage.command("ben", "photos", f"/labels {text}")
    reply = stage.post_and_wait(("park.jpg", scenes.scene_jpeg("park")))
    for button, choice in ((WATCH, "Dog"), (EXPORT, "csv"), (AMOUNT, "more")):
        stage.slack.press("ben", "photos", reply.ts, button, choice=choice)
    for text in ("export json", "optout", "optin"):
        stage.command("ben", "photos", f"/labels {text}")
    stage.settle(_SETTLES_S)


def _wait_swept(stage):
    ends_s = time.monotonic() + _SWEPT_WITHIN_S
    while not _is_swept(stage):
        assert time.monotonic() < ends_s
        stage.settle(0.2)


def _is_swept(stage):
    with stage.database() as connection:
        return bool(connection.exec_driver_sql(_SWEPT).first())


def _known(heard):
    """What was heard, read: pairs of a content type and a body."""
    for headers, body in heard:
        if headers["Content-Type"].startswith(JSON):
            yield JSON, json.loads(body)
        else:
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            yield FORM, json.loads(form["payload"]) if "payload" in form else form


def _replayed(stage, sender, heard):
    """Everything that was heard once more, twice, with the signatures that it had."""
    before = _world(stage)
    statuses = Counter(
        sender.send(body, headers["Content-Type"], headers)
        for _ in range(2)
        for headers, body in heard
    )
    stage.settle(_SETTLES_S)
    after = _world(stage)
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    yield known("replayed requests", statuses.total(), "requests")
    yield exactly("replayed requests with a 5xx", _failed(statuses), "requests", 0)
    yield exactly("what they changed: " + (", ".join(changed) or "nothing"), len(changed), "", 0)


def _hostile(stage, sender, known_bodies, count):
    """Random bodies, every other one with a bad signature."""
    known_bodies, ways = list(known_bodies), list(BAD_SIGNATURES)
    good, bad = Counter(), Counter()
    for number in range(count):
        body, kind = random_body(number, known_bodies)
        if number % 2:
            bad[sender.send_badly(body, kind, ways[number // 2 % len(ways)])] += 1
        else:
            good[sender.send(body, kind)] += 1
    yield known("kinds of bad signatures", len(ways), "kinds")
    yield exactly("badly signed bodies turned away", bad[401], "requests", bad.total())
    yield known("well signed random bodies that pass", good[200], "requests")
    yield exactly("well signed random bodies with a 5xx", _failed(good), "requests", 0)
    log = stage.bot.log_text()
    yield exactly("random bodies in the log", log.count(CANARY), "words", 0)
    yield exactly("bots that ended", int(not stage.bot.is_running), "", 0)


def _sized(sender):
    """Bodies at the cap, and over it."""
    body = json.dumps({"type": "url_verification", "challenge": "x" * BODY_LIMIT_BYTES}).encode()
    most = body[-BODY_LIMIT_BYTES:]
    fits = body.replace(b"x" * (len(body) - BODY_LIMIT_BYTES), b"", 1)
    yield exactly("a body of 1 MiB", sender.send(fits, JSON), "status", 200)
    over = [_refused(sender, most + b"x" * more) for more in (1, 1000, 1 << 20, 5 << 20)]
    yield exactly("larger bodies refused", sum(over), "requests", len(over))


def _refused(sender, body):
    """Whether a body is refused, or the line is cut while it is sent, as is done with huge ones."""
    try:
        return sender.send(body, JSON) == 413
    except ConnectionError:
        return True


def _failed(statuses):
    return sum(count for status, count in statuses.items() if status >= 500)


def _world(stage):
    """All that the bot keeps, and all that it has said, by name."""
    with contextlib.closing(sqlite3.connect(stage.folder / "data" / "spotter.db")) as records:
        names = records.execute("SELECT name FROM sqlite_master WHERE type='table'")
        found = {
            name: sorted(map(repr, records.execute(f'SELECT * FROM "{name}"')))  # noqa: S608 - its own name
            for (name,) in names
            if name not in _MOVING
        }
        jobs = records.execute("SELECT workflow_uuid FROM workflow_status")
        found["jobs"] = sorted(job for (job,) in jobs if not job.startswith("sched-"))
    return found | {"said": stage.said(), "stored": sorted(stage.objects())}
