"""The bot is away for longer than Slack repeats its events, and comes back."""

import shutil

import pytest
import sqlalchemy as sa

from bot.sandbox.faults import Fault
from bot.sandbox.slack.terms import Terms
from tests.stage import IS_FLEET

FAST = Terms(tiers=False, speed=1000.0)
"""Slack's repetitions are over within half a second."""
TRIES = 4
BACK_WITHIN_S = 60


@pytest.fixture(params=["socket", "http"])
def stage(request, tmp_path, stage_of):
    """A stage of one's own, over either line, with a bot that was heard."""
    with stage_of(tmp_path, request.param, FAST) as stage:
        assert stage.slack.wait_for(lambda: heard_at_s(stage), 20)
        yield stage


@pytest.fixture
def socket_stage(tmp_path, stage_of):
    """The same over Socket Mode alone."""
    with stage_of(tmp_path, "socket", FAST) as stage:
        assert wait_for(stage, lambda: heard_at_s(stage), 20)
        yield stage


def wait_for(stage, happened, within_s):
    """Wait for what rings no bell."""
    return any(happened() or stage.slack.wait_for(lambda: False, 0.2) for _ in range(within_s * 5))


def heard_at_s(stage):
    """When the bot has listened last."""
    with stage.database() as connection:
        return connection.execute(sa.text("SELECT heard_at_s FROM listening")).scalar()


def be_silent(stage, minutes):
    """Make the silence that has begun longer."""
    longer = sa.text("UPDATE listening SET heard_at_s = heard_at_s - :seconds")
    with stage.database() as connection:
        connection.execute(longer, {"seconds": minutes * 60})


def wait_given_up(stage, *posts):
    """Wait until Slack has given these messages up."""
    for ts in posts:
        assert stage.slack.wait_for(lambda ts=ts: len(stage.deliveries(ts)) == TRIES, 20)
        assert not any(one["status"] == 200 for one in stage.deliveries(ts))


def wait_all(stage, posts):
    """Wait until all of these, (channel, ts), have their reply; how many each has in the end."""
    for channel, ts in posts:
        stage.wait_marked(ts, channel)
    stage.settle()
    return [len(stage.replies(ts, channel)) for channel, ts in posts]


def test_missed_while_down(stage, fresh):
    """What was posted while the bot was down is answered once, also when Slack repeats it late."""
    stage.bot.kill()
    channels = ("photos", "lab", "D0ANA", "alerts")
    posts = [(channel, stage.post(("a.jpg", fresh()), channel=channel)) for channel in channels]
    wait_given_up(stage, *(ts for _, ts in posts))
    be_silent(stage, 10)
    stage.start()
    answered = wait_all(stage, posts)
    late = [stage.slack.redeliver(stage.deliveries(ts)[0]["event_id"]).status for _, ts in posts]
    stage.settle()

    assert answered == [1] * 4
    assert late == [200] * 4
    assert [len(stage.replies(ts, channel)) for channel, ts in posts] == [1] * 4
    assert stage.detections == 4


def test_missed_in_thread(socket_stage, fresh):
    """A picture in a thread that began before the silence is found too."""
    stage = socket_stage
    parent = stage.post(text="Who lives in the park?", channel="alerts")
    stage.bot.kill()
    ts = stage.post(("a.jpg", fresh()), person="ben", channel="alerts", thread_ts=parent)
    wait_given_up(stage, ts)
    be_silent(stage, 10)
    stage.start()
    stage.wait_marked(ts, "alerts")

    assert len(stage.replies(parent, "alerts")) == 1


def test_short_silence(socket_stage, fresh):
    """After a silence of a few minutes nobody looks: Slack repeats what it said then."""
    stage = socket_stage
    stage.bot.kill()
    ts = stage.post(("a.jpg", fresh()))
    wait_given_up(stage, ts)
    be_silent(stage, 3)
    stage.start()
    stage.settle(4)

    assert stage.replies(ts) == []
    assert stage.ledger.count("slack", "conversations.history") == 0


@pytest.mark.skipif(IS_FLEET, reason="What is before the first start is no file there.")
def test_before_first_start(socket_stage, fresh):
    """Of what was posted before the first start nothing is touched."""
    stage = socket_stage
    stage.bot.kill()
    shutil.rmtree(stage.folder / "data")
    ts = stage.post(("a.jpg", fresh()))
    wait_given_up(stage, ts)
    stage.start()
    assert wait_for(stage, lambda: heard_at_s(stage), 20)
    stage.settle(3)

    assert stage.replies(ts) == []
    assert stage.marks(ts) == set()


@pytest.mark.skipif(IS_FLEET, reason="Over HTTP the bot has no connection to lose.")
def test_line_is_away(socket_stage, fresh):
    """While the connection is down the silence grows, and once it is back the missed are found."""
    stage = socket_stage
    stage.faults.order("slack", "apps.connections.open", Fault("status", status=503), times=1000)
    stage.slack.socket_mode.disconnect("refresh_requested")
    assert stage.slack.wait_for(lambda: not stage.slack.connected, 10)
    stage.settle(3)
    be_silent(stage, 10)
    before_s = heard_at_s(stage)
    ts = stage.post(("a.jpg", fresh()))
    wait_given_up(stage, ts)
    stage.settle(12)
    during_s = heard_at_s(stage)
    stage.faults.clear()
    assert stage.slack.wait_for(lambda: stage.replies(ts), BACK_WITHIN_S), stage.bot.log_text()

    assert during_s == before_s
    assert wait_all(stage, [("photos", ts)]) == [1]


@pytest.mark.parametrize("moment", ["arrival", "effect"])
def test_kill_while_catching_up(socket_stage, fresh, moment):
    """A kill in the middle of looking back is made up for by the next start."""
    stage = socket_stage
    stage.bot.kill()
    posts = [(name, stage.post(("a.jpg", fresh()), channel=name)) for name in ("photos", "lab")]
    wait_given_up(stage, *(ts for _, ts in posts))
    be_silent(stage, 10)
    stage.faults.kill_at("slack", "conversations.history", moment, nth=2)
    stage.start()
    assert stage.until_no_faults(), "never looked"
    stage.start()

    assert wait_all(stage, posts) == [1, 1]
