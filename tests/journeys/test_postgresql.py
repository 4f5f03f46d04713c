import contextlib
import time

import pytest

TAKEN_OVER_WITHIN_S = 75
"""More than it takes: the machine may be busy."""


@pytest.fixture(scope="module")
def fleet(server, tmp_path_factory, stage_of):
    """A stage with one web process, over HTTP; workers come and go."""
    assert server
    with stage_of(tmp_path_factory.mktemp("stage"), "fleet", workers=0) as stage:
        yield stage


@contextlib.contextmanager
def working(fleet):
    """A worker for a while."""
    worker = fleet.process("worker")
    worker.start()
    try:
        yield worker
    finally:
        worker.kill()


@pytest.fixture(scope="module")
def interrupted(fleet, fresh):
    """The ts of a message whose worker was killed in the middle of its work."""
    with working(fleet) as worker:
        fleet.faults.kill = worker.kill
        fleet.faults.kill_at("rekognition", "DetectLabels", "arrival")
        ts = fleet.post(("park.jpg", fresh()), channel="lab")
        assert fleet.until_no_faults(), worker.log_text()
    return ts


@pytest.fixture(scope="module")
def successor(fleet, interrupted):
    """The worker that comes after the killed one."""
    assert interrupted
    with working(fleet) as worker:
        yield worker


def test_web_takes_in_alone(fleet, interrupted, fresh):
    """Without any worker the web process answers Slack, and keeps the work for later."""
    assert fleet.replies(interrupted, "lab") == []
    ts = fleet.post(("park.jpg", fresh()), channel="D0ANA")
    assert fleet.slack.wait_for(lambda: fleet.deliveries(ts), 10)

    assert fleet.deliveries(ts)[0]["status"] == 200
    assert "watch nothing yet" in fleet.command("ana", "photos", "/labels watches")
    assert fleet.replies(ts, "D0ANA") == []


def test_web_and_worker(fleet, successor, fresh):
    """A web process and a worker on PostgreSQL label a picture and tell who watches."""
    assert successor.is_running
    fleet.command("ben", "photos", "/labels watch dog")
    ts = fleet.post(("park.jpg", fresh()), ("broken.jpg", b"no picture"), channel="alerts")
    fleet.wait_marked(ts, "alerts")
    notice = fleet.wait_notice("ben")
    (reply,) = fleet.replies(ts, "alerts")

    assert reply.text.startswith("park.jpg: 1 Dog")
    assert reply.blocks[0]["type"] == "image"
    assert notice.text.startswith("Dog (94 %) in <#C0ALERTS>")


def test_delivered_again(fleet, successor, fresh):
    """A redelivery is known on PostgreSQL too."""
    assert successor.is_running
    asked = fleet.detections
    ts = fleet.post(("park.jpg", fresh()))
    assert fleet.slack.wait_for(lambda: fleet.deliveries(ts), 10)
    again = fleet.slack.redeliver(fleet.deliveries(ts)[0]["event_id"])
    fleet.wait_marked(ts)
    fleet.settle(1.0)

    assert again.status == 200
    assert len(fleet.replies(ts)) == 1
    assert fleet.detections - asked == 1


@pytest.mark.timeout(TAKEN_OVER_WITHIN_S + 45)
def test_takeover(fleet, interrupted, successor):
    """The job of a worker that died is taken over by another one and ends in one reply."""
    assert fleet.slack.wait_for(lambda: fleet.replies(interrupted, "lab"), TAKEN_OVER_WITHIN_S), (
        successor.log_text()[-3000:]
    )
    fleet.wait_marked(interrupted, "lab")
    fleet.settle()

    assert len(fleet.replies(interrupted, "lab")) == 1
    assert fleet.replies(interrupted, "lab")[0].text.startswith("1 Dog")
    assert "event=job_taken_over" in successor.log_text()


def stored(fleet, word):
    """The tables with a row that holds this word, the job library's too."""
    return {table for table, row in fleet.rows() if word in row}


def test_taken_away(fleet, successor, fresh):
    """What the web process hears is deleted, the worker removes from every table and the bucket."""
    assert successor.is_running
    ts = fleet.post(("capybara.jpg", fresh()), channel="alerts")
    fleet.wait_marked(ts, "alerts")
    assert {"pictures", "workflow_input"} <= stored(fleet, "capybara")
    fleet.slack.delete_message("ana", "alerts", ts)
    gone = fleet.slack.wait_for(lambda: not fleet.replies(ts, "alerts"), 20)
    ends_s = time.monotonic() + 20
    while stored(fleet, "capybara") and time.monotonic() < ends_s:
        fleet.settle(0.3)

    assert gone, successor.log_text()
    assert stored(fleet, "capybara") == set()
    assert stored(fleet, ts) == {"messages"}
    assert not any(ts in key for key in fleet.objects())
