"""What is kept of Rekognition's calls: how many a month were reserved, and what waits for more.

A call is counted before it is made, so the count can be too high and never too low. The processes
of a fleet take turns at the account's quota.
"""

from __future__ import annotations

import functools

import sqlalchemy as sa

from bot.adapters.database import Database, insert_into
from bot.adapters.tables import CALLS, PACES, WAITING
from bot.model import MessageRef

_REKOGNITION = "rekognition"
_LONGEST_LINE, _LONGEST_LINE_S = 200, 10.0
"""A turn that is further away, in calls and in seconds, comes from a clock that was wrong."""


class CallRecords:
    """Reads and writes the month's row (UTC, as in 2026-11), turns, and who waits for more."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def reserve(self, connection: sa.Connection, month: str, *, limit: int | None) -> int | None:
        """Count one more call; how many that makes, or None when the `limit` is reached.

        A limit is at least 1.
        """
        counted = _counting(is_sqlite=self._database.is_sqlite, is_limited=limit is not None)
        reserved: int | None = connection.execute(
            counted, {"month": month, "reserved": 1, "limit": limit}
        ).scalar_one_or_none()
        return reserved

    def take_turn(self, connection: sa.Connection, *, per_second: float) -> float:
        """How many seconds to wait for this call's turn among those of all processes.

        Turns are `1 / per_second` apart, and one that nobody took is not saved for later.
        """
        taken = _taking(is_sqlite=self._database.is_sqlite, gap_s=1 / per_second)
        wait_s: float = connection.execute(taken, {"service": _REKOGNITION}).scalar_one()
        return max(0.0, wait_s)

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


# -- the statements of every call, made once


@functools.cache
def _counting(*, is_sqlite: bool, is_limited: bool) -> sa.Executable:
    return (
        insert_into(CALLS, is_sqlite=is_sqlite)
        .on_conflict_do_update(
            index_elements=CALLS.primary_key,
            set_={"reserved": CALLS.c.reserved + 1},
            where=CALLS.c.reserved < sa.bindparam("limit") if is_limited else None,
        )
        .returning(CALLS.c.reserved)
    )


@functools.cache
def _taking(*, is_sqlite: bool, gap_s: float) -> sa.Executable:
    # The database's clock, so that those of a fleet's machines need not agree; and read when it is
    # this transaction's turn to write, so that what was waited for it is not waited for again.
    now_s = (
        sa.func.strftime("%s", "now", type_=sa.Float)
        if is_sqlite
        else sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float)
    )
    longest_line_s = max(_LONGEST_LINE_S, _LONGEST_LINE * gap_s)
    is_in_line = PACES.c.next_at_s.between(now_s, now_s + longest_line_s)
    turn_at_s = sa.case((is_in_line, PACES.c.next_at_s), else_=now_s)
    return (
        insert_into(PACES, is_sqlite=is_sqlite)
        .values(next_at_s=now_s + gap_s)
        .on_conflict_do_update(
            index_elements=PACES.primary_key, set_={"next_at_s": turn_at_s + gap_s}
        )
        .returning(PACES.c.next_at_s - gap_s - now_s)
    )
