"""The database is away, locked, or its disk is full: Slack hears so in time, and delivers again."""

import contextlib
import tempfile
from pathlib import Path

from bot.sandbox.slack.terms import Terms
from tests.busy_fleet import new_pictures
from tests.figures import at_most, exactly
from tests.fleet import postgresql
from tests.full_disk import full_disk
from tests.stage import running_stage
from tests.tally import Tally

_AT_ONCE = 5
_IN_TIME_S = 2.5


@contextlib.contextmanager
def _killed(_stage):
    postgresql().kill()
    yield
    postgresql().start()


TROUBLES = {
    "PostgreSQL away": ("fleet", _killed),
    "PostgreSQL locked": ("fleet", lambda stage: stage.locked_database()),
    "SQLite locked": ("http", lambda stage: stage.locked_database()),
    "disk full": ("http", lambda stage: full_disk(stage.bot.pid)),
}


def measure(*, long, rounds=3, names=tuple(TROUBLES)):
    """The figures of one run; each trouble comes so often, in a long one twenty times."""
    for name in names:
        line, trouble = TROUBLES[name]
        with tempfile.TemporaryDirectory(prefix="spotter-away-") as folder:
            terms = Terms(tiers=False, speed=20.0)
            with running_stage(Path(folder), line, terms, workers=1) as stage:
                tally = Tally(stage)
                refusals = _refused(stage, tally, trouble, 20 if long else rounds)
                tally.wait(within_s=60)
                found = tally.count()
        taken = sum(one["status"] // 100 == 2 for one in refusals)
        unheard = sum(one["status"] == 0 for one in refusals)
        slowest_s = max(one["took_s"] for one in refusals)
        yield exactly(f"{name}: taken all the same", taken, f"of {len(refusals)}", 0)
        yield exactly(f"{name}: no answer in 3 s", unheard, f"of {len(refusals)}", 0)
        yield at_most(f"{name}: slowest refusal", slowest_s, "s", _IN_TIME_S)
        yield exactly(f"{name}: lost or twice", found.lost + found.twice, f"of {found.posts}", 0)


def _refused(stage, tally, trouble, rounds):
    """What Slack was told when it delivered in the midst of trouble, the first time."""
    refusals, pictures = [], new_pictures()
    for _ in range(rounds):
        with trouble(stage):
            posts = [tally.post(("park.jpg", next(pictures))) for _ in range(_AT_ONCE)]
            for posted in posts:
                assert stage.slack.wait_for(lambda ts=posted.ts: stage.deliveries(ts), 20)
            refusals += [stage.deliveries(posted.ts)[0] for posted in posts]
        tally.wait(within_s=30)
    return refusals
