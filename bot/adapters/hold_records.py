"""What is snoozed or muted, for whom, and until when."""

from __future__ import annotations

import time
from collections.abc import Iterable

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import HOLDS
from bot.model import ALL_WATCHES, Hold


class HoldRecords:
    """Reads and writes holds; the last one said about the same holds."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def hold(
        self,
        team: str,
        watch_id: int,
        person: str,
        *,
        for_all: bool = False,
        until_s: float | None = None,
        by: str,
    ) -> None:
        """Hold a watch, or ALL_WATCHES of a person, back until then; None: until it is lifted."""
        held = "" if for_all else person
        said = {"for_all": for_all, "until_s": until_s, "by": by, "at_s": time.time()}
        with self._database.begin() as connection:
            self._database.insert_once(
                connection, HOLDS, team=team, watch_id=watch_id, person=held, **said
            )
            connection.execute(sa.update(HOLDS).where(*_key(team, watch_id, held)).values(**said))

    def lift(self, team: str, watch_id: int, person: str, *, for_all: bool = False) -> bool:
        """End a hold; False when there was none."""
        where = (*_key(team, watch_id, "" if for_all else person), _is_on(time.time()))
        with self._database.begin() as connection:
            return connection.execute(sa.delete(HOLDS).where(*where)).rowcount == 1

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


def _key(team: str, watch_id: int, person: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (HOLDS.c.team == team, HOLDS.c.watch_id == watch_id, HOLDS.c.person == person)
