"""The bot is killed when a call of its own arrives, or has taken effect and is not answered yet.

Which calls there are for a picture, and for the notice about it, posts without a kill tell, in a
public channel and in a private one. The next life begins at once, and meets a kill of its own while
it may still make up for the last one. Seeds run over Socket Mode and over HTTP by turns.
"""

import contextlib
import random
import sqlite3
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.slack.terms import Terms
from tests.figures import at_least, exactly, known
from tests.places import fresh, furnish
from tests.preloaded import PreloadedBot
from tests.stage import running_stage
from tests.tally import Count, Tally

LINES = ("socket", "http")
MOMENTS = ("arrival", "effect")
PATIENT = Terms(tiers=False, speed=15.0)
"""Slack's redeliveries span 24 seconds, in which a busy machine starts the bot again."""
_SERVICES = ("event", "slack", "s3", "rekognition")
_KILLED_WITHIN_S = 60.0
_DONE_WITHIN_S = 180.0
_UNDER_WAY_S = 0.3
"""A call sent before the kill may be taken up after it; no next life asks so soon."""
_IN_WORK = 2
"""How many posts may be in work when a kill is ordered: one that meets six kills is given up."""


@dataclass(frozen=True)
class Life:
    """One life of the bot: when it began and was killed, and for which pictures it had answers."""

    began_s: float
    killed_s: float
    answered: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Outcome:
    """What came of one stage's kills."""

    planned: int
    kills: int
    count: Count
    needless: int
    """Calls of DetectLabels beyond one a picture and one a kill that kept it from being noted."""


def measure(*, long, seeds=4, kills=None):
    """The figures of one run: `seeds` per call and moment, 20 in a long one; `kills` at most."""
    numbers = range(20 if long else seeds)
    with ThreadPoolExecutor(len(LINES)) as side_by_side:
        runs = [
            side_by_side.submit(_run, line, numbers[turn :: len(LINES)], kills)
            for turn, line in enumerate(LINES)
        ]
        done = [run.result() for run in runs]
    for line, found in zip(LINES, done, strict=True):
        yield at_least(f"kills over {line}", found.kills, "kills", found.planned)
    count = sum((found.count for found in done), Count())
    yield from count.figures()
    yield known("calls of DetectLabels", count.questions, "calls")
    needless = sum(found.needless for found in done)
    yield exactly("calls that no kill explains", needless, "calls", 0)


def _run(line, seeds, most):
    with contextlib.ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stage = closing.enter_context(
            running_stage(folder, line, PATIENT, process_class=PreloadedBot)
        )
        closing.callback(stage.bot.close)
        lives = Lives(stage)
        points = lives.points()
        plan = [(point, seed) for seed in seeds for point in points][:most]
        for point, seed in plan:
            lives.end_at(point, seed)
        lives.tally.wait(within_s=_DONE_WITHIN_S)
        calls = stage.ledger.entries("rekognition", "DetectLabels")
        needless = needless_calls(calls, lives.over)
        return Outcome(len(plan), len(lives.over), lives.tally.count(), needless)


class Lives:
    """Posts on a stage, and kills the bot there, again and again."""

    def __init__(self, stage):
        self.tally = Tally(stage)
        self.over = []
        self._stage = stage
        self._places = furnish(stage)
        self._posted = {}
        self._calls = []
        self._began_s = time.monotonic()
        stage.faults.kill = self._kill

    def points(self):
        """Every (service, call, moment) of a picture, as posts without a kill tell them."""
        for place in self._places[:2]:
            before = self._stage.ledger.count()
            self._post(place, pictures=1)
            self.tally.wait(within_s=_DONE_WITHIN_S)
            seen = self._stage.ledger.entries()[before:]
            calls = Counter((e.service, e.call) for e in seen if e.service in _SERVICES)
            self._calls.append(calls)
        all_calls = sum(self._calls, Counter())
        return [(*call, moment) for call in all_calls for moment in MOMENTS]

    def end_at(self, point, seed):
        """Post, have the bot killed at this point, and start it again."""
        chance = random.Random(f"{point} {seed}")  # noqa: S311 - repeatable
        self.tally.wait_until_taken(within_s=_DONE_WITHIN_S)
        self.tally.wait_until_left(_IN_WORK, within_s=_DONE_WITHIN_S)
        place, times = self._place_of(point[:2], chance)
        pictures = chance.choice((1, 1, 1, 2))
        # How often Slack is asked whether an upload is ready differs: the first time always comes.
        numbers = (chance.randint(1, times), 1)
        if any(self._ends_at(point, nth, place, pictures) for nth in numbers):
            self._began_s = time.monotonic()
            self._stage.start()

    def _ends_at(self, point, nth, place, pictures):
        lives = len(self.over)
        self._stage.faults.kill_at(*point, nth=nth)
        self._post(place, pictures=pictures)
        is_over = self._stage.slack.wait_for(lambda: len(self.over) > lives, _KILLED_WITHIN_S)
        if not is_over:
            self._stage.faults.clear()
        return is_over

    def _place_of(self, call, chance):
        """Where a post leads to this call, and how often it does."""
        kinds = [kind for kind, calls in enumerate(self._calls) if calls[call]]
        kind = chance.choice(kinds)
        return chance.choice(self._places[kind :: len(self._calls)]), self._calls[kind][call]

    def _post(self, place, *, pictures):
        made = [fresh(place.scene) for _ in range(pictures)]
        posted = self.tally.post(*made, channel=place.channel, watchers=(place.watcher,))
        for file_id, (name, _) in zip(posted.files, made, strict=True):
            width, height = name.removesuffix(".jpg").split("x")
            self._posted[file_id] = int(width), int(height)

    def _kill(self):
        self._stage.bot.kill()
        with self._stage.ledger.changed:
            self.over.append(Life(self._began_s, time.monotonic(), self._answered()))
            self._stage.ledger.changed.notify_all()

    def _answered(self):
        """The pictures whose answers by Rekognition are noted in the database."""
        asked = """SELECT file_id FROM pictures JOIN analyses USING (team, sha256)
                   WHERE response IS NOT NULL"""
        path = self._stage.folder / "data" / "spotter.db"
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as connection:
            return frozenset(self._posted[row[0]] for row in connection.execute(asked))


def needless_calls(entries, lives):
    """Calls of DetectLabels beyond one a picture, and one more a kill between call and note."""
    began_s = {}
    for entry in entries:
        begun_s = entry.at_s - entry.facts["took_s"]
        began_s.setdefault(tuple(entry.facts["size_px"]), []).append(begun_s)
    return sum(
        max(len(calls) - 1 - _lost(size_px, calls, lives), 0) for size_px, calls in began_s.items()
    )


def _lost(size_px, calls, lives):
    """In how many lives a call was made whose answer was not noted when the kill came."""
    return sum(
        size_px not in life.answered
        and any(life.began_s < call <= life.killed_s + _UNDER_WAY_S for call in calls)
        for life in lives
    )
