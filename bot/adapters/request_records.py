"""What is kept of people's requests: their signatures, until they are too old to be taken."""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import REQUESTS

_KEPT_S = 900.0
"""A signature is good from five minutes before its moment to five after; clocks differ a little."""


class RequestRecords:
    """Notes each request once."""

    def __init__(self, database: Database, *, now_s: Callable[[], float] = time.time) -> None:
        """Keep the database and the clock."""
        self._database = database
        self._now_s = now_s

    def note(self, signature: str) -> bool:
        """Note a request; False when it is noted already.

        Raises: errors.RecordsUnavailable.
        """
        now_s = self._now_s()
        with self._database.begin() as connection:
            connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.heard_at_s < now_s - _KEPT_S))
            return self._database.insert_once(
                connection, REQUESTS, signature=signature, heard_at_s=now_s
            )
