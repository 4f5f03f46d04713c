"""Where pictures are shared into the thread as files: what happens to such a reply later."""

import pytest

from bot.sandbox.faults import Fault

NAMES = ("zebu.jpg", "okapi.jpg")


@pytest.fixture(scope="module")
def sharing(tmp_path_factory, stage_of):
    """A stage where replies are shared files."""
    folder = tmp_path_factory.mktemp("sharing")
    with stage_of(folder, "socket", REPLY_PICTURE="share") as stage:
        yield stage


def post(stage, fresh):
    """Post two pictures; the ts, once they are answered."""
    ts = stage.post(*((name, fresh()) for name in NAMES))
    stage.wait_marked(ts)
    return ts


def test_one_is_deleted(sharing, fresh):
    """When one of two files is deleted its words go, and no block shows a picture from then on."""
    ts = post(sharing, fresh)
    files = next(m.files for m in sharing.slack.messages("photos") if m.ts == ts)
    sharing.slack.delete_file("ana", files[0])
    assert sharing.slack.wait_for(lambda: "zebu" not in sharing.replies(ts)[0].text, 20)
    (reply,) = sharing.replies(ts)

    assert reply.text.startswith("okapi.jpg: 1 Dog")
    assert len(reply.files) == 2
    assert not [block for block in reply.blocks if block["type"] == "image"]


def test_one_is_tried_again(sharing, fresh):
    """A reason that is tried again goes from the words; the pictures beside them stay."""
    sharing.faults.order("s3", "PutObject", Fault("error", error="AccessDenied"))
    ts = post(sharing, fresh)
    (first,) = sharing.replies(ts)
    shown, said = list(first.files), first.text
    sharing.slack.shortcut("ben", "label_images", "photos", ts)
    assert sharing.slack.wait_for(lambda: len(sharing.replies(ts)) == 2, 20)
    assert sharing.slack.wait_for(lambda: sharing.replies(ts)[0].text != said, 20)
    old, new = sharing.replies(ts)

    assert len(shown) == len(new.files) == 1
    assert old.files == shown
    assert "picture store" in said
    assert "picture store" not in old.text
    assert not [block for block in old.blocks if block["type"] == "image"]
