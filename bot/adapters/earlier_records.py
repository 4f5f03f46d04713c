"""Where the same picture was posted before: found by its bytes, among what still stands."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.conditions import same_message, stands
from bot.adapters.database import Database
from bot.adapters.tables import MESSAGES, PICTURES
from bot.model import MessageRef


class EarlierRecords:
    """Reads the rows of pictures by the sha256 of their originals."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def earlier(
        self, message: MessageRef, sha256: str, *, outcomes: tuple[str, ...]
    ) -> list[MessageRef]:
        """The first post of the same bytes in each channel before a message, its own one first.

        Only what still stands, and came to one of these outcomes.
        """
        here = PICTURES.c.channel == message.channel
        first_ts = sa.func.min(PICTURES.c.ts)
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(PICTURES.c.channel, first_ts)
                .join(MESSAGES, same_message(MESSAGES, PICTURES))
                .where(PICTURES.c.team == message.team, PICTURES.c.sha256 == sha256)
                .where(PICTURES.c.ts < message.ts, stands())
                .where(PICTURES.c.outcome["outcome"].as_string().in_(outcomes))
                .group_by(PICTURES.c.channel)
                .order_by(sa.case((here, 0), else_=1), first_ts)
            )
            return [MessageRef(message.team, *row) for row in rows]
