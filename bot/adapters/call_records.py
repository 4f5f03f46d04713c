"""What is kept of Rekognition's calls: how many a month were reserved, and what waits for more.

A call is counted before it is made, so the count can be too high and never too low. Its turn is
kept in the same row: the processes of a fleet take turns at the account's quota.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import CALLS, WAITING
from bot.model import MessageRef

_LONGEST_LINE_S = 600.0
"""A turn that is further away comes from a clock that was wrong."""


@dataclass(frozen=True)
class Reserved:
    """A call that may be made: how many of the month it makes, and how long until its turn."""

    calls: int
    wait_s: float


class CallRecords:
    """Reads and writes the month's row (UTC, as in 2026-11) and the line of those that wait."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def reserve(
        self, connection: sa.Connection, month: str, *, limit: int | None, per_second: float
    ) -> Reserved | None:
        """Count one more call, with its turn among all processes; None at the month's `limit`.

        A limit is at least 1. Turns are `1 / per_second` apart, and none is saved for later.
        """
        now_s, gap_s = self._now_s(), 1 / per_second
        waits = CALLS.c.next_at_s.between(now_s, now_s + _LONGEST_LINE_S)
        turn_at_s = sa.case((waits, CALLS.c.next_at_s), else_=now_s)
        first = self._database.insert(CALLS).values(
            month=month, reserved=1, next_at_s=now_s + gap_s
        )
        statement = first.on_conflict_do_update(
            index_elements=CALLS.primary_key,
            set_={"reserved": CALLS.c.reserved + 1, "next_at_s": turn_at_s + gap_s},
            where=None if limit is None else CALLS.c.reserved < limit,
        )
        row = connection.execute(
            statement.returning(CALLS.c.reserved, CALLS.c.next_at_s - gap_s - now_s)
        ).one_or_none()
        return Reserved(row[0], max(0.0, row[1])) if row else None

    def _now_s(self) -> sa.ColumnElement[float]:
        """The database's clock, so that those of a fleet's machines need not agree."""
        if self._database.is_sqlite:
            return sa.literal(time.time())
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float)

    def reserved(self, month: str) -> int:
        """How many calls were counted in a month."""
        with self._database.begin() as connection:
            found = connection.execute(
                sa.select(CALLS.c.reserved).where(CALLS.c.month == month)
            ).scalar_one_or_none()
            return found or 0

    def claim_notice(self, connection: sa.Connection, month: str, *, calls: int) -> bool:
        """Be the one that tells that so many calls were reached; False when that was told."""
        claimed = connection.execute(
            sa.update(CALLS)
            .where(CALLS.c.month == month, CALLS.c.told_calls < calls)
            .values(told_calls=calls)
        )
        return claimed.rowcount == 1

    # -- what waits for the next ones

    def waiting(self, *, limit: int) -> list[MessageRef]:
        """The first messages whose pictures wait for the month's limit of calls."""
        columns = [WAITING.c[name] for name in MessageRef.NAMES]
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*columns).order_by(WAITING.c.since_s, *columns).limit(limit)
            )
            return [MessageRef(*row) for row in rows]
