"""What is kept of replies that are rendered again: the attempt that does it, and what for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.message_records import open_reply
from bot.adapters.tables import LEFT, MESSAGES, REPLIES, matching, picked_by
from bot.model import LIVE, MessageRef
from bot.show_options import Options, combine

SILENT = ("needless", "refused", LEFT)
"""The states of replies that are over without having been seen, or whose message expired."""
_SEEN = ("sent", "retired")
_OPTIONS = (
    sa.select(REPLIES.c.options)
    .where(*picked_by(REPLIES, MessageRef.NAMES), REPLIES.c.is_render)
    .order_by(REPLIES.c.attempt.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Opened:
    """An attempt that renders a message's reply again: its thread, and what was chosen, in all."""

    attempt: int
    thread_ts: str
    options: dict[str, Any] = field(default_factory=dict)


class RenderRecords:
    """Opens attempts that render again, and finds what they are about."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def open(
        self,
        connection: sa.Connection,
        message: MessageRef,
        *,
        options: Options | None = None,
        after: int | None = None,
    ) -> Opened | None:
        """Open the next attempt; None where no reply stands yet, or none is wanted any more.

        It may follow another one that still renders, but no attempt that still looks at pictures;
        with `after`, an attempt, none that renders and is later than that. `options` come on top
        of what was chosen before, whether that was ever shown or not.
        """
        row = connection.execute(
            sa.select(MESSAGES.c.attempt, MESSAGES.c.thread_ts, MESSAGES.c.state).where(
                *matching(MESSAGES, message)
            )
        ).one_or_none()
        if row is None or row.state != LIVE or not self._has_reply(connection, message):
            return None
        if after is not None and self._is_rendered_after(connection, message, after):
            return None
        moved = connection.execute(
            sa.update(MESSAGES)
            .where(*matching(MESSAGES, message), MESSAGES.c.attempt == row.attempt)
            .values(attempt=row.attempt + 1)
        )
        if moved.rowcount != 1:
            return None
        chosen = combine(self._options(connection, message), options or {})
        attempt = row.attempt + 1
        own = {"attempt": attempt, "is_render": True, "options": chosen}
        open_reply(self._database, connection, message, **own)
        return Opened(attempt, row.thread_ts, chosen)

    def options(self, message: MessageRef) -> dict[str, Any]:
        """What was chosen for a message so far, whether it was ever shown or not."""
        with self._database.begin() as connection:
            return self._options(connection, message)

    def _options(self, connection: sa.Connection, message: MessageRef) -> dict[str, Any]:
        """The last rendering has it all."""
        return connection.execute(_OPTIONS, message.columns()).scalar() or {}

    def _has_reply(self, connection: sa.Connection, message: MessageRef) -> bool:
        rows = connection.execute(
            sa.select(REPLIES.c.state, REPLIES.c.is_render).where(
                *matching(REPLIES, message), REPLIES.c.state.not_in(SILENT)
            )
        ).all()
        # What is still looked at would not be in the rendering, which takes older replies back.
        return bool(rows) and all(row.is_render or row.state in _SEEN for row in rows)

    def outlived(self, *, at_most: int) -> list[MessageRef]:
        """Messages with replies that should be gone: older than a rendered one that stands."""
        newer = REPLIES.alias()
        is_outlived = sa.exists().where(
            *(newer.c[name] == REPLIES.c[name] for name in MessageRef.NAMES),
            newer.c.attempt > REPLIES.c.attempt,
            *(newer.c.state == "sent", newer.c.is_render),
        )
        columns = [REPLIES.c[name] for name in MessageRef.NAMES]
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*columns)
                .distinct()
                .join(MESSAGES, sa.and_(*(MESSAGES.c[n] == REPLIES.c[n] for n in MessageRef.NAMES)))
                .where(is_outlived, MESSAGES.c.state == LIVE)
                .where((REPLIES.c.state == "sent") | REPLIES.c.files.is_not(None))
                .limit(at_most)
            )
            return [MessageRef(*row) for row in rows]

    def _is_rendered_after(
        self, connection: sa.Connection, message: MessageRef, attempt: int
    ) -> bool:
        later = connection.execute(
            sa.select(REPLIES.c.attempt)
            .where(*matching(REPLIES, message), REPLIES.c.attempt > attempt, REPLIES.c.is_render)
            .where(REPLIES.c.state.not_in(SILENT))
            .limit(1)
        )
        return later.one_or_none() is not None

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
