"""Socket Mode's connection is cut, refreshed and doubled while people post, or away for long.

What Slack gives up in a silence of ten minutes is found when the line is back.
"""

import contextlib
import tempfile
from pathlib import Path

import sqlalchemy as sa

from bot.sandbox.faults import Fault
from bot.sandbox.slack.terms import Terms
from tests.figures import at_least, exactly
from tests.fleet import postgresql
from tests.places import fresh, furnish
from tests.stage import running_stage
from tests.tally import Count, Tally

PATIENT = Terms(tiers=False, speed=8.0)
"""Slack's redeliveries span 45 seconds; Slack's library takes up to 30 to see that a line is dead.

In truth they span six minutes, in which the library takes just as long.
"""
HASTY = Terms(tiers=False, speed=1000.0)
"""Slack's redeliveries are over within half a second."""
TROUBLES = {
    "cut": lambda line: line.cut(),
    "closed after a warning": lambda line: line.disconnect("warning"),
    "refreshed": lambda line: line.disconnect("refresh_requested"),
}
_GAP_S = 600
_TRIES = 4
_CONNECTED_WITHIN_S = 60.0
_DONE_WITHIN_S = 240.0
_ALWAYS = 1_000_000
_AWAY = Fault("status", status=503)


def measure(*, long, times=4):
    """The figures of one run; each trouble `times` times, fifty in a long one."""
    times = 50 if long else times
    with _stage(PATIENT) as stage:
        yield from _through_troubles(stage, times)
    with _stage(PATIENT, DATABASE_URL=postgresql().new_database()) as stage:
        yield from _over_two(stage, times)
    with _stage(HASTY) as stage:
        yield from _after_gap(stage, 2 * times)


@contextlib.contextmanager
def _stage(terms, **environment):
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stage(Path(folder), "socket", terms, **environment) as stage,
    ):
        yield stage


def _through_troubles(stage, times):
    """One connection, of which Slack makes the bot open another one again and again."""
    places, count = furnish(stage), Count()
    for name, trouble in TROUBLES.items():
        before = stage.ledger.count("slack", "apps.connections.open")
        count += _post_through(stage, places, trouble, times)
        made = stage.ledger.count("slack", "apps.connections.open") - before
        yield at_least(f"connections {name}", made, "connections", times)
    yield from count.figures()


def _over_two(stage, times):
    """Two programs with one token and one database: Slack gives each a part of the events."""
    second, line = stage.process("run"), stage.slack.socket_mode
    second.start()
    try:
        stage.slack.wait_for(lambda: line.connections == 2, _CONNECTED_WITHIN_S)
        yield exactly("connections at once", line.connections, "connections", 2)
        count = _post_through(stage, furnish(stage), TROUBLES["refreshed"], times)
        yield from count.figures(" over two connections")
    finally:
        second.kill()


def _post_through(stage, places, trouble, times):
    """Post before and after each trouble; what came of it."""
    tally, line = Tally(stage), stage.slack.socket_mode
    for turn in range(times):
        _post(tally, places[turn % len(places)])
        trouble(line)
        _post(tally, places[(turn + 1) % len(places)])
        tally.wait_until_taken(within_s=_CONNECTED_WITHIN_S)
        stage.slack.wait_for(lambda: stage.slack.connected, _CONNECTED_WITHIN_S)
    tally.wait(within_s=_DONE_WITHIN_S)
    return tally.count()


def _after_gap(stage, posts):
    """Nobody listens for ten minutes, in which Slack gives up all that was posted."""
    places, tally = furnish(stage), Tally(stage)
    while not _heard(stage):
        stage.settle(0.2)
    stage.faults.order("slack", "apps.connections.open", _AWAY, times=_ALWAYS)
    stage.slack.socket_mode.disconnect("refresh_requested")
    stage.slack.wait_for(lambda: not stage.slack.connected, _CONNECTED_WITHIN_S)
    for number in range(posts):
        _post(tally, places[number % len(places)])
    stage.slack.wait_for(lambda: _given_up(stage, tally) == posts, _DONE_WITHIN_S)
    yield exactly("posts given up in a gap", _given_up(stage, tally), f"of {posts}", posts)
    _make_longer(stage)
    stage.faults.clear()
    tally.wait(within_s=_DONE_WITHIN_S)
    yield from tally.count().figures(" after a gap")


def _post(tally, place):
    tally.post(fresh(place.scene), channel=place.channel, watchers=(place.watcher,))


def _given_up(stage, tally):
    """How many posts Slack has tried to deliver as often as it does, in vain."""
    return sum(
        [one["status"] for one in stage.deliveries(posted.ts)] == [0] * _TRIES
        for posted in tally.posts
    )


def _heard(stage):
    with stage.database() as connection:
        return connection.execute(sa.text("SELECT heard_at_s FROM listening")).scalar()


def _make_longer(stage):
    """Let the silence have begun ten minutes earlier."""
    with stage.database() as connection:
        longer = sa.text("UPDATE listening SET heard_at_s = heard_at_s - :seconds")
        connection.execute(longer, {"seconds": _GAP_S})
