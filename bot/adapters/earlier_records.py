"""Where the same picture was posted before: found by its bytes, among what still stands."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.conditions import same_message, stands
from bot.adapters.database import Database
from bot.adapters.tables import MESSAGES, PICTURES, picked_by
from bot.model import MessageRef

_CAME_TO = PICTURES.c.outcome["outcome"].as_string()
_SAME = (
    sa.select(PICTURES.c.channel, PICTURES.c.ts)
    .join(MESSAGES, same_message(MESSAGES, PICTURES))
    .where(*picked_by(PICTURES, ("team", "sha256")), PICTURES.c.ts < sa.bindparam("ts"), stands())
    .where(_CAME_TO.in_(sa.bindparam("outcomes", expanding=True)))
    .cte("same")
    # On its own: to have the channels in order, SQLite would go through all pictures of a team.
    .prefix_with("MATERIALIZED")
)
_IS_HERE = _SAME.c.channel == sa.bindparam("channel")
_FIRST_TS = sa.func.min(_SAME.c.ts)
_EARLIER = (
    sa.select(_SAME.c.channel, _FIRST_TS)
    .group_by(_SAME.c.channel)
    .order_by(sa.case((_IS_HERE, 0), else_=1), _FIRST_TS)
)


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
        picture = {**message.columns(), "sha256": sha256, "outcomes": outcomes}
        with self._database.begin() as connection:
            rows = connection.execute(_EARLIER, picture)
            return [MessageRef(message.team, *row) for row in rows]
