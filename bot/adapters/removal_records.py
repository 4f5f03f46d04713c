"""What is to be forgotten, and what of it is left: marks first, then rows that go.

A message is marked at once, in the transaction that takes the request in; from then on no job works
on it. What is left of it goes later, and its first reply's row goes last: as long as that row is
there, something is still to be forgotten. Its key, which names nothing, stands for the message
wherever it must not be named itself.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass

import sqlalchemy as sa

from bot.adapters.conditions import is_deleted, same_message
from bot.adapters.database import Database
from bot.adapters.tables import (
    ANALYSES,
    DELETED_FILES,
    MESSAGES,
    METADATA,
    OPT_OUTS,
    PICTURES,
    REPLIES,
    matching,
)
from bot.model import EXPIRED, GONE, LIVE, MessageRef

_ABOUT_MESSAGES = tuple(
    table
    for table in METADATA.sorted_tables
    if {*MessageRef.NAMES} <= {*table.c.keys()} and table is not MESSAGES
)
"""The tables with rows about single messages, the guard aside."""

_ABOUT_TEAMS = tuple(
    table for table in METADATA.sorted_tables if "team" in table.c and "ts" not in table.c
)


@dataclass(frozen=True)
class Doomed:
    """A message to be forgotten; one picture of it alone where `file_id` says which."""

    message: MessageRef
    thread_ts: str
    is_expired: bool
    file_id: str | None = None


@dataclass(frozen=True)
class Held:
    """A message that holds a deleted file: its key, the picture's place, and if it has others."""

    message: MessageRef
    key: str
    position: int
    has_others: bool


class RemovalRecords:
    """Writes the marks, finds what they are about, and removes rows."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    # -- marks

    def mark(
        self, connection: sa.Connection, message: MessageRef, *, also_unknown: bool
    ) -> str | None:
        """Mark a message as gone, before it arrives if need be; its key if anything is left."""
        if also_unknown:
            self._database.insert_once(
                connection,
                MESSAGES,
                **message.columns(),
                thread_ts=message.ts,
                poster="",
                attempt=1,
                accepted_at_s=time.time(),
                state=GONE,
            )
        connection.execute(
            sa.update(MESSAGES).where(*matching(MESSAGES, message)).values(state=GONE)
        )
        return connection.execute(
            sa.select(REPLIES.c.key)
            .where(*matching(REPLIES, message))
            .order_by(REPLIES.c.attempt)
            .limit(1)
        ).scalar_one_or_none()

    def mark_all(
        self, connection: sa.Connection, *, state: str = GONE, team: str, **columns: str
    ) -> None:
        """Mark all live messages of a team, or those with these values, such as a `poster`."""
        values = {"team": team, **columns}
        where = (MESSAGES.c[name] == value for name, value in values.items())
        connection.execute(
            sa.update(MESSAGES).where(*where, MESSAGES.c.state == LIVE).values(state=state)
        )

    def mark_file(self, team: str, file_id: str) -> None:
        """Remember that a file is deleted, whether its message has arrived or not."""
        with self._database.begin() as connection:
            self._database.insert_once(
                connection, DELETED_FILES, team=team, file_id=file_id, deleted_at_s=time.time()
            )

    def mark_person(self, team: str, person: str) -> None:
        """Remember that a person has opted out."""
        with self._database.begin() as connection:
            self._database.insert_once(
                connection, OPT_OUTS, team=team, person=person, since_s=time.time()
            )

    def unmark_person(self, team: str, person: str) -> None:
        """Forget that a person has opted out."""
        with self._database.begin() as connection:
            connection.execute(
                sa.delete(OPT_OUTS).where(OPT_OUTS.c.team == team, OPT_OUTS.c.person == person)
            )

    # -- what they are about

    def holders(self, connection: sa.Connection, team: str, file_id: str) -> list[Held]:
        """The live messages that hold a file."""
        rows = connection.execute(
            sa.select(*_of(PICTURES), REPLIES.c.key, PICTURES.c.position)
            .join(REPLIES, same_message(REPLIES, PICTURES))
            .join(MESSAGES, same_message(MESSAGES, PICTURES))
            .where(PICTURES.c.team == team, PICTURES.c.file_id == file_id)
            .where(_is_first(REPLIES), MESSAGES.c.state == LIVE)
        ).all()
        return [self._held(connection, MessageRef(*row[:3]), row.key, row.position) for row in rows]

    def _held(
        self, connection: sa.Connection, message: MessageRef, key: str, position: int
    ) -> Held:
        others = sa.select(PICTURES.c.file_id).where(*matching(PICTURES, message), ~is_deleted())
        has_others = connection.execute(others.limit(1)).first() is not None
        return Held(message, key, position, has_others)

    def left(self, connection: sa.Connection, *, after: str, at_most: int) -> list[str]:
        """The keys of marked messages of which something is left, in order, after this one."""
        found = connection.execute(
            sa.select(REPLIES.c.key)
            .join(MESSAGES, same_message(MESSAGES, REPLIES))
            .where(MESSAGES.c.state != LIVE, _is_first(REPLIES), REPLIES.c.key > after)
            .order_by(REPLIES.c.key)
            .limit(at_most)
        )
        return list(found.scalars())

    def doomed(self, key: str, position: int | None) -> Doomed | None:
        """What a key stands for; None when nothing is left of it."""
        columns = (*_of(MESSAGES), MESSAGES.c.thread_ts)
        with self._database.begin() as connection:
            row = connection.execute(
                sa.select(*columns, MESSAGES.c.state)
                .join(REPLIES, same_message(REPLIES, MESSAGES))
                .where(REPLIES.c.key == key)
            ).one_or_none()
            if row is None:
                return None
            doomed = Doomed(MessageRef(*row[:3]), row.thread_ts, row.state == EXPIRED)
            if position is None:
                # Somebody may have asked for what expired once more, before it was forgotten.
                return doomed if row.state != LIVE else None
            file_id = connection.execute(
                sa.select(PICTURES.c.file_id).where(
                    *matching(PICTURES, doomed.message), PICTURES.c.position == position
                )
            ).scalar_one_or_none()
        return dataclasses.replace(doomed, file_id=file_id) if file_id else None

    def sharing(self, message: MessageRef, sha256s: set[str]) -> list[MessageRef]:
        """The other messages of a team with a picture of the same bytes as one of these."""
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*_of(PICTURES))
                .where(PICTURES.c.team == message.team, PICTURES.c.sha256.in_(sha256s))
                .distinct()
            )
            return [other for row in rows if (other := MessageRef(*row[:3])) != message]

    # -- rows that go

    def erase(self, doomed: Doomed, *, file_ids: list[str], sha256s: set[str]) -> None:
        """Remove the rows about a message, or about one picture of it.

        `file_ids` and `sha256s` are those of its pictures. Analyses stay where another live picture
        shows the same, and marks where another picture has the same file.
        """
        with self._database.begin() as connection:
            for table in _ABOUT_MESSAGES:
                where = matching(table, doomed.message)
                if doomed.file_id is None:
                    connection.execute(sa.delete(table).where(*where))
                elif "file_id" in table.c:
                    only = table.c.file_id == doomed.file_id
                    connection.execute(sa.delete(table).where(*where, only))
            self._erase_analyses(connection, doomed.message.team, sha256s)
            self._erase_marks(connection, doomed.message.team, file_ids)

    def _erase_analyses(self, connection: sa.Connection, team: str, sha256s: set[str]) -> None:
        in_use = (
            sa.select(PICTURES.c.sha256)
            .join(MESSAGES, same_message(MESSAGES, PICTURES))
            .where(PICTURES.c.team == team, MESSAGES.c.state == LIVE)
            .where(PICTURES.c.sha256.in_(sha256s))
        )
        connection.execute(
            sa.delete(ANALYSES)
            .where(ANALYSES.c.team == team, ANALYSES.c.sha256.in_(sha256s))
            .where(ANALYSES.c.sha256.not_in(in_use))
        )

    def _erase_marks(self, connection: sa.Connection, team: str, file_ids: list[str]) -> None:
        held = sa.exists().where(
            PICTURES.c.team == DELETED_FILES.c.team, PICTURES.c.file_id == DELETED_FILES.c.file_id
        )
        connection.execute(
            sa.delete(DELETED_FILES)
            .where(DELETED_FILES.c.team == team, DELETED_FILES.c.file_id.in_(file_ids))
            .where(~held)
        )

    def erase_team(self, team: str) -> None:
        """Remove what is kept of a team besides its messages."""
        with self._database.begin() as connection:
            for table in _ABOUT_TEAMS:
                connection.execute(sa.delete(table).where(table.c.team == team))


def _of(table: sa.Table) -> tuple[sa.Column[str], ...]:
    """The columns that name a message."""
    return tuple(table.c[name] for name in MessageRef.NAMES)


def _is_first(replies: sa.Table) -> sa.ColumnElement[bool]:
    """Whether no earlier attempt's reply is left of the message."""
    other = replies.alias()
    return ~sa.exists().where(
        same_message(other, replies),
        other.c.attempt < replies.c.attempt,
    )
