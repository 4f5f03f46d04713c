"""PostgreSQL is killed again and again while pictures are posted, and comes back each time.

At full length every 5 to 40 seconds, for up to two: what DBOS tests itself with.
"""

import random
import threading

from tests.busy_fleet import busy_fleet, post_steadily
from tests.figures import at_most, known
from tests.fleet import postgresql

_DOWN_AT_MOST_S = 2.0


def measure(*, long, count=200, every_s=(2.0, 10.0)):
    """The figures of one run: `count` pictures, or 2,000; killed so often, or every 5 to 40 s."""
    if long:
        count, every_s = 2000, (5.0, 40.0)
    with busy_fleet(workers=2) as (_, tally), _Killer(every_s) as killer:
        for _ in post_steadily(tally, count=count, per_second=5):
            pass
        killer.stop()
        tally.wait(within_s=120 + count)
        found = tally.count()
        yield known("times that PostgreSQL was killed", killer.kills, "kills")
        yield from found.figures()
        # At each kill every worker may have one call whose answer was not kept.
        most = found.posts + killer.kills * 2
        yield at_most("calls to Rekognition", found.questions, f"for {found.posts}", most)


class _Killer:
    """Kills the database every now and then, and starts it again."""

    def __init__(self, every_s):
        self.kills = 0
        self._every_s = every_s
        self._chance = random.Random(6)  # noqa: S311 - repeatable
        self._over = threading.Event()
        self._killing = threading.Thread(target=self._kill)

    def __enter__(self):
        self._killing.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Kill no more; the database is there then."""
        self._over.set()
        self._killing.join()

    def _kill(self):
        while not self._over.wait(self._chance.uniform(*self._every_s)):
            postgresql().kill()
            self.kills += 1
            self._over.wait(self._chance.uniform(0.0, _DOWN_AT_MOST_S))
            postgresql().start()
