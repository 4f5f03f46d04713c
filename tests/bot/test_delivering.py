import csv
import dataclasses
import io
import json
import tempfile

import pytest

from bot import delivering, errors
from bot.access import Access
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.library_records import LibraryRecords
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.show_records import ShowRecords
from bot.adapters.slack_files import SlackFiles
from bot.adapters.withheld_records import WithheldRecords
from bot.delivering import Delivering
from bot.exports import Scope
from bot.model import Correction, MessageRef
from bot.sandbox.faults import Fault
from bot.showing import Showing

TEAM = "T0SANDBOX"
BOX = {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}
DOG = {"Name": "Dog", "Confidence": 98.5, "Instances": [{"BoundingBox": BOX, "Confidence": 97.5}]}
ANSWER = {"Labels": [DOG, {"Name": "Woman", "Confidence": 90.5}], "LabelModelVersion": "3.0"}
SIZES = {"size_px": [1000, 500], "copy_px": [1000, 500]}


class Counter:
    """Where exports are made and handed over."""

    def __init__(self, slack, workspace, database):
        self.slack = slack
        self.database = database
        token, api_url = slack.terms.bot_token, f"{slack.url}/api/"
        self.shows = ShowRecords(database)
        self.delivering = Delivering(
            workspace=workspace,
            files=SlackFiles(
                workspace, token=token, api_url=api_url, download_limit_bytes=1_000_000
            ),
            access=Access(workspace, TEAM),
            library=LibraryRecords(database, "now", answered=("labelled",)),
            showing=Showing(
                AnalysisRecords(database, "now"), self.shows, WithheldRecords(database)
            ),
            site_url=f"{slack.url}/",
        )

    def keep(self, ts, channel="C0PHOTOS", **more):
        """Keep a labelled picture."""
        message, file_id = MessageRef(TEAM, channel, ts), f"F{ts[9:10]}{channel}"
        messages = MessageRecords(self.database)
        with self.database.begin() as connection:
            messages.accept(connection, Accepted(message, ts, "U0ANA"), files=[{"id": file_id}])
        outcome = {"outcome": "labelled", "name": "park.jpg", **SIZES, **more}
        messages.note_picture(message, file_id, outcome=outcome, sha256="ab")
        AnalysisRecords(self.database, "now").note_answer(TEAM, "ab", ANSWER)

    def files(self, person):
        """Give the files that the bot has put into its direct messages with a person."""
        messages = self.slack.direct_messages(person)
        return [self.slack.file_bytes(file) for message in messages for file in message.files]


@pytest.fixture
def counter(slack, workspace, database):
    """A counter where two pictures of #photos and one of #lab can be had."""
    counter = Counter(slack, workspace, database)
    counter.keep("1790000000.000100")
    counter.keep("1790000001.000100")
    counter.keep("1790000002.000100", channel="C0LAB")
    return counter


def job(*channels, person="U0ANA", file_format="json", **more):
    """Make a job's arguments, as they come back from the database."""
    scope = dataclasses.asdict(Scope(channels or ("C0PHOTOS",), **more))
    asked = {"team": TEAM, "person": person, "format": file_format, "scope": scope}
    return json.loads(json.dumps(asked))


def hand_over(counter, asked):
    """Make and deliver; what was made."""
    made = counter.delivering.make(asked)
    assert counter.delivering.deliver(asked, made) == {"outcome": "delivered"}
    counter.slack.wait_for(lambda: counter.files("ana") or counter.files("ben"), 5)
    return made


def test_asker_gets_file(counter):
    """The file reaches the asker's direct messages, and nobody else's, with a word beside it."""
    made = hand_over(counter, job())
    (data,) = counter.files("ana")
    (message,) = counter.slack.direct_messages("ana")
    found = json.loads(data)["pictures"]

    assert message.text == "The labels of 2 pictures, as you asked."
    assert [picture["message_ts"] for picture in found] == [
        "1790000000.000100",
        "1790000001.000100",
    ]
    assert found[0]["permalink"].startswith(f"{counter.slack.url}/archives/C0PHOTOS/p1790000000")
    assert counter.files("ben") == []
    assert made["channels"] == ["C0PHOTOS"]


@pytest.mark.parametrize(("person", "count"), [("U0ANA", 3), ("U0BEN", 2)])
def test_only_visible_channels(counter, person, count):
    """Of several channels those count which the asker may see now."""
    made = counter.delivering.make(job("C0LAB", "C0PHOTOS", person=person))

    assert made["pictures"] == count
    assert ("C0LAB" in made["channels"]) == (count == 3)


@pytest.mark.parametrize("channels", [("C0LAB",), ("C0NOWHERE",), ("C0LAB", "C0NOWHERE")])
def test_unseen_channel(counter, channels):
    """A channel that the asker may not see is told apart from none in no way."""
    with pytest.raises(errors.ChannelNotSeen) as caught:
        counter.delivering.make(job(*channels, person="U0BEN"))

    assert caught.value.facts == {}
    assert counter.slack.ledger.count("slack", "files.getUploadURLExternal") == 0


def test_access_asked_again(counter):
    """Whoever leaves the channel before the file is shared does not get it."""
    asked = job("C0LAB")
    made = counter.delivering.make(asked)
    with counter.slack.world.changed:
        counter.slack.world.channels["C0LAB"].members.remove("U0ANA")
    with pytest.raises(errors.ChannelNotSeen):
        counter.delivering.deliver(asked, made)

    assert counter.files("ana") == []


def test_period(counter):
    """What was posted before the period is not in the file."""
    assert counter.delivering.make(job(since_s=1790000001.0))["pictures"] == 1


def test_nothing_there(counter):
    """Where there is no picture nothing is sent, and the words say so."""
    with pytest.raises(errors.NothingToExport, match="There is nothing to export"):
        counter.delivering.make(job(since_s=1890000000.0))

    assert counter.slack.ledger.count("slack", "files.getUploadURLExternal") == 0


def test_sizes_unknown(counter):
    """COCO leaves out pictures whose sizes were not kept and says how many; alone it says why."""
    asked = job("C0ALERTS", file_format="coco")
    counter.keep("1790000003.000100", channel="C0ALERTS", size_px=None)
    with pytest.raises(errors.SizesNotKept, match="json or csv"):
        counter.delivering.make(asked)
    counter.keep("1790000004.000100", channel="C0ALERTS")
    hand_over(counter, asked)

    assert counter.slack.direct_messages("ana")[0].text == (
        "The labels of 1 picture, as you asked. 1 more had to be left out: COCO needs sizes in "
        "pixels, and theirs were not kept. The formats json and csv have them all."
    )


def test_told_as_shown(counter):
    """What is withheld or corrected stays so in the file, with who said it."""
    rename = Correction("rename", "Dog", "Wolf")
    for ts in ("1790000000.000100", "1790000001.000100"):
        source = MessageRef(TEAM, "C0PHOTOS", ts).picture(f"F{ts[9:10]}C0PHOTOS")
        with counter.database.begin() as connection:
            counter.shows.add_correction(connection, source, rename)
    hand_over(counter, job(file_format="csv"))
    (data,) = counter.files("ana")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))

    assert [(row["label"], row["origin"]) for row in rows] == [("Wolf", "human")] * 2
    assert b"Woman" not in data
    assert b"Dog" not in data


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_delivered_once(counter, fault):
    """A share of unknown outcome is looked up before it is done again."""
    asked = job()
    made = counter.delivering.make(asked)
    counter.slack.faults.order("slack", "files.completeUploadExternal", Fault(fault))
    if fault == "drop_before":
        with pytest.raises(errors.SlackUnknown):
            counter.delivering.deliver(asked, made)
    for _ in range(2):
        assert counter.delivering.deliver(asked, made) == {"outcome": "delivered"}
    counter.slack.wait_for(lambda: counter.files("ana"), 5)

    assert len(counter.files("ana")) == 1


def test_nothing_stays_on_disk(counter, tmp_path, monkeypatch):
    """No file is left in the folder for temporary ones, whether the upload works or not."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    counter.delivering.make(job(file_format="coco"))
    counter.slack.faults.order("slack", "upload", Fault("drop_before"))
    with pytest.raises(errors.SlackUnknown):
        counter.delivering.make(job(file_format="coco"))

    assert set(tmp_path.iterdir()) == before


def test_too_large(counter, monkeypatch):
    """What Slack would not take as one file is not sent."""
    monkeypatch.setattr(delivering, "MAX_BYTES", 100)
    with pytest.raises(errors.ExportTooLarge):
        counter.delivering.make(job())

    assert counter.slack.ledger.count("slack", "files.getUploadURLExternal") == 0


def test_explained_once(counter):
    """The reason is told to the asker once, however often the step is run."""
    outcome = errors.NothingToExport().to_outcome()
    for _ in range(2):
        counter.delivering.explain(job(), outcome, "export-1")
    (message,) = counter.slack.direct_messages("ana")

    assert message.text == str(errors.NothingToExport())


def test_slack_refusal_in_own_words(counter):
    """What Slack refuses is told in words about a file, not about a reply's button."""
    outcome = errors.SlackRefused(error="file_uploads_disabled").to_outcome()
    counter.delivering.explain(job(), outcome, "export-1")
    (message,) = counter.slack.direct_messages("ana")

    assert "file_uploads_disabled" in message.text
    assert "Try again" not in message.text


def test_patience_is_not_lost(counter):
    """While Slack is away nothing is read or written, and the step can be tried again."""
    counter.slack.faults.order("slack", "users.info", Fault("drop_before"))
    with pytest.raises(errors.SlackUnknown):
        counter.delivering.make(job())

    assert counter.delivering.make(job())["pictures"] == 2
