import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.slack.terms import Terms

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def small_fleet(server, tmp_path, stage_of):
    """A stage with one web process and one worker."""
    assert server
    terms = Terms(tiers=False, speed=10.0)
    with stage_of(tmp_path, "fleet", terms, workers=1) as stage:
        yield stage


def test_worker_is_stopped(small_fleet, fresh):
    """A worker that is told to stop ends in time, and the next one finishes its work."""
    small_fleet.faults.order("rekognition", "DetectLabels", Fault("stall", seconds=60), times=9)
    ts = small_fleet.post(("park.jpg", fresh()))
    assert small_fleet.slack.wait_for(lambda: small_fleet.detections, 30)
    (first,) = small_fleet.bot.workers
    heard = first.stop(within_s=30)
    small_fleet.faults.clear()
    left = small_fleet.replies(ts)
    small_fleet.bot.add_worker(small_fleet.process("worker"))
    small_fleet.wait_marked(ts)
    small_fleet.settle()

    assert heard
    assert left == []
    assert [reply.text[:5] for reply in small_fleet.replies(ts)] == ["1 Dog"]


def test_web_is_stopped(small_fleet, fresh):
    """While the web process is replaced, Slack is told to come again, and nothing is lost."""
    (web,) = small_fleet.bot.webs
    heard = web.stop()
    ts = small_fleet.post(("park.jpg", fresh()))
    assert small_fleet.slack.wait_for(lambda: small_fleet.deliveries(ts), 10)
    web.start()
    small_fleet.wait_marked(ts)

    assert heard
    assert small_fleet.deliveries(ts)[0]["status"] == 0
    assert len(small_fleet.replies(ts)) == 1
