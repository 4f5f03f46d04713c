"""What may be asked of Rekognition: each call is reserved before it is made, fleet-wide.

The month has a limit, if an admin wants one, and the second has the account's quota.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable

import sqlalchemy as sa

from bot import errors
from bot.adapters.call_records import CallRecords
from bot.adapters.job_intake import JobIntake

NEAR_PERCENT = 80
"""From here on the operators are told that the limit comes near."""

log = logging.getLogger(__name__)


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


class Budget:
    """Allows calls as long as the month's limit does, at the account's pace.

    Without a limit it counts all the same.
    """

    def __init__(
        self,
        jobs: JobIntake,
        calls: CallRecords,
        *,
        limit: int | None,
        per_second: float,
        ops_channel: str | None = None,
        now: Callable[[], dt.datetime] = _now,
    ) -> None:
        """Take where jobs go, the records on the same database, and who hears of the limit.

        `limit` is that of the month, `per_second` the account's quota.
        """
        self._jobs = jobs
        self._calls = calls
        self._limit = limit
        self._per_second = per_second
        self._ops_channel = ops_channel
        self._now = now

    def reserve(self) -> None:
        """Count one call that is about to be made, and wait for its turn.

        Raises: errors.BudgetSpent, errors.RecordsUnavailable.
        """
        month = self._month()
        with self._jobs.database.begin() as connection:
            reserved = self._calls.reserve(connection, month, limit=self._limit)
            if self._limit is not None:
                reached = self._limit if reserved is None else reserved
                self._tell(connection, month, reached=reached, limit=self._limit)
            if reserved is not None:
                wait_s = self._calls.take_turn(connection, per_second=self._per_second)
        if reserved is None:
            raise errors.BudgetSpent(limit=self._limit, resumes_on=self._resumes_on())
        time.sleep(wait_s)

    def left(self) -> int | None:
        """How many calls the month has left; None without a limit."""
        if self._limit is None:
            return None
        return max(0, self._limit - self._calls.reserved(self._month()))

    def status(self) -> str:
        """How much of the limit is used, in words; nothing without a limit."""
        if self._limit is None:
            return ""
        used = self._calls.reserved(self._month())
        return f"Rekognition calls this month: {used:,} of {self._limit:,}."

    def _tell(self, connection: sa.Connection, month: str, *, reached: int, limit: int) -> None:
        """Have the operators told, in the same transaction, so that it is told once."""
        calls = limit if reached >= limit else -(-limit * NEAR_PERCENT // 100)
        if reached < calls or not self._calls.claim_notice(connection, month, calls=calls):
            return
        log.warning("month_limit", extra={"month": month, "calls": calls, "limit": limit})
        if self._ops_channel:
            self._jobs.enqueue(
                connection,
                "Alerting.tell_operators",
                job_id=f"calls/{month}/{calls}",
                queue="alerts",
                args={
                    "channel": self._ops_channel,
                    "key": f"calls/{month}/{calls}",
                    "calls": calls,
                    "limit": limit,
                    "resumes_on": self._resumes_on(),
                },
            )

    def _month(self) -> str:
        return f"{self._now():%Y-%m}"

    def _resumes_on(self) -> str:
        """The first day of the next month, in words."""
        next_month = self._now().replace(day=1) + dt.timedelta(days=31)
        return f"1 {next_month:%B}"
