"""What is snoozed or muted, for whom, and until when."""

from __future__ import annotations

import time
from collections.abc import Iterable

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import HOLDS
from bot.model import ALL_WATCHES, Hold


class HoldRecords:
    """Reads and writes holds; there is one of a watch, and one of all that a person watches."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def hold(
        self, team: str, watch_id: int, person: str, *, until_s: float | None = None, by: str
    ) -> float | None:
        """Hold a watch, or ALL_WATCHES of a person, back until then; None: until it is lifted.

        What is held for longer stays so. Gives the end that holds now.
        """
        same = _key(team, watch_id, person)
        # Of a mute the end is null, and so never before that of a snooze.
        shorter = () if until_s is None else (HOLDS.c.until_s < until_s,)
        said = {"until_s": until_s, "by": by, "at_s": time.time()}
        with self._database.begin() as connection:
            self._database.insert_once(connection, HOLDS, **same, **said)
            connection.execute(sa.update(HOLDS).filter_by(**same).where(*shorter).values(**said))
            end_s = sa.select(HOLDS.c.until_s).filter_by(**same)
            now_until_s: float | None = connection.execute(end_s).scalar_one()
            return now_until_s

    def lift(self, team: str, watch_id: int, person: str) -> bool:
        """End a hold; False when there was none."""
        same = _key(team, watch_id, person)
        with self._database.begin() as connection:
            lifted = sa.delete(HOLDS).filter_by(**same).where(_is_on(time.time()))
            return connection.execute(lifted).rowcount == 1

    def of_watches(
        self, team: str, watch_ids: Iterable[int], *, person: str = "", now_s: float | None = None
    ) -> list[Hold]:
        """What holds now of these watches, and of all that this person watches."""
        mine = sa.and_(HOLDS.c.watch_id == ALL_WATCHES, HOLDS.c.person == person)
        columns = [HOLDS.c[name] for name in Hold.__dataclass_fields__]
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*columns)
                .where(HOLDS.c.team == team, _is_on(time.time() if now_s is None else now_s))
                .where(HOLDS.c.watch_id.in_(list(watch_ids)) | mine)
                .order_by(HOLDS.c.at_s)
            )
            return [Hold(**row._mapping) for row in rows]  # noqa: SLF001 - public by name


def _is_on(now_s: float) -> sa.ColumnElement[bool]:
    return HOLDS.c.until_s.is_(None) | (HOLDS.c.until_s > now_s)


def _key(team: str, watch_id: int, person: str) -> dict[str, str | int]:
    """What tells a hold from others; whoever holds a watch back, and whomever it tells."""
    whose = person if watch_id == ALL_WATCHES else ""
    return {"team": team, "watch_id": watch_id, "person": whose}
