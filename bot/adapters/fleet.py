"""The processes that do jobs, as the database knows them: who beats, who is silent, who takes over.

DBOS alone takes nothing over from a process that died.
"""

from __future__ import annotations

import time

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import TAKEOVERS, WORKERS

BEAT_S = 10.0
SILENT_S = 40.0
LEFT_S = -1.0
"""The last beat of a process that was told to stop: its jobs are free at once, and not to blame."""


class Fleet:
    """One process among those that do jobs on a database."""

    def __init__(self, database: Database, executor_id: str) -> None:
        """Take the database where they meet, and this process's own name."""
        self._database = database
        self._executor_id = executor_id
        self._beaten_s = time.monotonic()
        self._unsure_until_s = 0.0

    def beat(self, *, at_s: float | None = None) -> None:
        """Say that this process is alive, now or at the time that is given."""
        now_s = time.time() if at_s is None else at_s
        with self._database.begin() as connection:
            fresh = self._database.insert_once(
                connection, WORKERS, executor_id=self._executor_id, beaten_at_s=now_s
            )
            if not fresh:
                connection.execute(
                    sa.update(WORKERS)
                    .where(WORKERS.c.executor_id == self._executor_id)
                    .values(beaten_at_s=now_s)
                )

    def silent(self, *, silent_s: float) -> list[tuple[str, float]]:
        """The other processes that have not beaten for so long, each with its last beat."""
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(WORKERS.c.executor_id, WORKERS.c.beaten_at_s).where(
                    WORKERS.c.executor_id != self._executor_id,
                    WORKERS.c.beaten_at_s <= time.time() - silent_s,
                )
            )
            return [(row.executor_id, row.beaten_at_s) for row in rows]

    def win(self, executor_id: str, beaten_at_s: float) -> bool:
        """Whether this process, of all that see the silence, is the one that takes over.

        The row stays until the jobs are resumed, so that a winner that dies midway is itself
        found silent.
        """
        with self._database.begin() as connection:
            won = connection.execute(
                sa.update(WORKERS)
                .where(WORKERS.c.executor_id == executor_id, WORKERS.c.beaten_at_s == beaten_at_s)
                .values(beaten_at_s=time.time())
            )
            return won.rowcount == 1

    def count_takeover(self, job_id: str) -> int:
        """Count one more takeover of a job; how many there were."""
        with self._database.begin() as connection:
            self._database.insert_once(connection, TAKEOVERS, workflow_id=job_id, count=0)
            connection.execute(
                sa.update(TAKEOVERS)
                .where(TAKEOVERS.c.workflow_id == job_id)
                .values(count=TAKEOVERS.c.count + 1)
            )
            count: int = connection.execute(
                sa.select(TAKEOVERS.c.count).where(TAKEOVERS.c.workflow_id == job_id)
            ).scalar_one()
            return count

    def others_can_beat(self) -> bool:
        """Whether a silence means death: not while the database was away, for us and for them."""
        now_s = time.monotonic()
        if now_s - self._beaten_s > 2 * BEAT_S:
            self._unsure_until_s = now_s + SILENT_S
        self._beaten_s = now_s
        return now_s >= self._unsure_until_s

    def forget(self, executor_id: str) -> None:
        """Drop a process whose jobs were all taken over."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(WORKERS).where(WORKERS.c.executor_id == executor_id))

    def forget_takeovers(self, job_ids: list[str]) -> None:
        """Drop what was counted of jobs that are no more."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(TAKEOVERS).where(TAKEOVERS.c.workflow_id.in_(job_ids)))
