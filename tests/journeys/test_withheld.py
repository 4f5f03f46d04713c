import io
import itertools
import json
import re

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.adapters.database import Database
from bot.adapters.show_records import ShowRecords
from bot.adapters.tables import LABELS_SEEN
from bot.adapters.withheld_records import WithheldRecords
from bot.model import ShowSettings
from bot.sandbox.slack.nouns import TEAM

NAMES = re.compile(r"\b(woman|man|adult|female|male|bride|hippie|wizard)\b", re.IGNORECASE)
_numbers = itertools.count(40)


def entry(name, *lefts, parents=(), category="Person Description"):
    """A label as DetectLabels gives it, with a box per left edge."""
    boxes = [{"Left": left, "Top": 0.1, "Width": 0.3, "Height": 0.8} for left in lefts]
    return {
        "Name": name,
        "Confidence": 98.0,
        "Instances": [{"BoundingBox": box, "Confidence": 98.0} for box in boxes],
        "Parents": [{"Name": parent} for parent in parents],
        "Aliases": [],
        "Categories": [{"Name": category}],
    }


ANSWER = {
    "Labels": [
        entry("Adult", 0.1, 0.6, parents=["Person"]),
        entry("Female", 0.1, parents=["Person"]),
        entry("Woman", 0.1, parents=["Adult", "Female", "Person"]),
        entry("Male", 0.6, parents=["Person"]),
        entry("Man", 0.6, parents=["Adult", "Male", "Person"]),
        entry("Person", 0.1, 0.6),
        entry("Bride", 0.1, parents=["Person", "Woman"]),
        entry("Hippie", parents=["Person"]),
        entry("Wizard", parents=["Person"]),
        entry("Portrait", parents=["Face", "Person", "Woman"], category="Hobbies and Interests"),
    ],
    "LabelModelVersion": "3.0",
}


@pytest.fixture
def couple(quiet_stage):
    """A function that gives a picture of two people as bytes never posted before."""

    def draw():
        image = Image.linear_gradient("L").resize((640, 480))
        shift = next(_numbers) * 13
        image = image.point([(grey + shift) % 256 for grey in range(256)])
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "PNG")
        quiet_stage.aws.register_answer(buffer.getvalue(), ANSWER)
        return buffer.getvalue()

    return draw


@pytest.fixture
def records(quiet_stage):
    """The bot's own database, to look into."""
    database = Database(quiet_stage.records, statement_timeout_s=5)
    yield database
    database.close()


def labels_seen(database):
    """Every name that a suggestion may draw on."""
    with database.begin() as connection:
        return {row.name for row in connection.execute(LABELS_SEEN.select())}


def test_people_are_people(quiet_stage, couple, records):
    """Nothing withheld is in the reply, its alt text, the file, or what suggestions draw on."""
    reply = quiet_stage.post_and_wait(("couple.png", couple()))
    assert quiet_stage.slack.wait_for(lambda: "Person" in labels_seen(records), 20)
    block = next(block for block in reply.blocks if block["type"] == "image")
    file = quiet_stage.slack.world.file(block["slack_file"]["id"])

    assert reply.text == "2 \N{MULTIPLICATION SIGN} Person (98 %) · Portrait"
    assert not NAMES.search(reply.text + json.dumps(reply.blocks) + file.alt_text)
    assert not NAMES.search(" ".join(labels_seen(records)))


def test_hidden_though_withheld(quiet_stage, couple, records):
    """Who is to be hidden is hidden in the file also where nobody may say that they are there."""
    image = Image.open(io.BytesIO(couple())).copy()
    image.paste(Image.effect_noise((160, 340), 150), (80, 70))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    quiet_stage.aws.register_answer(buffer.getvalue(), ANSWER)
    shows = ShowRecords(records)
    shows.change_settings(TEAM, "C0PHOTOS", lambda _: ShowSettings(style={"hide": ["Woman"]}))
    reply = quiet_stage.post_and_wait(("couple.png", buffer.getvalue()))
    shows.change_settings(TEAM, "C0PHOTOS", lambda _: ShowSettings())
    block = next(block for block in reply.blocks if block["type"] == "image")
    drawn = Image.open(quiet_stage.slack.world.file(block["slack_file"]["id"]).path)

    assert reply.text == "2 \N{MULTIPLICATION SIGN} Person (98 %) · Portrait"
    assert roughness(image) > 50
    assert roughness(drawn) < 20


def roughness(image):
    """How much neighbouring pixels differ in the middle of the woman's box."""
    part = image.convert("L").crop((100, 200, 230, 300))
    return ImageStat.Stat(ImageChops.difference(part, ImageChops.offset(part, 1, 0))).mean[0]


def test_no_suggestion(quiet_stage, couple):
    """A slip that comes close to a withheld name is answered like any unknown word."""
    quiet_stage.post_and_wait(("couple.png", couple()))
    quiet_stage.settle()
    close, unknown = (
        quiet_stage.command("ben", "photos", f"watch {word}") for word in ("wizzard", "zyxw")
    )

    assert close.replace("wizzard", "zyxw") == unknown


def test_watch_is_refused(quiet_stage):
    """Watching a withheld label is refused with the reason, and no watch is kept."""
    answer = quiet_stage.command("guest", "photos", "watch WOMAN over 90%")

    assert "gender" in answer
    assert quiet_stage.command("guest", "photos", "watches").startswith("You watch nothing yet.")


def test_review(quiet_stage, couple, records):
    """What waits for an admin is told to admins alone; once shown, it shows and alerts."""
    quiet_stage.command("ben", "photos", "watch wizard")
    quiet_stage.post_and_wait(("couple.png", couple()))
    quiet_stage.settle()
    assert quiet_stage.slack.direct_messages("ben") == []
    assert "Only admins" in quiet_stage.command("ben", "photos", "review")
    assert "Only admins" in quiet_stage.command("ben", "photos", "show wizard")
    assert "*Wizard*" in quiet_stage.command("ana", "photos", "review")
    quiet_stage.command("ana", "photos", "show wizard")
    reply = quiet_stage.post_and_wait(("couple.png", couple()))
    notice = quiet_stage.wait_notice("ben")
    (change,) = WithheldRecords(records).audit(TEAM, at_most=9)
    told = quiet_stage.command("ana", "photos", "audit")

    assert "Wizard" in reply.text
    assert notice.text.startswith("Wizard (98 %)")
    assert "No label waits" in quiet_stage.command("ana", "photos", "review")
    assert (change.person, change.before, change.after) == ("U0ANA", True, False)
    assert "<@U0ANA>, withheld label wizard: yes → no" in told
    assert "Only admins" in quiet_stage.command("ben", "photos", "audit")


def test_admin_withholds(quiet_stage, fresh):
    """A label that an admin withholds is gone from the next reply, and its watches are silent."""
    quiet_stage.command("guest", "photos", "watch dog")
    quiet_stage.command("ana", "photos", "withhold Dog")
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()))
    quiet_stage.settle()
    quiet_stage.command("ana", "photos", "show Dog")

    assert "Dog" not in reply.text
    assert quiet_stage.slack.direct_messages("guest") == []
