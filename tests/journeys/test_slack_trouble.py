import pytest

from bot.sandbox.faults import Fault

CHANNELS = ("photos", "alerts", "lab")
CALLS = ("chat.postMessage", "files.completeUploadExternal", "files.getUploadURLExternal")
FAULTS = {
    "429, one second": Fault("rate_limited", retry_after="1"),
    "429, no seconds": Fault("rate_limited"),
    "429, garbage": Fault("rate_limited", retry_after="soon"),
    "500": Fault("status", status=500),
    "503, done": Fault("status", status=503, done=True),
    "internal_error": Fault("error", error="internal_error"),
    "internal_error, done": Fault("error", error="internal_error", done=True),
    "fatal_error, done": Fault("error", error="fatal_error", done=True),
    "line dropped before": Fault("drop_before"),
    "line dropped after": Fault("drop_after"),
    "answer cut": Fault("cut"),
    "a page of HTML": Fault("html"),
    "half a JSON, done": Fault("status", status=200, body='{"ok": tr', done=True),
}


def assert_one_reply_each(stage, posts):
    """Each post has exactly one reply, with the dog in it."""
    for ts, channel in posts:
        stage.wait_marked(ts, channel)
    stage.settle(1.0)
    texts = [[reply.text for reply in stage.replies(ts, channel)] for ts, channel in posts]

    assert [len(one) for one in texts] == [1] * len(posts), texts
    assert all(one[0].startswith("1 Dog") for one in texts)
    assert stage.faults.pending() == 0


@pytest.mark.parametrize("kind", FAULTS)
def test_slack_fails_once(quiet_stage, fresh, kind):
    """Whatever Slack does instead of answering a write, in the end there is exactly one reply."""
    for call in CALLS:
        quiet_stage.faults.order("slack", call, FAULTS[kind])
    posts = [(quiet_stage.post(("a.jpg", fresh()), channel=name), name) for name in CHANNELS]

    assert_one_reply_each(quiet_stage, posts)


def test_bytes_fail(quiet_stage, fresh):
    """Downloads and uploads that break off are made again."""
    for kind in ("drop_before", "cut", "status", "rate_limited"):
        quiet_stage.faults.order("slack", "download", Fault(kind))
    for kind in ("drop_after", "status", "drop_before"):
        quiet_stage.faults.order("slack", "upload", Fault(kind))
    posts = [(quiet_stage.post(("a.jpg", fresh()), channel=name), name) for name in CHANNELS]

    assert_one_reply_each(quiet_stage, posts)


def test_slack_away(quiet_stage, fresh):
    """An answer that is ready waits for a Slack that stays away for a while."""
    quiet_stage.faults.order("slack", "chat.postMessage", Fault("status"), times=4)
    ts = quiet_stage.post(("a.jpg", fresh()))

    assert_one_reply_each(quiet_stage, [(ts, "photos")])


def test_marks_fail(quiet_stage, fresh):
    """Marks are a courtesy: where Slack refuses them, the reply comes all the same."""
    quiet_stage.faults.order("slack", "reactions.add", Fault("rate_limited", retry_after="30"))
    quiet_stage.faults.order("slack", "reactions.add", Fault("error", error="no_permission"))
    ts = quiet_stage.post(("a.jpg", fresh()), channel="lab")
    quiet_stage.wait_reply(ts, "lab")
    quiet_stage.until_no_faults(5)

    assert quiet_stage.marks(ts, "lab") == set()
    assert len(quiet_stage.replies(ts, "lab")) == 1


def test_uploads_forbidden(quiet_stage, fresh):
    """Where a policy forbids uploads, the summary comes in words."""
    fault = Fault("error", error="file_uploads_disabled")
    quiet_stage.faults.order("slack", "files.getUploadURLExternal", fault)
    ts = quiet_stage.post(("a.jpg", fresh()), channel="alerts")
    quiet_stage.wait_marked(ts, "alerts")
    (reply,) = quiet_stage.replies(ts, "alerts")

    assert reply.text.startswith("1 Dog")
    assert [block["type"] for block in reply.blocks] == ["section", "context", "actions"]


@pytest.mark.parametrize(
    ("done", "words"), [(False, "Something went wrong (ref "), (True, "1 Dog")]
)
def test_answer_of_nonsense(quiet_stage, fresh, done, words):
    """An answer of Slack's that nobody foresaw ends in one reply: it stands, or it is a reason."""
    fault = Fault("status", status=200, body='{"ok": true}', done=done)
    quiet_stage.faults.order("slack", "chat.postMessage", fault)
    ts = quiet_stage.post(("a.jpg", fresh()), channel="lab")
    quiet_stage.wait_marked(ts, "lab")
    quiet_stage.settle()
    (reply,) = quiet_stage.replies(ts, "lab")

    assert words in reply.text


def test_picture_blocks_refused(quiet_stage, fresh):
    """Where Slack refuses pictures in blocks, the picture is shared into the thread instead."""
    quiet_stage.faults.order("slack", "chat.postMessage", Fault("error", error="invalid_blocks"))
    ts = quiet_stage.post(("a.jpg", fresh()), channel="lab")
    quiet_stage.wait_marked(ts, "lab")
    (reply,) = quiet_stage.replies(ts, "lab")

    assert reply.text.startswith("1 Dog")
    assert len(reply.files) == 1
