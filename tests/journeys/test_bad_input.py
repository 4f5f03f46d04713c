import re

import pytest

from bot.messages import TRY_AGAIN
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import (
    DENIED_STUB,
    HIDDEN_STUB,
    SLACK_CONNECT_STUB,
    TOMBSTONE_STUB,
)
from bot.sandbox.slack.terms import SCOPES, Terms

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
PAGE = b"<!DOCTYPE html><html><body>Sign in</body></html>"
HIDDEN = (
    "Slack does not show this file to Spotter (it lies outside this workspace, or beyond the "
    "plan's limit). Upload the picture itself."
)
DELETED = "This file was deleted before it could be read. Post it again if that was a mistake."
NO_PICTURE = (
    "This file is named like a picture but is not one. Export it as JPEG "
    "or PNG from the program that made it, and post that."
)
SIGN_IN = (
    "Slack does not let Spotter read files here. An admin should reinstall the app with the "
    "files:read permission; then press Try again."
)
CUT = "This picture is damaged or cut off. Post it again, or export it anew as JPEG or PNG."
SVG_REASON = (
    "Spotter does not read SVG pictures. Post it as JPEG, PNG, HEIC, WebP, GIF, TIFF, AVIF or BMP."
)
REASONS = {
    "not an image": NO_PICTURE,
    "a page of HTML": NO_PICTURE,
    "empty": "This file is empty. Post the picture again.",
    "truncated": CUT,
    "SVG": SVG_REASON,
    "hidden by the plan": HIDDEN,
    "access denied": HIDDEN,
}
PLACES = ("photos", "alerts", "lab", "D0ANA")
LEAKS = re.compile(
    r"Traceback|xox|xapp|/tmp/|/work|\.py\b|Error\b|Exception|files-pri", re.IGNORECASE
)


def has_button(reply):
    """Whether Try again stands under a reply."""
    return any(
        element["action_id"] == TRY_AGAIN
        for block in reply.blocks
        for element in block.get("elements", ())
        if block["type"] == "actions"
    )


@pytest.fixture(scope="module")
def answers(quiet_stage, fresh):
    """The replies to all kinds of bad files, each posted as a message of its own, at once."""
    whole = fresh()
    posted = {
        "not an image": (("holiday.jpg", b"Dear diary, today"), None),
        "a page of HTML": (("holiday.jpg", PAGE), None),
        "empty": (("holiday.jpg", b""), None),
        "truncated": (("holiday.jpg", whole[: len(whole) // 2]), None),
        "SVG": (("logo.png", SVG), None),
        "hidden by the plan": (("old.jpg", whole), HIDDEN_STUB),
        "access denied": (("private.jpg", whole), DENIED_STUB),
    }
    asked = quiet_stage.detections
    places = [
        (
            name,
            PLACES[number % len(PLACES)],
            quiet_stage.post(file, channel=PLACES[number % 4], stub=stub),
        )
        for number, (name, (file, stub)) in enumerate(posted.items())
    ]
    for _, channel, ts in places:
        quiet_stage.wait_marked(ts, channel)
    assert quiet_stage.detections == asked
    return {
        name: (quiet_stage.replies(ts, channel), quiet_stage.marks(ts, channel))
        for name, channel, ts in places
    }


@pytest.mark.parametrize("kind", REASONS)
def test_bad_file(answers, kind):
    """A file that cannot be labelled gets one plain reason, which says what its poster can do."""
    (reply,), marks = answers[kind]

    assert reply.text == REASONS[kind]
    assert marks == {"eyes", "warning"}
    assert not has_button(reply)


def test_sign_in_page(quiet_stage, fresh):
    """Slack's sign-in page in the place of the file is an admin's turn, and can be tried again."""
    quiet_stage.faults.order("slack", "download", Fault("html"))
    reply = quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")

    assert reply.text == SIGN_IN
    assert has_button(reply)


def test_deleted_before_read(quiet_stage, fresh):
    """A file that Slack removed without a word before it was read gets a reason, not silence."""
    quiet_stage.faults.order("slack", "download", Fault("slow", seconds=0.7))
    ts = quiet_stage.post(("park.jpg", fresh()), text="Look", channel="alerts")
    posted = next(m for m in quiet_stage.slack.messages("alerts") if m.ts == ts)
    quiet_stage.slack.lose_file(posted.files[0])
    quiet_stage.wait_marked(ts, "alerts")
    (reply,) = quiet_stage.replies(ts, "alerts")

    assert reply.text == DELETED


def test_slack_connect_stub(quiet_stage, fresh):
    """A file of which a shared channel's event tells nothing is asked about, and labelled."""
    file = ("park.jpg", fresh())
    reply = quiet_stage.post_and_wait(file, channel="D0ANA", stub=SLACK_CONNECT_STUB)

    assert reply.text.startswith("1 Dog")


@pytest.mark.parametrize("stub", [SLACK_CONNECT_STUB, TOMBSTONE_STUB])
def test_nothing_to_say(quiet_stage, fresh, stub):
    """A withheld file that proves to be no picture, and one already gone, are left alone."""
    ts = quiet_stage.post(("a.pdf", b"%PDF-1.7 minutes"), channel="lab", stub=stub)
    quiet_stage.post_and_wait(("park.jpg", fresh()), channel="lab")

    assert quiet_stage.replies(ts, "lab") == []
    assert quiet_stage.marks(ts, "lab") == set()


def test_good_and_bad(quiet_stage, fresh):
    """A message of good and bad files gets one reply, with the pictures and the reason in order."""
    files = [("a.jpg", fresh()), ("b.jpg", b"no picture"), ("c.jpg", fresh("kitchen"))]
    ts = quiet_stage.post(*files, channel="photos")
    quiet_stage.wait_marked(ts)
    (reply,) = quiet_stage.replies(ts)
    lines = reply.text.splitlines()
    kinds = [block["type"] for block in reply.blocks[:-1] if block["type"] != "context"]

    assert lines[0].startswith("a.jpg: 1 Dog")
    assert lines[1] == f"b.jpg: {NO_PICTURE}"
    assert lines[2].startswith("c.jpg: 1 Cat")
    assert kinds == ["image", "section", "section", "image", "section"]


def test_missing_scope(tmp_path, stage_of, fresh):
    """An app that was installed without files:read says in the thread which permission it lacks."""
    terms = Terms(tiers=False, scopes=SCOPES - {"files:read"})
    with stage_of(tmp_path, "socket", terms) as stage:
        reply = stage.post_and_wait(("park.jpg", fresh()))

    assert reply.text == SIGN_IN


def test_nothing_leaks(quiet_stage, answers):
    """No reply holds a traceback, a path, an address of a file or a token."""
    assert answers
    assert [words for words in quiet_stage.said() if LEAKS.search(words)] == []
