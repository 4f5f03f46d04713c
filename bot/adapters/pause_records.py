"""Which watches nobody can be told of at present, why, and whether their owners know."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import WATCHES
from bot.pause_texts import DEAD_TARGETS


@dataclass(frozen=True)
class Untold:
    """Watches of one owner that were paused together, which the owner is still to be told."""

    owner: str
    why: str
    at_s: float
    watch_ids: tuple[int, ...]


class PauseRecords:
    """Writes and reads pauses."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def pause(self, watch_ids: Iterable[int], why: str) -> None:
        """Write why nobody can be told of these watches.

        One that is paused for that stays so, as does what tells a channel that is dead already: of
        a deleted one Slack says later only that it is not there, which is no news for its owner.
        """
        is_dead = WATCHES.c.paused_why.in_(DEAD_TARGETS)
        is_new = WATCHES.c.paused_why.is_(None) | ((WATCHES.c.paused_why != why) & ~is_dead)
        with self._database.begin() as connection:
            connection.execute(
                sa.update(WATCHES)
                .where(WATCHES.c.watch_id.in_(list(watch_ids)), is_new)
                .values(paused_why=why, paused_at_s=time.time(), pause_told=False)
            )

    def resume(self, watch_ids: Iterable[int]) -> None:
        """Write that these watches can be told of again."""
        with self._database.begin() as connection:
            connection.execute(
                sa.update(WATCHES)
                .where(WATCHES.c.watch_id.in_(list(watch_ids)), WATCHES.c.paused_why.is_not(None))
                .values(paused_why=None, paused_at_s=None, pause_told=False)
            )

    def untold(self, team: str, target: str, why: str) -> list[Untold]:
        """The pauses of a target's watches that their owners are still to be told."""
        columns = [WATCHES.c[name] for name in ("owner", "paused_why", "paused_at_s", "watch_id")]
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*columns)
                .where(WATCHES.c.team == team, WATCHES.c.target == target)
                .where(WATCHES.c.paused_why == why, ~WATCHES.c.pause_told)
                .order_by(*columns)
            ).all()
        together = itertools.groupby(rows, key=lambda row: tuple(row[:3]))
        return [
            Untold(owner, why, at_s, tuple(row.watch_id for row in group))
            for (owner, _, at_s), group in together
        ]

    def note_told(self, watch_ids: Iterable[int]) -> None:
        """Write that the owners know."""
        with self._database.begin() as connection:
            connection.execute(
                sa.update(WATCHES)
                .where(WATCHES.c.watch_id.in_(list(watch_ids)))
                .values(pause_told=True)
            )
