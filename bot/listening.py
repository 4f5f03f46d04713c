"""Keeps note of when Slack's events are heard, so that a silence is noticed when it has ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from bot import errors
from bot.adapters.job_intake import JobIntake
from bot.adapters.listening_records import ListeningRecords

BEAT_S = 10.0
SILENCE_S = 240.0
"""Slack repeats an event for five minutes; what came in a longer silence may be missed.

One minute less, since Slack's client takes up to that long to notice a dead connection.
"""

log = logging.getLogger(__name__)


class Listening:
    """Notes every few seconds that somebody listens; after a silence, has what was missed found."""

    def __init__(
        self,
        jobs: JobIntake,
        records: ListeningRecords,
        *,
        team: str,
        hours: int,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Take where jobs go, the records on the same database, and how far to look back."""
        self._jobs = jobs
        self._records = records
        self._team = team
        self._hours = hours
        self._now_s = now_s
        self._stop = threading.Event()
        self._has_begun = False

    def start(self, is_connected: Callable[[], bool]) -> None:
        """Note from now on, in a thread, as long as Slack can reach us."""
        if self._hours:
            thread = threading.Thread(
                target=self._listen, args=(is_connected,), name="listening", daemon=True
            )
            thread.start()

    def stop(self) -> None:
        """Note no longer."""
        self._stop.set()

    def _listen(self, is_connected: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            try:
                if is_connected():
                    self.beat()
            except errors.RecordsUnavailable:
                log.warning("listening_not_noted")
            except Exception:
                # Whatever it is, the next time may go well.
                log.exception("listening_failed")
            self._stop.wait(BEAT_S)

    def beat(self) -> None:
        """Note that events are heard now; a silence that has ended becomes a job, once.

        Only the first time that works writes a row: one that is missing later went with its team.
        Raises: errors.RecordsUnavailable.
        """
        now_s = self._now_s()
        if not self._has_begun:
            with self._jobs.database.begin() as connection:
                self._records.begin(connection, self._team, now_s=now_s)
            self._has_begun = True
        with self._jobs.database.begin() as connection:
            heard_at_s = self._records.hear(connection, self._team, now_s=now_s)
            if heard_at_s is None or now_s - heard_at_s <= SILENCE_S:
                return
            log.warning("was_away", extra={"silent_s": int(now_s - heard_at_s)})
            self._jobs.enqueue(
                connection,
                "Labelling.catch_up",
                job_id=f"{self._team}/missed/{heard_at_s}",
                queue="alerts",
                args={
                    "team": self._team,
                    "heard_at_s": heard_at_s,
                    "back_at_s": now_s,
                    "hours": self._hours,
                },
            )
