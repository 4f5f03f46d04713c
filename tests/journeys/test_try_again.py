import threading

import pytest

from bot.messages import TRY_AGAIN
from bot.sandbox.faults import Fault

FORBIDDEN = Fault("error", error="AccessDeniedException")


def has_button(reply):
    """Whether Try again stands under a reply."""
    return any(
        element["action_id"] == TRY_AGAIN
        for block in reply.blocks
        for element in block.get("elements", ())
        if block["type"] == "actions"
    )


def shown_files(reply):
    """The pictures that a reply shows."""
    return [block["slack_file"]["id"] for block in reply.blocks if block["type"] == "image"]


def shown_name(reply):
    """The name of the one picture that a reply shows."""
    return next(line.partition(":")[0] for line in reply.text.splitlines() if "1 Dog" in line)


@pytest.fixture
def failed(quiet_stage, fresh):
    """A function that posts while Rekognition says no, then lets it say yes; the ts and reply."""

    def post(*more, channel="photos"):
        quiet_stage.faults.order("rekognition", "DetectLabels", FORBIDDEN)
        ts = quiet_stage.post(("park.jpg", fresh()), *more, channel=channel)
        quiet_stage.wait_marked(ts, channel)
        return ts, quiet_stage.replies(ts, channel)[0]

    return post


def wait_other_reply(stage, ts, reply, channel="photos"):
    """The reply under a message, once it is another one and alone."""

    def others():
        replies = stage.replies(ts, channel)
        return len(replies) == 1 and replies[0].ts != reply.ts

    assert stage.slack.wait_for(others, 20), stage.bot.log_text()[-3000:]
    return stage.replies(ts, channel)[0]


def test_anybody_may_try_again(quiet_stage, failed):
    """When somebody presses Try again and it works, the picture comes and the reason goes."""
    ts, reason = failed()
    assert "Amazon Rekognition" in reason.text
    quiet_stage.slack.press("ben", "photos", reason.ts, TRY_AGAIN)
    reply = wait_other_reply(quiet_stage, ts, reason)

    assert reply.text.startswith("1 Dog")
    assert reply.blocks[0]["type"] == "image"
    assert quiet_stage.slack.wait_for(lambda: "white_check_mark" in quiet_stage.marks(ts), 10)


def test_pressed_five_times(quiet_stage, failed):
    """Pressed five times quickly, Try again opens one attempt; the others hear that it runs."""
    ts, reason = failed(channel="alerts")
    asked, told = quiet_stage.detections, len(quiet_stage.slack.ephemerals("ben"))
    press = (quiet_stage.slack.press, ("ben", "alerts", reason.ts, TRY_AGAIN))
    running = [threading.Thread(target=press[0], args=press[1]) for _ in range(5)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    wait_other_reply(quiet_stage, ts, reason, "alerts")
    quiet_stage.settle(1.0)
    answers = [sent.text for sent in quiet_stage.slack.ephemerals("ben")[told:]]

    assert len(quiet_stage.replies(ts, "alerts")) == 1
    assert quiet_stage.detections - asked == 1
    assert answers == ["That is under way or done already: look in the thread."] * 4


def test_pressed_when_done(quiet_stage, failed):
    """Who presses where the work is done already is pointed to the reply, and nothing is done."""
    ts, reason = failed(channel="lab")
    quiet_stage.faults.order("slack", "chat.delete", Fault("slow", seconds=1))
    quiet_stage.slack.press("ana", "lab", reason.ts, TRY_AGAIN)
    assert quiet_stage.slack.wait_for(lambda: len(quiet_stage.replies(ts, "lab")) == 2, 10)
    asked = quiet_stage.detections
    quiet_stage.slack.press("ana", "lab", reason.ts, TRY_AGAIN)
    wait_other_reply(quiet_stage, ts, reason, "lab")

    assert "look in the thread" in quiet_stage.slack.ephemerals("ana")[-1].text
    assert quiet_stage.detections == asked


def test_fails_again(quiet_stage, failed):
    """When it fails again there is one reason still, and it can be pressed again."""
    ts, first = failed()
    quiet_stage.faults.order("rekognition", "DetectLabels", FORBIDDEN)
    quiet_stage.slack.press("ana", "photos", first.ts, TRY_AGAIN)
    second = wait_other_reply(quiet_stage, ts, first)
    assert has_button(second)
    quiet_stage.slack.press("ana", "photos", second.ts, TRY_AGAIN)

    assert wait_other_reply(quiet_stage, ts, second).text.startswith("1 Dog")


def test_mixed_message(quiet_stage, fresh):
    """The first reply loses only the reason that passed; the second one brings its picture."""
    quiet_stage.faults.order("s3", "PutObject", Fault("error", error="AccessDenied"))
    files = [("a.jpg", fresh()), ("b.jpg", fresh()), ("notes.jpg", b"no picture")]
    ts = quiet_stage.post(*files, channel="alerts")
    quiet_stage.wait_marked(ts, "alerts")
    (first,) = quiet_stage.replies(ts, "alerts")
    shown = shown_files(first)
    assert len(shown) == 1
    assert has_button(first)
    quiet_stage.slack.press("ben", "alerts", first.ts, TRY_AGAIN)
    assert quiet_stage.slack.wait_for(lambda: not has_button(first), 20)
    old, new = quiet_stage.replies(ts, "alerts")
    missing = ({"a.jpg", "b.jpg"} - {shown_name(first)}).pop()

    assert shown_files(old) == shown
    assert "picture store" not in old.text
    assert "notes.jpg: This file is named like a picture but is not one." in old.text
    assert new.text.startswith(f"{missing}: 1 Dog")
    assert "notes" not in new.text
