import threading

import pytest

from bot.sandbox.faults import Fault

pytestmark = pytest.mark.on_fleet
SLACK_WAITS_S = 2.5
"""A refusal must come well within Slack's three seconds, or it would not count as one."""


def side_by_side(*calls):
    """Call all of these at the same time; what they gave."""
    given = []
    running = [threading.Thread(target=lambda call=call: given.append(call())) for call in calls]
    for one in running:
        one.start()
    for one in running:
        one.join()
    return given


def test_delivered_again_and_again(stage, fresh):
    """One upload, told of twice and redelivered four times, is one question and one reply."""
    asked = stage.detections
    ts = stage.post(("park.jpg", fresh()))
    assert stage.slack.wait_for(lambda: stage.deliveries(ts), 10)
    event_id = stage.deliveries(ts)[0]["event_id"]
    again = side_by_side(*[lambda: stage.slack.redeliver(event_id)] * 3)
    stage.wait_marked(ts)
    again.append(stage.slack.redeliver(event_id))
    stage.settle()

    assert [answer.status for answer in again] == [200] * 4
    assert stage.ledger.count("event", "file_shared") > 0
    assert stage.detections - asked == 1
    assert len(stage.replies(ts)) == 1


def test_answered_before_work(stage, fresh):
    """However slow Rekognition is, Slack is answered within a second, with the job stored."""
    stage.faults.order("rekognition", "DetectLabels", Fault("slow", seconds=5))
    ts = stage.post(("park.jpg", fresh()), channel="alerts")
    assert stage.slack.wait_for(lambda: stage.deliveries(ts), 10)
    stored = [row for table, row in stage.rows() if table == "workflow_status"]

    assert stage.deliveries(ts)[0]["status"] == 200
    assert stage.deliveries(ts)[0]["took_s"] < 1
    assert len([row for row in stored if f"T0SANDBOX/C0ALERTS/{ts}/1 " in row]) == 1
    assert stage.replies(ts, "alerts") == []
    assert stage.wait_reply(ts, "alerts").text.startswith("1 Dog")


def test_database_locked(stage, fresh):
    """While the database cannot be written, Slack is refused in time; its redelivery is served."""
    with stage.locked_database():
        ts = stage.post(("park.jpg", fresh()), channel="lab")
        assert stage.slack.wait_for(lambda: stage.deliveries(ts), 10)
    first = stage.deliveries(ts)[0]
    stage.wait_marked(ts, "lab")
    stage.settle(1.0)

    assert first["status"] != 200
    assert first["took_s"] < SLACK_WAITS_S or stage.line == "socket"
    assert len(stage.replies(ts, "lab")) == 1


def test_line_is_cut(stage, fresh):
    """An answer that Slack misses leads to a redelivery, and still to one reply."""
    stage.faults.order("event", "message", Fault("drop_after"))
    ts = stage.post(("park.jpg", fresh()), channel="D0ANA")
    stage.wait_marked(ts, "D0ANA")
    assert stage.slack.wait_for(lambda: len(stage.deliveries(ts)) > 1, 10)
    stage.settle(1.0)

    assert len(stage.replies(ts, "D0ANA")) == 1
