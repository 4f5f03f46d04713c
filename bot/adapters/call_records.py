"""What is kept of Rekognition's calls: how many a month were reserved, and what waits for more.

A call is counted before it is made, so the count can be too high and never too low.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import CALLS, WAITING
from bot.model import MessageRef


class CallRecords:
    """Reads and writes the month's row (UTC, as in 2026-11) and the line of those that wait."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def reserve(self, connection: sa.Connection, month: str, *, limit: int | None) -> int | None:
        """Count one more call; how many that makes, or None when the `limit` is reached.

        A limit is at least 1.
        """
        first = self._database.insert(CALLS).values(month=month, reserved=1)
        statement = first.on_conflict_do_update(
            index_elements=CALLS.primary_key,
            set_={"reserved": CALLS.c.reserved + 1},
            where=None if limit is None else CALLS.c.reserved < limit,
        )
        reserved: int | None = connection.execute(
            statement.returning(CALLS.c.reserved)
        ).scalar_one_or_none()
        return reserved

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
