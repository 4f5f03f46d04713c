import pytest

from bot.messages import TRY_AGAIN
from bot.sandbox.faults import Fault

UNKNOWN = "I know no picture behind that link that you may see."


def link_to(stage, ts, channel="C0PHOTOS"):
    """Slack's link to a message."""
    return f"{stage.slack.url}/archives/{channel}/p{ts.replace('.', '')}"


def wait_other(stage, ts, reply, channel="photos"):
    """The reply under a message, once it is another one and alone."""

    def is_other():
        replies = stage.replies(ts, channel)
        return len(replies) == 1 and replies[0].ts != reply.ts

    assert stage.slack.wait_for(is_other, 40), stage.bot.log_text()[-3000:]
    return stage.replies(ts, channel)[0]


def shown_file(stage, reply):
    """The picture that a reply shows, as Slack keeps it."""
    block = next(block for block in reply.blocks if block["type"] == "image")
    return stage.slack.world.file(block["slack_file"]["id"])


@pytest.fixture
def labelled(quiet_stage, fresh):
    """A function that posts a park and gives its ts and reply."""

    def post(**more):
        ts = quiet_stage.post(("park.jpg", fresh()), **more)
        quiet_stage.wait_marked(ts, more.get("channel", "photos"))
        return ts, quiet_stage.replies(ts, more.get("channel", "photos"))[0]

    return post


def test_wrong_label_goes(quiet_stage, labelled):
    """A wrong label goes from words and picture, in a new reply, without a question to AWS."""
    ts, old = labelled()
    asked, picture = quiet_stage.detections, shown_file(quiet_stage, old)
    answer = quiet_stage.command("ben", "photos", f"wrong dog in {link_to(quiet_stage, ts)}")
    new = wait_other(quiet_stage, ts, old)

    assert answer == "Noted: it shows no *dog*. A corrected answer comes in the thread."
    assert "Dog" in old.text
    assert "Dog" not in new.text
    assert "1 Person" in new.text
    assert shown_file(quiet_stage, new).path.read_bytes() != picture.path.read_bytes()
    assert quiet_stage.slack.wait_for(lambda: picture.deleted, 10)
    assert quiet_stage.detections == asked


def test_corrections_add_up(quiet_stage, labelled):
    """Each correction keeps those before it, and says that it is one."""
    ts, reply = labelled()
    link = link_to(quiet_stage, ts)
    quiet_stage.command("ben", "photos", f"rename dog to mountain goat in {link}")
    reply = wait_other(quiet_stage, ts, reply)
    assert "1 Mountain Goat (corrected)" in reply.text
    assert "corrected by Ben" in reply.text
    quiet_stage.command("ana", "photos", f"add Picnic to {link_to(quiet_stage, reply.ts)}")
    reply = wait_other(quiet_stage, ts, reply)

    assert "1 Mountain Goat (corrected)" in reply.text
    assert "Picnic (corrected)" in reply.text
    assert "corrected by Ben, Ana" in reply.text
    assert "Dog" not in reply.text


def test_quick_corrections(quiet_stage, labelled):
    """Corrections one right after the other end in one reply that has them all."""
    ts, old = labelled()
    link = link_to(quiet_stage, ts)
    for label in ("dog", "bird", "tree"):
        quiet_stage.command("ben", "photos", f"wrong {label} in {link}")

    def is_done():
        replies = quiet_stage.replies(ts)
        gone = not any(name in replies[-1].text for name in ("Dog", "Bird", "Tree"))
        return len(replies) == 1 and gone

    assert quiet_stage.slack.wait_for(is_done, 40), quiet_stage.bot.log_text()[-3000:]
    quiet_stage.settle()
    assert is_done()
    assert not shown_file(quiet_stage, quiet_stage.replies(ts)[0]).deleted
    assert quiet_stage.replies(ts)[0].ts != old.ts


@pytest.mark.parametrize("person", ["ben", "guest"])
def test_private_is_unknown(quiet_stage, labelled, person):
    """A picture in a channel one may not see is the same as one that is not there."""
    ts, _ = labelled(channel="lab")
    there = quiet_stage.command(
        person, "photos", f"wrong dog in {link_to(quiet_stage, ts, 'C0LAB')}"
    )
    nowhere = quiet_stage.command(
        person, "photos", f"wrong dog in {link_to(quiet_stage, '1.000001', 'C0LAB')}"
    )
    quiet_stage.settle()

    assert there == nowhere == UNKNOWN
    assert "Dog" in quiet_stage.replies(ts, "lab")[0].text


def test_correction_stays_in_channel(quiet_stage, fresh):
    """What was corrected in one channel shows nowhere else, also for the very same bytes."""
    data = fresh()
    first = quiet_stage.post_and_wait(("park.jpg", data), channel="lab")
    (ts,) = (m.ts for m in quiet_stage.slack.messages("lab") if m.ts == first.thread_ts)
    link = link_to(quiet_stage, ts, "C0LAB")
    quiet_stage.command("ana", "lab", f"rename dog to wolf in {link}")
    wait_other(quiet_stage, ts, first, "lab")
    again = quiet_stage.post_and_wait(("park.jpg", data))

    assert "Wolf" not in again.text
    assert "1 Dog" in again.text


def test_reason_stays_with_button(quiet_stage, fresh):
    """A reason in the same message is said again, and its button works on the new reply."""
    quiet_stage.faults.order("s3", "PutObject", Fault("error", error="AccessDenied"))
    ts = quiet_stage.post(("a.jpg", fresh()), ("b.jpg", fresh()), channel="alerts")
    quiet_stage.wait_marked(ts, "alerts")
    (old,) = quiet_stage.replies(ts, "alerts")
    link = link_to(quiet_stage, ts, "C0ALERTS")
    quiet_stage.command("ben", "alerts", f"wrong bird in {link}")
    new = wait_other(quiet_stage, ts, old, "alerts")
    assert "picture store" in new.text
    assert "1 Bird" not in new.text
    quiet_stage.slack.press("ben", "alerts", new.ts, TRY_AGAIN)
    assert quiet_stage.slack.wait_for(lambda: len(quiet_stage.replies(ts, "alerts")) == 2, 20)

    assert quiet_stage.slack.wait_for(lambda: "picture store" not in new.text, 20)


def test_original_gone(quiet_stage, labelled):
    """Where the original is gone, the corrected reply comes in words alone."""
    ts, old = labelled()
    quiet_stage.faults.order("s3", "GetObject", Fault("error", error="NoSuchKey"))
    quiet_stage.command("ben", "photos", f"wrong dog in {link_to(quiet_stage, ts)}")
    new = wait_other(quiet_stage, ts, old)

    assert "1 Person" in new.text
    assert "Dog" not in new.text


def test_several_pictures(quiet_stage, fresh):
    """A number says which of several pictures is meant; without one, all that show the label."""
    ts = quiet_stage.post(("a.jpg", fresh()), ("b.jpg", fresh()))
    quiet_stage.wait_marked(ts)
    (reply,) = quiet_stage.replies(ts)
    link = link_to(quiet_stage, ts)
    refused = quiet_stage.command("ben", "photos", f"add cat to {link}")
    quiet_stage.command("ben", "photos", f"wrong dog in {link} 2")
    reply = wait_other(quiet_stage, ts, reply)

    assert "2 pictures" in refused
    assert [line.partition(":")[0] for line in reply.text.splitlines() if "1 Dog" in line] == [
        "a.jpg"
    ]


def test_no_second_alert(quiet_stage, labelled):
    """A correction alerts nobody, whatever it adds."""
    quiet_stage.command("guest", "photos", "watch unicycle")
    ts, old = labelled()
    quiet_stage.settle()  # the alerts of the picture itself are looked for after its mark
    quiet_stage.command("ben", "photos", f"add unicycle to {link_to(quiet_stage, ts)}")
    wait_other(quiet_stage, ts, old)
    quiet_stage.settle()

    assert quiet_stage.slack.direct_messages("guest") == []


def test_corrected_before_alert(quiet_stage, labelled):
    """Who watches hears nothing of what was corrected before their notice was sent."""
    quiet_stage.command("guest", "photos", "watch bird")
    quiet_stage.faults.order("slack", "users.info", Fault("slow", seconds=4.0))
    ts, old = labelled()
    assert quiet_stage.until_no_faults(20)
    quiet_stage.command("ana", "photos", f"wrong bird in {link_to(quiet_stage, ts)}")
    wait_other(quiet_stage, ts, old)
    quiet_stage.settle(4.0)
    quiet_stage.command("guest", "photos", "unwatch bird")

    assert quiet_stage.slack.direct_messages("guest") == []


def test_shared_picture(stage_of, fresh, tmp_path):
    """Where pictures are shared as files, the corrected one is shared anew and the old one goes."""
    with stage_of(tmp_path, "socket", REPLY_PICTURE="share") as stage:
        old = stage.post_and_wait(("park.jpg", fresh()))
        ts, old_file = old.thread_ts, stage.slack.world.file(old.files[0])
        stage.command("ben", "photos", f"wrong dog in {link_to(stage, ts)}")
        new = wait_other(stage, ts, old)

        assert "Dog" not in new.text
        assert new.files != old.files
        assert stage.slack.wait_for(lambda: old_file.deleted, 10)
        assert not stage.slack.world.file(new.files[0]).deleted
