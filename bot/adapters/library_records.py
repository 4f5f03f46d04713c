"""What is kept of labelled pictures, read a page at a time: many are never in memory at once.

Each page is a statement of its own that goes on after the last row of the page before. A cursor
held open would keep one transaction for minutes: SQLite's log grows meanwhile, PostgreSQL's
statement time-out ends it, and what a person deletes in between would still come out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.adapters.conditions import same_message, stands
from bot.adapters.database import Database
from bot.adapters.tables import ANALYSES, MESSAGES, PICTURES
from bot.exports import Scope
from bot.model import ImageSource

PAGE = 100
"""Rows in memory at a time: an answer of Rekognition may have hundreds of kilobytes."""
_ORDER = (PICTURES.c.ts, PICTURES.c.position, PICTURES.c.file_id)


@dataclass(frozen=True)
class KeptPicture:
    """A picture that was answered, with the answer; `outcome` is what its attempt came to."""

    source: ImageSource
    thread_ts: str
    poster: str
    outcome: dict[str, Any]
    response: dict[str, Any]


class LibraryRecords:
    """Reads the pictures that are there for people to see: answered, and not taken away."""

    def __init__(self, database: Database, settings: str, *, answered: Sequence[str]) -> None:
        """Take the database, the request that the answers belong to, and what counts as one."""
        self._database = database
        self._settings = settings
        self._answered = answered

    def pictures(self, team: str, scope: Scope) -> Iterator[KeptPicture]:
        """The pictures of a scope: channel by channel, each by time and then as posted.

        Raises: errors.RecordsUnavailable.
        """
        for channel in scope.channels:
            chosen = self._chosen(team, channel, scope)
            after: tuple[Any, ...] | None = None
            while rows := self._page(chosen, after):
                after = rows[-1].ts, rows[-1].position, rows[-1].file_id
                for row in rows:
                    yield _picture(row)

    def has_pictures(self, team: str, scope: Scope) -> bool:
        """Whether there is any picture in a scope.

        Raises: errors.RecordsUnavailable.
        """
        with self._database.begin() as connection:
            chosen = (self._chosen(team, channel, scope) for channel in scope.channels)
            return any(connection.scalar(sa.select(one.exists())) for one in chosen)

    def _page(self, chosen: sa.Select[Any], after: tuple[Any, ...] | None) -> Sequence[sa.Row[Any]]:
        if after:
            chosen = chosen.where(sa.tuple_(*_ORDER) > sa.tuple_(*map(sa.literal, after)))
        with self._database.begin() as connection:
            return connection.execute(chosen.order_by(*_ORDER).limit(PAGE)).all()

    def _chosen(self, team: str, channel: str, scope: Scope) -> sa.Select[Any]:
        analysed = sa.and_(
            ANALYSES.c.team == PICTURES.c.team,
            ANALYSES.c.sha256 == PICTURES.c.sha256,
            ANALYSES.c.settings == self._settings,
        )
        return (
            sa.select(
                *(PICTURES.c[name] for name in ImageSource.NAMES),
                *(PICTURES.c.position, PICTURES.c.outcome),
                *(MESSAGES.c.thread_ts, MESSAGES.c.poster, ANALYSES.c.response),
            )
            .join(MESSAGES, same_message(MESSAGES, PICTURES))
            .join(ANALYSES, analysed)
            .where(PICTURES.c.team == team, PICTURES.c.channel == channel)
            .where(stands(), ANALYSES.c.response.is_not(None))
            .where(PICTURES.c.outcome["outcome"].as_string().in_(self._answered))
            .where(*_narrowing(scope))
        )


def _narrowing(scope: Scope) -> Iterator[sa.ColumnElement[bool]]:
    if scope.ts is not None:
        yield PICTURES.c.ts == scope.ts
    if scope.thread_ts is not None:
        yield MESSAGES.c.thread_ts == scope.thread_ts
    if scope.since_s is not None:
        # Slack's time stamps are all written alike, so that as text too the later is the greater.
        yield PICTURES.c.ts >= f"{scope.since_s:017.6f}"


def _picture(row: sa.Row[Any]) -> KeptPicture:
    return KeptPicture(
        source=ImageSource(row.team, row.channel, row.ts, row.file_id),
        thread_ts=row.thread_ts,
        poster=row.poster,
        outcome=row.outcome,
        response=row.response,
    )
