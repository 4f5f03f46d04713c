import time

import pytest
import sqlalchemy as sa

from bot.adapters.fleet import SILENT_S
from bot.adapters.tables import WORKERS
from tests.stage import IS_FLEET

KILLS = 6
"""The first, and one for each of the five times that it is taken up again."""
_OWED = """
SELECT COALESCE(queue_name, '') FROM dbos.workflow_status
WHERE status IN ('ENQUEUED', 'PENDING') AND workflow_uuid LIKE 'T0SANDBOX/%'
"""


@pytest.mark.timeout(300)
@pytest.mark.skipif(IS_FLEET, reason="With several processes only the worker dies: see below.")
def test_picture_that_kills(tmp_path, stage_of, fresh):
    """A picture that kills whoever works on it is given up in the end; the next is answered."""
    with stage_of(tmp_path, "http") as stage:
        stage.faults.kill_at("rekognition", "DetectLabels", "arrival")
        ts = stage.post(("park.jpg", fresh()))
        for kill in range(KILLS):
            assert stage.until_no_faults(), "never called"
            if kill < KILLS - 1:
                # Before the start: it takes the picture up again at once.
                stage.faults.kill_at("rekognition", "DetectLabels", "arrival")
            stage.start()
        (reply,) = [stage.wait_reply(ts)]
        after = stage.post_and_wait(("park.jpg", fresh()))
        stage.settle()

        assert reply.text.startswith("This picture failed several times in a row")
        assert len(stage.replies(ts)) == 1
        assert after.text.startswith("1 Dog")


@pytest.mark.timeout(600)
@pytest.mark.skipif(not IS_FLEET, reason="Two minutes, of which `make fleet` has more.")
def test_picture_that_kills_workers(tmp_path, stage_of, fresh):
    """Each worker that takes it over dies of it, five times; then it is given up.

    Meanwhile the web process takes in what is posted, and the worker after the last one answers it.
    """
    with stage_of(tmp_path, "fleet", workers=1) as stage:
        (worker,) = stage.bot.workers
        stage.faults.kill, queues = worker.kill, []
        stage.faults.kill_at("rekognition", "DetectLabels", "arrival")
        ts = stage.post(("park.jpg", fresh()))
        for kill in range(KILLS):
            assert stage.until_no_faults(2 * stage.within_s), worker.log_text()[-3000:]
            queues.append(queues_of(stage))
            forty_seconds_later(stage)
            if kill < KILLS - 1:
                stage.faults.kill_at("rekognition", "DetectLabels", "arrival")
            else:
                meanwhile = stage.post(("park.jpg", fresh()), channel="alerts")
            worker.start()
        reply = stage.wait_reply(ts)
        stage.wait_marked(meanwhile, "alerts")
        stage.settle()

        assert queues == [["", "messages"], *[["looks", "messages"]] * (KILLS - 1)]
        assert reply.text.startswith("This picture failed several times in a row")
        assert len(stage.replies(ts)) == 1
        assert [one.text[:5] for one in stage.replies(meanwhile, "alerts")] == ["1 Dog"]
        assert stage.detections == 1, "a killed call is none"


def queues_of(stage):
    """The queues of what is owed to people, under way or waiting."""
    with stage.database() as connection:
        return sorted(connection.execute(sa.text(_OWED)).scalars())


def forty_seconds_later(stage):
    """Let the beats of all workers that were there so far be old."""
    with stage.database() as connection:
        connection.execute(sa.update(WORKERS).values(beaten_at_s=time.time() - SILENT_S))
