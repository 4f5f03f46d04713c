"""What the request URL does with what is not from Slack, is no request at all, or came before.

A bot of its own takes events over HTTP, logs all it ever logs, and has been used a little, so that
there is something to hear and to send again.
"""

import contextlib
import json
import re
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
    spoiled_everywhere,
)
from tests.stage import running_stage

_SETTLES_S = 4.0
_SWEPT_WITHIN_S = 60.0
_SWEPT = "SELECT 1 FROM workflow_status WHERE name = 'sweep' AND status = 'SUCCESS'"
_SLACK_PAUSES_S = (0.5, 1.0, 2.0)
_HANDLER_FAILED = re.compile(r"event=(handler_failed error=\w+)")
_BUSY = "handler_failed error=RecordsUnavailable"
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
    named = f": {', '.join(changed)}" if changed else ""
    yield exactly(f"tables that replayed requests changed{named}", len(changed), "", 0)


def _hostile(stage, sender, known_bodies, count):
    """Random bodies, every other one with a bad signature."""
    known_bodies, ways = list(known_bodies), list(BAD_SIGNATURES)
    patient, bad = _Patient(stage, sender), Counter()
    for number in range(count):
        body, kind = random_body(number, known_bodies)
        if number % 2:
            bad[sender.send_badly(body, kind, ways[number // 2 % len(ways)])] += 1
        else:
            patient.send(body, kind)
    yield known("kinds of bad signatures", len(ways), "kinds")
    yield exactly("badly signed bodies turned away", bad[401], "requests", bad.total())
    yield known("well signed random bodies that pass", patient.statuses[200], "requests")
    yield patient.figure("well signed random bodies with a 5xx")
    spoiled = _Patient(stage, sender)
    for body in spoiled_everywhere(known_bodies):
        spoiled.send(body, JSON)
    yield known("events with one value spoiled", spoiled.statuses.total(), "requests")
    yield spoiled.figure("events with one value spoiled with a 5xx")
    asked_again = patient.asked_again + spoiled.asked_again
    yield known("asked to send again while the database was busy", asked_again, "times")
    log = stage.bot.log_text()
    yield exactly("random bodies in the log", log.count(CANARY), "words", 0)
    yield exactly("times that the bot ended by them", int(not stage.bot.is_running), "", 0)


class _Patient:
    """Sends as Slack does: what cannot be stored now is sent again, up to three times.

    A database that is busy for longer than Slack waits is the machine's load and no fault of the
    body's, and a 503 is the right answer then: it counts as one only where it stays.
    """

    def __init__(self, stage, sender):
        self._stage = stage
        self._sender = sender
        self._failures = Counter()
        self.statuses = Counter()
        self.asked_again = 0

    def send(self, body, kind):
        """Send a well signed body, and remember what came of it."""
        for pause_s in (*_SLACK_PAUSES_S, None):
            read = self._stage.bot.log_file.stat().st_size
            status = self._sender.send(body, kind)
            if status < 500:
                break
            cause = self._cause_since(read)
            if status != 503 or cause != _BUSY or pause_s is None:
                self._failures[f"{status} {cause}"] += 1
                break
            self.asked_again += 1
            time.sleep(pause_s)
        self.statuses[status] += 1

    def _cause_since(self, read):
        """The event and the class of the error with which the bot logs a failure; no more."""
        with self._stage.bot.log_file.open("rb") as log:
            log.seek(read)
            found = _HANDLER_FAILED.findall(log.read().decode())
        return " ".join(dict.fromkeys(found)) or "without a word in the log"

    def figure(self, name):
        """How many were a failure, and what the bot said of them."""
        causes = ", ".join(f"{count} x {what}" for what, count in self._failures.items())
        return exactly(name, self._failures.total(), causes or "requests", 0)


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
