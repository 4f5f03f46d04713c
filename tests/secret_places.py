"""What a bot must not give away, what it leaves behind, and a search of one in the other."""

import base64
import json
import secrets
from urllib.parse import quote

from bot.messages import TRY_AGAIN
from bot.reply_buttons import AMOUNT, EXPORT, WATCH
from bot.sandbox.faults import Fault
from bot.sandbox.slack.terms import Terms
from tests.fleet import postgresql

AWS_KEY = secrets.token_hex(20)
SIGNATURE = secrets.token_hex(16)
WORDS = "words of a person"
FILE_NAME = "secret plan"
TYPED = "unheard-of-nonsense"
UNFORESEEN = {
    "Labels": [
        {
            "Name": "Dog",
            "Confidence": 99.0,
            "Instances": [{"BoundingBox": {"Left": 0.1}, "Confidence": 99.0}],
        }
    ]
}
"""An answer whose box lacks three of its four numbers: no adapter has a word for that."""

_COMMANDS = (
    "watch dog",
    "watch (dog or cat) and not indoors every 1h",
    "watches",
    "unwatch dog",
    "watch dog",
    "status",
    "export json since 7d",
    "keep 30d",
    "review",
    "settings threshold 75",
    TYPED,
    f"watch {TYPED}",
    f"https://private.s3.amazonaws.com/a.jpg?X-Amz-Signature={SIGNATURE}",
)


LOUD = {"LOG_LEVEL": "DEBUG", "AWS_SECRET_ACCESS_KEY": AWS_KEY}
"""The variables of a bot that logs all it ever logs."""


def canary_terms():
    """A Slack whose tokens exist nowhere else."""
    return Terms(
        tiers=False,
        speed=60.0,
        bot_token=f"xoxb-{secrets.token_hex(20)}",
        app_token=f"xapp-{secrets.token_hex(20)}",
        signing_secret=secrets.token_hex(16),
    )


def secrets_of(stage):
    """All that is secret, by what it is."""
    terms = stage.slack.terms
    return {
        "bot token": terms.bot_token,
        "app token": terms.app_token,
        "signing secret": terms.signing_secret,
        "AWS key": AWS_KEY,
        "signature in a link": SIGNATURE,
    }


def spellings(secret):
    """A secret as it stands, and as databases and logs may have it: base64, hex, in an address."""
    plain = secret.encode()
    # Base64 differs by where in its groups of three bytes the secret begins; its ends by what
    # stands around it.
    coded = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    return {plain, plain.hex().encode(), quote(secret, safe="").encode(), *coded}


def holders(wanted, places):
    """Which places hold any of the wanted, as `place: what`."""
    forms = {what: spellings(secret) for what, secret in wanted.items()}
    return sorted(
        {
            f"{place}: {what}"
            for place, data in places
            for what, found in forms.items()
            if any(form in data for form in found)
        }
    )


def places(stage):
    """Everything that the bot leaves behind: pairs of a place and its bytes."""
    yield "log", log(stage)
    for table, row in stage.rows():
        yield f"table {table}", row.encode()
    if stage.is_fleet:
        yield "PostgreSQL's log", postgresql().log_text().encode()
    for path in stage.folder.rglob("*"):
        if path.is_file():
            yield f"file {path.suffix or path.name}", path.read_bytes()
    yield "messages", "\n".join(stage.said()).encode()
    entries = [vars(entry) for entry in stage.ledger.entries()]
    yield "what Slack and AWS were told", json.dumps(entries, default=str).encode()


def log(stage):
    """The bot's log so far."""
    return stage.bot.log_text().encode()


def live_a_day(stage, fresh, blank):
    """A bit of everything, and everything that may go wrong once, some of it while it is loud."""
    for person, text in (("ana", "watch dog"), *(("ben", text) for text in _COMMANDS)):
        stage.command(person, "photos", f"/labels {text}")
    files = [(f"{FILE_NAME}.jpg", fresh()), ("broken.jpg", b"no picture")]
    reply = stage.post_and_wait(*files, text=WORDS)
    for button, choice in ((WATCH, "Dog"), (EXPORT, "csv"), (AMOUNT, "more")):
        stage.slack.press("ben", "photos", reply.ts, button, choice=choice)
    _order_faults(stage)
    reply = stage.post_and_wait(("park.jpg", fresh()), channel="alerts")
    if "Try again" in json.dumps(reply.blocks):
        stage.slack.press("ben", "alerts", reply.ts, TRY_AGAIN)
    stage.aws.register_answer(blank, UNFORESEEN)
    stage.post_and_wait(("blank.png", blank), channel="alerts")
    with stage.locked_database():
        stage.slack.command("ben", "photos", "/labels watches")
    stage.wait_notice("ben")
    stage.settle(1.0)


def _order_faults(stage):
    """Each service fails once, in a way of its own; some answers quote the token they were sent."""
    quoting = Fault("status", status=502, body=f"<p>Bearer {stage.slack.terms.bot_token}</p>")
    for service, call, fault in (
        ("rekognition", "DetectLabels", Fault("error", error="SomethingNewException")),
        ("s3", "PutObject", Fault("drop_before")),
        ("slack", "download", Fault("drop_after")),
        ("slack", "reactions.add", quoting),
        ("slack", "users.info", quoting),
        ("slack", "conversations.info", Fault("html")),
        ("slack", "files.completeUploadExternal", Fault("error", error="invalid_auth")),
        ("slack", "chat.postMessage", Fault("error", error="internal_error")),
    ):
        stage.faults.order(service, call, fault)
