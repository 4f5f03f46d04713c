import hashlib

import pytest

from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.database import Database
from bot.adapters.rekognition import ANSWER_SETTINGS, parse_detect_labels

ANSWER = {
    "Labels": [
        {
            "Name": "Heron",
            "Confidence": 97.12345886230469,
            "Instances": [
                {
                    "BoundingBox": {
                        "Width": 0.25,
                        "Height": 0.5000001192092896,
                        "Left": -0.010000000707805157,
                        "Top": 0.125,
                    },
                    "Confidence": 96.25,
                    "DominantColors": [{"Red": 120, "Green": 128, "Blue": 130, "HexCode": "78"}],
                }
            ],
            "Parents": [{"Name": "Animal"}, {"Name": "Bird"}],
            "Aliases": [{"Name": "Ardea"}],
            "Categories": [{"Name": "Animals and Pets"}],
        },
        {"Name": "Lake", "Confidence": 55.25, "Instances": [], "Parents": [{"Name": "Nature"}]},
    ],
    "LabelModelVersion": "3.0",
    "OrientationCorrection": "ROTATE_0",
    "ImageProperties": {"Quality": {"Brightness": 70.5, "Sharpness": 90.25, "Contrast": 60.0}},
}


@pytest.fixture
def ignored(quiet_stage, fresh):
    """A function that asserts that what was done in a channel was heard with 200 and left alone.

    A picture that is posted afterwards elsewhere is the sign that its turn has passed.
    """
    stage = quiet_stage
    begun = len(stage.ledger.entries("event"))
    said = stage.ledger.count("slack", "chat.postMessage")

    def check(*, heard: int) -> None:
        assert stage.slack.wait_for(lambda: len(stage.ledger.entries("event")) - begun >= heard, 10)
        stage.post_and_wait(("park.jpg", fresh()), channel="D0ANA")
        assert {e.facts["status"] for e in stage.ledger.entries("event")[begun:]} == {200}
        assert stage.ledger.count("slack", "chat.postMessage") - said == 1

    return check


def test_other_messages(quiet_stage, ignored):
    """Plain text, an edit, a join, a leave and a text file are taken with 200 and left alone."""
    ts = quiet_stage.post(text="Good morning")
    quiet_stage.slack.edit("ana", "photos", ts, "Good evening")
    quiet_stage.slack.leave("ben", "photos")
    quiet_stage.slack.join("ben", "photos")
    quiet_stage.post(("notes.txt", b"Milk, bread"))

    ignored(heard=6)


def test_edit_of_picture(quiet_stage, fresh):
    """Editing the words beside a picture does not bring a second reply."""
    ts = quiet_stage.post(("park.jpg", fresh()), text="A dog")
    quiet_stage.wait_marked(ts)
    quiet_stage.slack.edit("ana", "photos", ts, "The dog")
    quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")

    assert len(quiet_stage.replies(ts)) == 1


def test_own_posts(quiet_stage, fresh):
    """The bot does not answer itself, although Slack tells it of its own posts."""
    ts = quiet_stage.post(("park.jpg", fresh()), channel="lab")
    quiet_stage.wait_marked(ts, "lab")
    heard = [e.facts for e in quiet_stage.ledger.entries("event", "message")]

    assert any(facts.get("user") == "U0SPOTTER" for facts in heard)
    assert len(quiet_stage.replies(ts, "lab")) == 1


def test_private_channel(quiet_stage, fresh):
    """A private channel is served like any other."""
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")

    assert reply.text.startswith("1 Dog")


def test_other_bots(quiet_stage, fresh, ignored):
    """What another bot posts is left alone until the channel's mode says otherwise."""
    ts = quiet_stage.post(("door.jpg", fresh("street")), person="camera")
    ignored(heard=1)

    quiet_stage.command("ana", "photos", "/labels mode bots on")
    assert quiet_stage.post_and_wait(("door.jpg", fresh("street")), person="camera")

    quiet_stage.command("ana", "photos", "/labels mode bots off")
    assert quiet_stage.replies(ts) == []


@pytest.mark.parametrize("mode", ["request", "off"])
def test_channel_mode(quiet_stage, fresh, ignored, mode):
    """In a channel set to request or off, pictures are left alone until it is set back."""
    quiet_stage.command("ben", "alerts", f"/labels mode {mode}")
    ts = quiet_stage.post(("park.jpg", fresh()), channel="alerts")
    ignored(heard=1)

    assert quiet_stage.replies(ts, "alerts") == []
    quiet_stage.command("ben", "alerts", "/labels mode auto")
    assert quiet_stage.post_and_wait(("park.jpg", fresh()), channel="alerts")


def test_answer_is_kept_whole(quiet_stage, fresh):
    """What is kept of Rekognition's answer is that answer again, field by field."""
    data = fresh("balloons")
    quiet_stage.aws.register_answer(data, ANSWER)
    reply = quiet_stage.post_and_wait(("lake.jpg", data), channel="D0ANA")
    database = Database(quiet_stage.records, statement_timeout_s=5)
    kept = AnalysisRecords(database, ANSWER_SETTINGS).answer(
        "T0SANDBOX", hashlib.sha256(data).hexdigest()
    )
    database.close()

    assert reply.text == "1 Heron (96 %) · and 1 more below 80 %"
    assert kept == ANSWER
    assert parse_detect_labels(kept).to_response() == ANSWER
