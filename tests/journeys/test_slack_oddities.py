import pytest

from bot import errors
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import SLACK_CONNECT_STUB, external_stub

NOTES = b"Milk, bread"
BLOCKS_AT_MOST = 50


def file_of(stage, ts, channel="photos"):
    """The id of the file that a message carries."""
    posted = next(m for m in stage.slack.messages(channel) if m.ts == ts)
    return posted.files[0]


@pytest.mark.parametrize("kind", ["dropbox", "gdrive", "onedrive"])
def test_external_picture(quiet_stage, fresh, kind):
    """A picture that lies with somebody else is not fetched from there; its poster is told."""
    stub = external_stub("park.jpg", "image/jpeg", kind)
    loads = quiet_stage.ledger.count("slack", "download")
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()), stub=stub)

    assert reply.text == str(errors.FileHidden())
    assert quiet_stage.ledger.count("slack", "download") == loads


def test_external_document(quiet_stage, fresh):
    """A document that lies with somebody else is left alone."""
    stub = external_stub("Minutes", "application/vnd.google-apps.document", "gdrive")
    ts = quiet_stage.post(("minutes", NOTES), stub=stub)
    quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")

    assert quiet_stage.replies(ts) == []


@pytest.mark.parametrize("name", ["IMG_0042.HEIC", "park.jpg", "IMG_0042"])
def test_no_type_yet(quiet_stage, fresh, name):
    """A picture that Slack is still processing, and tells no type of, is answered."""
    reply = quiet_stage.post_and_wait((name, fresh()), processing_s=0.7, channel="alerts")

    assert reply.text.startswith("1 Dog")


def test_no_type_and_no_picture(quiet_stage, fresh):
    """A file without type or ending that proves to be no picture is left alone, in silence."""
    ts = quiet_stage.post(("NOTES", NOTES), processing_s=0.7)
    quiet_stage.post_and_wait(("park.jpg", fresh()), processing_s=1.5, channel="lab")
    quiet_stage.settle()

    assert quiet_stage.replies(ts) == []


def test_twin_events(quiet_stage, fresh):
    """An upload of which Slack tells by a message and by two twins of it is answered once."""
    asked = quiet_stage.detections
    quiet_stage.faults.order("event", "file_shared", Fault("duplicate"))
    ts = quiet_stage.post(("park.jpg", fresh()))
    quiet_stage.wait_marked(ts)
    quiet_stage.settle()

    assert quiet_stage.faults.pending() == 0
    assert quiet_stage.detections - asked == 1
    assert len(quiet_stage.replies(ts)) == 1


def test_ten_files(quiet_stage, fresh):
    """Ten files in one message get one reply that shows all ten, in order, inside Slack's limit."""
    kinds = ("park", "street", "kitchen", "balloons", "crowd")
    files = [(f"{n}.jpg", fresh(kinds[n % 5])) for n in range(10)]
    ts = quiet_stage.post(*files, text="All of them")
    quiet_stage.wait_marked(ts)
    (reply,) = quiet_stage.replies(ts)
    shown = [block["type"] for block in reply.blocks]

    assert [line.partition(":")[0] for line in reply.text.splitlines()] == [n for n, _ in files]
    assert shown.count("image") == 10
    assert len(shown) <= BLOCKS_AT_MOST


def test_second_channel(quiet_stage, fresh):
    """A file shared to a second channel is answered there anew, for who may see that one.

    It is not looked at again.
    """
    quiet_stage.command("ben", "photos", "/labels watch boat")
    asked, told = quiet_stage.detections, len(quiet_stage.slack.direct_messages("ben"))
    first = quiet_stage.post(("beach.jpg", fresh("beach")), channel="lab")
    quiet_stage.wait_marked(first, "lab")
    quiet_stage.settle()
    told_of_lab = len(quiet_stage.slack.direct_messages("ben")) - told
    second = quiet_stage.slack.share("ana", "alerts", file_of(quiet_stage, first, "lab"))
    quiet_stage.wait_marked(second, "alerts")
    heard = quiet_stage.slack.wait_for(
        lambda: len(quiet_stage.slack.direct_messages("ben")) - told == 1, 20
    )
    quiet_stage.command("ben", "photos", "/labels unwatch boat")
    pictures = [
        quiet_stage.replies(ts, channel)[0].blocks[0]["slack_file"]["id"]
        for ts, channel in ((first, "lab"), (second, "alerts"))
    ]

    assert (told_of_lab, heard) == (0, True)
    assert "<#C0ALERTS>" in quiet_stage.slack.direct_messages("ben")[-1].text
    assert quiet_stage.detections - asked == 1
    assert pictures[0] != pictures[1]


def test_tombstone_later(quiet_stage, fresh):
    """A file that is deleted after it was answered leaves a tombstone, and that is no new post."""
    asked = quiet_stage.detections
    ts = quiet_stage.post(("park.jpg", fresh()), text="Look")
    quiet_stage.wait_marked(ts)
    quiet_stage.slack.delete_file("ana", file_of(quiet_stage, ts))
    quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")

    assert len(quiet_stage.replies(ts)) <= 1
    assert quiet_stage.detections - asked == 2


def test_connect_stub_in_any_place(quiet_stage, fresh):
    """A file that was first posted in a shared channel is a stub in others too, and is labelled."""
    first = quiet_stage.post_and_wait(
        ("a", fresh()), ("b.jpg", fresh("kitchen")), channel="lab", stub=SLACK_CONNECT_STUB
    )

    assert [line[:8] for line in first.text.splitlines()] == ["a: 1 Dog", "b.jpg: 1"]
