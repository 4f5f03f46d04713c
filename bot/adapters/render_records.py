"""What is kept of replies that are rendered again: the attempt that does it, and what for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import LEFT, MESSAGES, REPLIES, matching
from bot.model import LIVE, MessageRef


@dataclass(frozen=True)
class Opened:
    """An attempt that renders a message's reply again, and the thread that it belongs in."""

    attempt: int
    thread_ts: str


class RenderRecords:
    """Opens attempts that render again, and finds what they are about."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def open(self, connection: sa.Connection, message: MessageRef) -> Opened | None:
        """Open the next attempt; None where no reply stands yet, or none is wanted any more.

        It may follow another one that still renders, but no attempt that still looks at pictures.
        """
        row = connection.execute(
            sa.select(MESSAGES.c.attempt, MESSAGES.c.thread_ts, MESSAGES.c.state).where(
                *matching(MESSAGES, message)
            )
        ).one_or_none()
        if row is None or row.state != LIVE or not self._has_reply(connection, message):
            return None
        moved = connection.execute(
            sa.update(MESSAGES)
            .where(*matching(MESSAGES, message), MESSAGES.c.attempt == row.attempt)
            .values(attempt=row.attempt + 1)
        )
        if moved.rowcount != 1:
            return None
        self._database.insert_once(
            connection,
            REPLIES,
            **message.columns(),
            attempt=row.attempt + 1,
            key=secrets.token_urlsafe(16),
            state="new",
            is_render=True,
        )
        return Opened(row.attempt + 1, row.thread_ts)

    def _has_reply(self, connection: sa.Connection, message: MessageRef) -> bool:
        last = connection.execute(
            sa.select(REPLIES.c.state, REPLIES.c.is_render)
            .where(*matching(REPLIES, message), REPLIES.c.state.not_in(["needless", LEFT]))
            .order_by(REPLIES.c.attempt.desc())
            .limit(1)
        ).one_or_none()
        return last is not None and (last.state == "sent" or last.is_render)

    def is_live(self, message: MessageRef) -> bool:
        """Whether nobody has taken the message away."""
        with self._database.begin() as connection:
            state = connection.execute(
                sa.select(MESSAGES.c.state).where(*matching(MESSAGES, message))
            ).scalar_one_or_none()
            return state == LIVE

    def find(self, team: str, channel: str, ts: str) -> MessageRef | None:
        """The accepted message at a ts, or the one that the reply at this ts belongs to."""
        message = MessageRef(team, channel, ts)
        with self._database.begin() as connection:
            known = connection.execute(
                sa.select(MESSAGES.c.ts).where(
                    *matching(MESSAGES, message), MESSAGES.c.state == LIVE
                )
            ).scalar_one_or_none()
            of_reply = connection.execute(
                sa.select(REPLIES.c.ts).where(
                    REPLIES.c.team == team,
                    REPLIES.c.channel == channel,
                    REPLIES.c.reply_ts == ts,
                    REPLIES.c.state != LEFT,
                )
            ).scalar_one_or_none()
        found = known or of_reply
        return MessageRef(team, channel, found) if found else None
