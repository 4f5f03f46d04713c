import json

import pytest

from bot.messages import TRY_AGAIN
from bot.sandbox.faults import Fault

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


@pytest.fixture(scope="module")
def secrets(loud_stage):
    """What must not be found anywhere, as bytes."""
    terms = loud_stage.slack.terms
    return [s.encode() for s in (terms.bot_token, terms.app_token, terms.signing_secret)]


@pytest.fixture(scope="module", params=["socket", "http"])
def loud_stage(request, tmp_path_factory, stage_of, fresh, blank):
    """A stage whose bot logs all it ever logs, after a day with a bit of everything."""
    with stage_of(tmp_path_factory.mktemp("stage"), request.param, LOG_LEVEL="DEBUG") as stage:
        for person in ("ana", "ben"):
            stage.command(person, "photos", "/labels watch dog")
        stage.command("ben", "photos", "/labels nonsense")
        files = [("secret plan.jpg", fresh()), ("broken.jpg", b"no picture")]
        stage.post_and_wait(*files, text="words of a person")
        faults = (
            ("rekognition", "DetectLabels", Fault("error", error="SomethingNewException")),
            ("s3", "PutObject", Fault("drop_before")),
            ("slack", "download", Fault("drop_after")),
            ("slack", "files.completeUploadExternal", Fault("error", error="invalid_auth")),
            ("slack", "chat.postMessage", Fault("error", error="internal_error")),
        )
        for service, call, fault in faults:
            stage.faults.order(service, call, fault)
        reply = stage.post_and_wait(("park.jpg", fresh()), channel="alerts")
        if "Try again" in json.dumps(reply.blocks):
            stage.slack.press("ben", "alerts", reply.ts, TRY_AGAIN)
        stage.aws.register_answer(blank, UNFORESEEN)
        stage.post_and_wait(("blank.png", blank), channel="alerts")
        with stage.locked_database():
            stage.slack.command("ben", "photos", "/labels watches")
        stage.wait_notice("ben")
        stage.settle(1.0)
        yield stage


def test_no_secret_in_log(loud_stage, secrets):
    """At its loudest, the log holds neither token nor signing secret."""
    log = loud_stage.bot.log_text().encode()

    assert b"Traceback" in log
    assert [secret for secret in secrets if secret in log] == []


def test_no_payload_in_log(loud_stage):
    """The log holds no words of people and no names of their files."""
    log = loud_stage.bot.log_text()

    assert "words of a person" not in log
    assert "secret plan" not in log


def test_no_secret_in_database(loud_stage, secrets):
    """No table of the database, the job library's included, holds a token or the secret."""
    kept = loud_stage.rows()

    assert [table for table, row in kept if any(s.decode() in row for s in secrets)] == []
    assert any("not_a_picture" in row for table, row in kept if table == "operation_outputs")


def test_no_words_in_database(loud_stage):
    """The words that people post with their pictures are not kept."""
    assert [table for table, row in loud_stage.rows() if "words of a person" in row] == []


def test_no_secret_in_files(loud_stage, secrets):
    """Nothing that the bot wrote beside its database holds a token or the secret."""
    files = [path for path in loud_stage.folder.rglob("*") if path.is_file()]

    assert len(files) > 2
    assert [p.name for p in files if any(secret in p.read_bytes() for secret in secrets)] == []


def test_no_secret_in_messages(loud_stage, secrets):
    """No message holds a token or the secret, and Slack was told none but in its header."""
    said = "\n".join(loud_stage.said()).encode()
    ledger = json.dumps([vars(e) for e in loud_stage.ledger.entries()], default=str).encode()

    assert [secret for secret in secrets if secret in said + ledger] == []
