import csv
import io
import json
import re

import jsonschema
import pytest
import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import PICTURES
from bot.answering import UNKNOWN_LINK
from bot.export_csv import COLUMNS
from bot.export_json import SCHEMA
from bot.sandbox.faults import Fault

NOT_SEEN = (
    "There is no such channel, or it is not one that both you and Spotter are in. "
    "For example: /labels export csv in #photos"
)


@pytest.fixture(scope="module")
def labelled(quiet_stage, fresh):
    """A stage where ana's pictures were labelled, in #photos and in #lab, which is hers alone."""
    quiet_stage.post_and_wait(("park.jpg", fresh()), ("=street.jpg", fresh("street")))
    quiet_stage.post_and_wait(("secret cups.jpg", fresh("kitchen")), channel="lab")
    return quiet_stage


def messages(stage, person):
    """The bot's direct messages to a person that bring a file."""
    return [message for message in stage.slack.direct_messages(person) if message.files]


def export(stage, text, person="ana", channel="photos"):
    """Ask for an export, and give the file's name and text once it is there."""
    before = len(messages(stage, person))
    assert "send it to you in a direct message" in stage.command(person, channel, text)
    assert stage.slack.wait_for(lambda: len(messages(stage, person)) > before, 30), (
        stage.bot.log_text()
    )
    (file_id,) = messages(stage, person)[-1].files
    with stage.slack.world.changed:
        name = stage.slack.world.file(file_id).name
    return name, stage.slack.file_bytes(file_id).decode("utf-8-sig")


def said_directly(stage, person):
    """The texts of the bot's direct messages to a person."""
    return [message.text for message in stage.slack.direct_messages(person)]


def test_json(labelled):
    """JSON holds to the schema and says what the reply says, in pixels of what was posted."""
    name, text = export(labelled, "/labels export json")
    found = json.loads(text)
    jsonschema.validate(found, json.loads(SCHEMA.read_text()))
    park, street = found["pictures"]
    dog = next(label for label in park["labels"] if label["name"] == "Dog")
    posted = next(m for m in labelled.slack.messages("photos") if m.files)

    assert name.endswith(".json")
    assert (park["message_ts"], park["file_id"]) == (posted.ts, posted.files[0])
    assert (park["file_name"], street["file_name"]) == ("park.jpg", "=street.jpg")
    assert park["posted_by"] == "U0ANA"
    assert max(park["size_px"].values()) == 800
    assert len(dog["instances"]) == 1
    assert dog["instances"][0]["box_px"]["width"] > 50
    assert park["permalink"].endswith(f"/archives/C0PHOTOS/p{posted.ts.replace('.', '')}")


def test_csv(labelled):
    """CSV has the same boxes, and the name that looks like a formula is none."""
    _, text = export(labelled, "/labels export csv since 1h in #photos")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    dogs = [row for row in rows if row["label"] == "Dog"]

    assert tuple(rows[0]) == COLUMNS
    assert {row["file_name"] for row in rows} == {"park.jpg", "'=street.jpg"}
    assert [row["instance"] for row in dogs] == ["1"]
    assert float(dogs[0]["confidence_percent"]) > 80


def test_coco(labelled):
    """COCO has one annotation for each box that JSON has."""
    name, text = export(labelled, "/labels export coco")
    found = json.loads(text)
    pictures = json.loads(export(labelled, "/labels export json")[1])["pictures"]
    boxes = [
        [box["left"], box["top"], box["width"], box["height"]]
        for picture in pictures
        for label in picture["labels"]
        for box in (instance["box_px"] for instance in label["instances"])
    ]

    assert name.endswith(".coco.json")
    assert len(found["images"]) == 2
    assert [annotation["bbox"] for annotation in found["annotations"]] == boxes


def test_asker_alone(labelled):
    """The file is in the asker's direct messages: not in the channel, and not with others."""
    before = [len(labelled.slack.direct_messages(person)) for person in ("ana", "guest")]
    in_channel = len(labelled.slack.messages("photos"))
    export(labelled, "/labels export csv", person="ben")

    assert [len(labelled.slack.direct_messages(person)) for person in ("ana", "guest")] == before
    assert len(labelled.slack.messages("photos")) == in_channel


def test_private_channel_of_ones_own(labelled):
    """Ana, who is in #lab, gets its pictures, and those only."""
    for text, channel in (("export json", "lab"), ("export json in #lab", "photos")):
        pictures = json.loads(export(labelled, f"/labels {text}", channel=channel)[1])["pictures"]

        assert [picture["file_name"] for picture in pictures] == ["secret cups.jpg"]


def test_thread(labelled):
    """The link that an export gives for a picture, or that of the reply, brings its thread."""
    (picture,) = json.loads(export(labelled, "/labels export json", channel="lab")[1])["pictures"]
    (reply,) = labelled.replies(picture["message_ts"], "lab")
    to_reply = picture["permalink"].replace(
        picture["message_ts"].replace(".", ""), reply.ts.replace(".", "")
    )
    for link in (picture["permalink"], f"{to_reply}?thread_ts={reply.thread_ts}&amp;cid=C0LAB"):
        found = json.loads(export(labelled, f"/labels export json of {link}")[1])

        assert found["pictures"] == [picture]
        assert labelled.command("ben", "photos", f"/labels export json of {link}") == UNKNOWN_LINK


@pytest.mark.parametrize("person", ["ben", "guest"])
def test_private_channel_of_others(labelled, person):
    """For who is outside, #lab is answered like a channel that is not there, and nothing comes."""
    before = said_directly(labelled, person)
    answers = {
        labelled.command(person, "photos", f"/labels export json in {channel}")
        for channel in ("#lab", "#nowhere")
    }
    labelled.settle(1.5)

    assert answers == {NOT_SEEN}
    assert said_directly(labelled, person) == before


def test_guest(labelled):
    """A guest gets the pictures of a channel that they are in."""
    pictures = json.loads(export(labelled, "/labels export json", person="guest")[1])["pictures"]

    assert {picture["channel"] for picture in pictures} == {"C0PHOTOS"}


def test_nothing_to_export(labelled):
    """Where no picture was posted the asker is told so, and gets no file."""
    before = len(said_directly(labelled, "ben"))
    labelled.command("ben", "alerts", "/labels export csv since 7d")
    assert labelled.slack.wait_for(lambda: len(said_directly(labelled, "ben")) > before, 20)

    assert said_directly(labelled, "ben")[-1].startswith("There is nothing to export:")
    assert labelled.slack.direct_messages("ben")[-1].files == []


def test_uploads_forbidden(labelled):
    """Where Slack takes no files the asker is told so, once."""
    before = len(said_directly(labelled, "ana"))
    labelled.faults.order(
        "slack", "files.getUploadURLExternal", Fault("error", error="file_uploads_disabled")
    )
    labelled.command("ana", "photos", "/labels export csv")
    assert labelled.slack.wait_for(lambda: len(said_directly(labelled, "ana")) > before, 20)
    labelled.settle(1.0)

    assert len(said_directly(labelled, "ana")) == before + 1
    assert "file_uploads_disabled" in said_directly(labelled, "ana")[-1]


@pytest.mark.parametrize("moment", ["arrival", "effect"])
@pytest.mark.parametrize(
    "call", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]
)
def test_killed_on_the_way(labelled, call, moment):
    """Killed at any step of the upload and started again, the bot delivers the file once."""
    before = len(messages(labelled, "ana"))
    labelled.faults.kill_at("slack", call, moment)
    labelled.command("ana", "photos", "/labels export csv")
    assert labelled.until_no_faults()
    labelled.start()
    assert labelled.slack.wait_for(lambda: len(messages(labelled, "ana")) > before, 60), (
        labelled.bot.log_text()
    )
    labelled.settle()

    assert len(messages(labelled, "ana")) == before + 1
    assert list(messages(labelled, "ana")[-1].files) != []


def test_slack_away_meanwhile(labelled):
    """An export that Slack does not take now is made again later; others get theirs meanwhile."""
    before = [len(messages(labelled, person)) for person in ("ana", "ben")]
    for _ in range(4):
        labelled.faults.order("slack", "files.getUploadURLExternal", Fault("status", status=503))
    labelled.command("ana", "photos", "/labels export csv")
    assert labelled.until_no_faults()
    assert labelled.slack.wait_for(lambda: "export_waits" in labelled.bot.log_text(), 20)
    export(labelled, "/labels export json", person="ben")
    assert labelled.slack.wait_for(lambda: len(messages(labelled, "ana")) > before[0], 60)
    labelled.settle()

    assert [len(messages(labelled, p)) for p in ("ana", "ben")] == [n + 1 for n in before]


def test_unforeseen(labelled, fresh):
    """What nobody foresaw ends in a reference that is also in the log, and not in silence."""
    ts = labelled.post_and_wait(("odd.jpg", fresh()), channel="alerts").thread_ts
    database = Database(labelled.records, statement_timeout_s=5)
    with database.begin() as connection:
        row = PICTURES.c.channel == "C0ALERTS", PICTURES.c.ts == ts
        outcome = connection.execute(sa.select(PICTURES.c.outcome).where(*row)).scalar_one()
        broken = {**outcome, "size_px": "unreadable"}
        connection.execute(sa.update(PICTURES).where(*row).values(outcome=broken))
    database.close()
    before = len(said_directly(labelled, "ana"))
    labelled.command("ana", "alerts", "/labels export coco")
    assert labelled.slack.wait_for(lambda: len(said_directly(labelled, "ana")) > before, 20)
    reference = re.search(r"\(ref (\w+)\)", said_directly(labelled, "ana")[-1])

    assert f"reference={reference[1]}" in labelled.bot.log_text()


def test_log_says_nothing_private(labelled):
    """The log holds no file name, no label and no words of the files."""
    log = labelled.bot.log_text()

    assert "export_made" in log
    assert not any(words in log for words in ("street.jpg", "secret cups", "Cup", "Dog"))
