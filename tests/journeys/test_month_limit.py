"""A monthly limit of two calls, three pictures, and what becomes of the third."""

import pytest
import sqlalchemy as sa

WAITS = "This month's limit of 2 Rekognition calls (REKOGNITION_PER_MONTH) is reached."
GOES_ON_WITHIN_S = 40
"""The bot looks every ten seconds for what may go on."""


@pytest.fixture
def limited(tmp_path, stage_of):
    """A stage with two calls a month, which the channel of alerts hears of."""
    told = {"REKOGNITION_PER_MONTH": "2", "OPS_CHANNEL": "C0ALERTS"}
    with stage_of(tmp_path, "socket", **told) as stage:
        yield stage


def begin_next_month(stage):
    """Make what was counted that of a month long ago."""
    with stage.database() as connection:
        connection.execute(sa.text("UPDATE calls SET month = '2020-01'"))


def wait_answer(stage, ts, channel="photos"):
    """The one reply to a message, once it is an answer."""

    def answered():
        replies = stage.replies(ts, channel)
        return len(replies) == 1 and "1 Dog" in replies[0].text

    assert stage.slack.wait_for(answered, GOES_ON_WITHIN_S), stage.bot.log_text()[-3000:]
    return stage.replies(ts, channel)[0]


def told_operators(stage):
    """What the operators' channel heard of the bot itself."""
    return [m.text for m in stage.slack.messages("alerts") if m.bot_id == "B0SPOTTER"]


def test_third_picture_waits(limited, fresh):
    """The third picture waits with one reason, and goes on alone once the limit is raised."""
    ts = [limited.post((f"{n}.jpg", fresh()), channel="lab") for n in range(3)]
    for one in ts:
        limited.wait_marked(one, "lab")
    replies = [limited.replies(one, "lab") for one in ts]
    (waits,) = [reply for (reply,) in replies if reply.text.startswith(WAITS)]
    status = limited.command("ana", "lab", "/labels status")
    asked = limited.detections
    limited.restart(REKOGNITION_PER_MONTH="3")
    wait_answer(limited, waits.thread_ts, "lab")
    limited.settle()

    assert asked == 2
    assert [block["type"] for block in waits.blocks] == ["section", "actions"]
    assert "Try again" not in str(waits.blocks)
    assert "Rekognition calls this month: 2 of 2." in status
    assert [len(limited.replies(one, "lab")) for one in ts] == [1, 1, 1]
    assert limited.detections == 3
    assert "white_check_mark" in limited.marks(waits.thread_ts, "lab")


def test_next_month(limited, fresh):
    """When the next month begins what waited goes on, the oldest first, as far as it reaches."""
    limited.post_and_wait(("0.jpg", fresh()), ("1.jpg", fresh()), channel="lab")
    ts = [limited.post((f"{n}.jpg", fresh()), channel="D0ANA") for n in range(3)]
    for one in ts:
        limited.wait_marked(one, "D0ANA")
    begin_next_month(limited)
    for one in ts[:2]:
        wait_answer(limited, one, "D0ANA")
    limited.settle(12)

    assert [len(limited.replies(one, "D0ANA")) for one in ts] == [1, 1, 1]
    assert limited.replies(ts[2], "D0ANA")[0].text.startswith(WAITS)
    assert limited.detections == 4


def test_some_of_one_message(limited, fresh):
    """Of three pictures in a message two are shown and one waits; then it comes, and no reason."""
    files = [(f"{n}.jpg", fresh()) for n in range(3)]
    reply = limited.post_and_wait(*files, channel="lab")
    shown = [block["type"] for block in reply.blocks]
    limited.restart(REKOGNITION_PER_MONTH="9")

    def two_answers():
        texts = [reply.text for reply in limited.replies(reply.thread_ts, "lab")]
        return len(texts) == 2 and not any("limit" in text for text in texts)

    assert shown.count("image") == 2
    assert reply.text.count("This month's limit") == 1
    assert limited.slack.wait_for(two_answers, GOES_ON_WITHIN_S), limited.bot.log_text()[-3000:]
    assert limited.detections == 3


def test_known_picture_costs_nothing(limited, fresh):
    """A picture that was looked at before is answered although the limit is reached."""
    data = fresh()
    limited.post_and_wait(("a.jpg", data), ("b.jpg", fresh()), channel="lab")
    reply = limited.post_and_wait(("a.jpg", data), channel="D0ANA")

    assert reply.text.startswith("1 Dog")


def test_same_picture_waits(limited, fresh):
    """What waits in three posts of one picture goes on with one call for all of them."""
    limited.post_and_wait(("0.jpg", fresh()), ("1.jpg", fresh()), channel="lab")
    data = fresh()
    ts = [limited.post((f"{n}.jpg", data), channel="D0ANA") for n in range(3)]
    for one in ts:
        limited.wait_marked(one, "D0ANA")
    limited.restart(REKOGNITION_PER_MONTH="9")
    for one in ts:
        wait_answer(limited, one, "D0ANA")

    assert limited.detections == 3


def test_operators_hear_once(limited, fresh):
    """Operators hear once that the limit is near and once that it is reached, whatever happens."""
    limited.restart(REKOGNITION_PER_MONTH="5")
    limited.post_and_wait(*((f"{n}.jpg", fresh()) for n in range(6)), channel="lab")
    assert limited.slack.wait_for(lambda: len(told_operators(limited)) == 2, 20)
    limited.restart()
    limited.post_and_wait(("late.jpg", fresh()), channel="D0ANA")
    limited.settle(3)
    near, reached = sorted(told_operators(limited))

    assert near.startswith("Spotter has made 4 of the 5 Rekognition calls")
    assert reached.startswith("Spotter has made all of the 5 Rekognition calls")


@pytest.mark.parametrize("moment", ["arrival", "effect"])
def test_kill_tells_once(limited, fresh, moment):
    """A kill at the notice to the operators leaves one of it."""
    limited.restart(REKOGNITION_PER_MONTH="1")
    limited.faults.kill_at("slack", "chat.postMessage", moment, nth=1)
    ts = limited.post(("a.jpg", fresh()), channel="alerts")
    assert limited.until_no_faults(), "never called"
    limited.start()
    limited.wait_marked(ts, "alerts")
    assert limited.slack.wait_for(lambda: len(told_operators(limited)) == 2, 30)
    limited.settle()

    assert len([text for text in told_operators(limited) if "all of the 1" in text]) == 1
    assert len(limited.replies(ts, "alerts")) == 1


def test_kill_counts_too_high(limited, fresh):
    """A kill while Rekognition answers costs a call of the limit, never one beyond it."""
    limited.faults.kill_at("rekognition", "DetectLabels", "effect")
    ts = limited.post(("a.jpg", fresh()), channel="lab")
    assert limited.until_no_faults()
    limited.start()
    limited.wait_marked(ts, "lab")
    reply = limited.post_and_wait(("b.jpg", fresh()), channel="D0ANA")

    assert limited.replies(ts, "lab")[0].text.startswith("1 Dog")
    assert reply.text.startswith(WAITS)
    assert limited.detections == 2


def test_room_for_some(limited, fresh):
    """Where there is room for some of a message's pictures, one reason stays for the rest."""
    limited.post_and_wait(("0.jpg", fresh()), ("1.jpg", fresh()), channel="lab")
    files = [(f"{n}.jpg", fresh()) for n in range(3)]
    first = limited.post_and_wait(*files, channel="D0ANA")
    limited.restart(REKOGNITION_PER_MONTH="4")

    def reasons():
        texts = [reply.text for reply in limited.replies(first.thread_ts, "D0ANA")]
        return len(texts), "".join(texts).count("This month's limit"), limited.detections

    assert limited.slack.wait_for(lambda: reasons() == (1, 1, 4), GOES_ON_WITHIN_S), reasons()
    limited.restart(REKOGNITION_PER_MONTH="5")
    assert limited.slack.wait_for(lambda: reasons() == (2, 0, 5), GOES_ON_WITHIN_S), reasons()
    limited.settle()

    assert first.text.count("This month's limit") == 3
    assert reasons() == (2, 0, 5)
