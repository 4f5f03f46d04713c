"""What the daily sweep looks for: messages kept for long enough, and marks that nobody needs."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.conditions import is_deleted, is_opted_out, is_slack_file, same_message
from bot.adapters.database import Database
from bot.adapters.tables import CHANNELS, DELETED_FILES, HOLDS, MESSAGES, PICTURES, WAITING
from bot.model import EXPIRED, GONE, LIVE, MessageRef

_DAY_S = 24 * 3600.0
_MARKS_KEPT_S = 2 * _DAY_S
"""How long a deletion may come before the message that it is about."""

_KEY = tuple(MESSAGES.c[name] for name in MessageRef.NAMES)


class KeepingRecords:
    """Reads and marks by age."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def expire(self, now_s: float, *, keep_days: int, at_most: int) -> int:
        """Mark the oldest messages that were kept for as long as their channel says; how many.

        What waits for the month's limit was promised an answer, and is kept until it has one.
        """
        kept = sa.func.coalesce(CHANNELS.c.keep_days, keep_days) * _DAY_S
        here = sa.and_(CHANNELS.c.team == MESSAGES.c.team, CHANNELS.c.channel == MESSAGES.c.channel)
        waits = sa.exists().where(
            *(WAITING.c[name] == MESSAGES.c[name] for name in MessageRef.NAMES)
        )
        old = (
            sa.select(*_KEY)
            .join(CHANNELS, here, isouter=True)
            .where(MESSAGES.c.state == LIVE, MESSAGES.c.accepted_at_s + kept <= now_s, ~waits)
            .order_by(MESSAGES.c.accepted_at_s)
            .limit(at_most)
        )
        with self._database.begin() as connection:
            found = [tuple(row) for row in connection.execute(old)]
            connection.execute(
                sa.update(MESSAGES).where(sa.tuple_(*_KEY).in_(found)).values(state=EXPIRED)
            )
        return len(found)

    def mark_opted_out(self) -> None:
        """Mark the messages that came in at the very moment their poster opted out."""
        with self._database.begin() as connection:
            connection.execute(
                sa.update(MESSAGES)
                .where(MESSAGES.c.state != GONE, is_opted_out())
                .values(state=GONE)
            )

    def drop_marks(self, now_s: float) -> None:
        """Remove the marks of deleted files whose message is not to be expected any more."""
        with self._database.begin() as connection:
            connection.execute(
                sa.delete(DELETED_FILES).where(
                    DELETED_FILES.c.deleted_at_s <= now_s - _MARKS_KEPT_S, ~_holds_file()
                )
            )

    def drop_ended_holds(self, now_s: float) -> None:
        """Remove the snoozes that are over."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(HOLDS).where(HOLDS.c.until_s <= now_s))

    def deleted_files(self) -> list[tuple[str, str]]:
        """Team and id of every deleted file that a picture is still kept of."""
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(DELETED_FILES.c.team, DELETED_FILES.c.file_id).where(_holds_file())
            )
            return [(row.team, row.file_id) for row in rows]

    def next_channel(self, after: tuple[str, str]) -> tuple[str, str] | None:
        """Team and id of the next channel that pictures are kept of, in order, after this one."""
        place = (PICTURES.c.team, PICTURES.c.channel)
        with self._database.begin() as connection:
            row = connection.execute(
                sa.select(*place)
                .where(sa.tuple_(*place) > sa.tuple_(*map(sa.literal, after)))
                .order_by(*place)
                .limit(1)
            ).one_or_none()
            return (row.team, row.channel) if row else None

    def oldest_files(self, team: str, channel: str, *, at_most: int) -> list[str]:
        """The ids of the oldest kept files of a channel: of pictures that are files in Slack."""
        with self._database.begin() as connection:
            found = connection.execute(
                sa.select(PICTURES.c.file_id)
                .join(MESSAGES, same_message(MESSAGES, PICTURES))
                .where(PICTURES.c.team == team, PICTURES.c.channel == channel)
                .where(MESSAGES.c.state == LIVE, is_slack_file(), ~is_deleted())
                .order_by(PICTURES.c.ts, PICTURES.c.position)
                .limit(at_most)
            )
            return list(found.scalars())


def _holds_file() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        PICTURES.c.team == DELETED_FILES.c.team, PICTURES.c.file_id == DELETED_FILES.c.file_id
    )
