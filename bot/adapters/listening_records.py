"""Until when somebody was there to hear Slack's events: one row per team, for the whole fleet."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import LISTENING


class ListeningRecords:
    """Reads and writes the time of the last sign of a listener."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def begin(self, connection: sa.Connection, team: str, *, now_s: float) -> None:
        """Write the team's row, unless somebody listens, or has listened, already."""
        self._database.insert_once(connection, LISTENING, team=team, heard_at_s=now_s)

    def hear(self, connection: sa.Connection, team: str, *, now_s: float) -> float | None:
        """Write that events are heard now; the time before, or None where there is nothing to say.

        That is when it began just now, when another process has just written its own, so that of
        all that see the same silence one is told of it, and when the team's row is gone.
        """
        previous_s = connection.execute(
            sa.select(LISTENING.c.heard_at_s).where(LISTENING.c.team == team)
        ).scalar_one_or_none()
        if previous_s is None:
            return None
        written = connection.execute(
            sa.update(LISTENING)
            .where(LISTENING.c.team == team, LISTENING.c.heard_at_s == previous_s)
            .where(LISTENING.c.heard_at_s < now_s)
            .values(heard_at_s=now_s)
        )
        return float(previous_s) if written.rowcount == 1 else None
