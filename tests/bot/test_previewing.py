import io

import pytest
from PIL import Image

from bot.adapters.picture_worker import preview_picture
from bot.adapters.records import Records
from bot.adapters.slack_files import SlackFiles
from bot.model import MessageRef, Watch
from bot.previewing import Previewing
from bot.sandbox.faults import Fault
from bot.sandbox.scenes import scene_jpeg
from bot.showing import Showing

MESSAGE = MessageRef("T0SANDBOX", "C0PHOTOS", "1700000000.000100")
BOX = {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}
DOG = {"Name": "Dog", "Confidence": 98.5, "Instances": [{"BoundingBox": BOX, "Confidence": 97.5}]}


class Copies:
    """The working copy of a park, at hand."""

    def get(self, _):
        """The copy."""
        return scene_jpeg("park")

    def drop(self, _):
        """It can be had again."""


class Pool:
    """Draws as a worker does, in this process."""

    def preview(self, jpeg, analysis, style, *, hiding):
        """Draw."""
        return preview_picture(jpeg, analysis, style, hiding)


class Desk:
    """A labelled picture that notices are about, and what makes their previews."""

    def __init__(self, slack, workspace, database, *, shares=False):
        self.slack = slack
        self.may_draw = True
        self.notices = Records(database).notices
        records = Records(database)
        records.analyses.note_answer(MESSAGE.team, "ab", {"Labels": [DOG]})
        showing = Showing(records.analyses, records.shows, records.withheld)
        self.shown = showing.shown(MESSAGE.picture("F1"), "ab")
        token, api_url = slack.terms.bot_token, f"{slack.url}/api/"
        self.files = SlackFiles(
            workspace, token=token, api_url=api_url, download_limit_bytes=1_000_000
        )
        self._previewing = Previewing(
            self.files, Pool(), showing, Copies(), notices=self.notices, shares=shares
        )

    def open(self, recipient="U0BEN", file_id="F1"):
        """Open a notice."""
        watch = Watch(1, MESSAGE.team, recipient, "dog")
        return self.notices.open(recipient, MESSAGE.picture(file_id), [watch])

    def preview(self, **about):
        """The preview of a notice as it stands in the records."""
        return self._previewing.preview(
            self.open(**about), "ab", self.shown, may_draw=lambda: self.may_draw
        )


@pytest.fixture
def desk(slack, workspace, database):
    """A desk where previews are made."""
    return Desk(slack, workspace, database)


def test_small_and_drawn_on(desk):
    """A preview is a small JPEG on which the label is drawn, and nobody sees it yet."""
    file_id = desk.preview()
    file = desk.slack.world.files[file_id]
    with Image.open(io.BytesIO(desk.slack.file_bytes(file_id))) as image:
        size, kind = image.size, image.format
    with Image.open(io.BytesIO(scene_jpeg("park"))) as scene:
        longest_px = max(scene.size)

    assert kind == "JPEG"
    assert size[0] == 480 < longest_px
    assert "1 Dog" in file.alt_text
    assert not desk.slack.direct_messages("ben")
    assert desk.open().preview_file_id == file_id


def test_one_for_all_notices(desk):
    """Further notices about the same picture show the same file; another picture has its own."""
    first = desk.preview()

    assert desk.preview(recipient="U0ANA") == first
    assert desk.preview() == first
    assert desk.open(recipient="U0ANA").preview_file_id == first
    assert desk.preview(file_id="F2") != first


def test_not_drawn_for_nobody(desk):
    """What is there already is shown again; where nothing may be drawn, nothing is."""
    desk.may_draw = False
    assert desk.preview() is None
    desk.may_draw = True
    first = desk.preview()
    desk.may_draw = False

    assert desk.preview(recipient="U0ANA") == first


def test_unfinished_is_replaced(desk):
    """An upload that a crash left unfinished is replaced, and not found again."""
    desk.files.send(
        "a.jpg",
        b"x",
        alt_text="",
        on_reserved=lambda file_id: desk.notices.note_preview(desk.open().key, file_id),
    )
    unfinished = desk.open().preview_file_id
    made = desk.preview()

    assert made != unfinished
    assert desk.open().preview_file_id == made


@pytest.mark.parametrize("call", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("error", ["storage_limit_reached", "internal_error"])
def test_goes_without(desk, call, error):
    """Whatever keeps a preview from being made, there is none, and that is no error."""
    desk.slack.faults.order("slack", call, Fault("error", error=error))

    assert desk.preview() is None


def test_none_where_shared(slack, workspace, database):
    """Where blocks may not show files, nothing is uploaded."""
    desk = Desk(slack, workspace, database, shares=True)

    assert desk.preview() is None
    assert desk.slack.ledger.count("slack", "files.getUploadURLExternal") == 0
