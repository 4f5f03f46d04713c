"""What is to be forgotten: the marks of it, and what they are about.

A message is marked at once, in the transaction that takes the request in; from then on no job works
on it. Those of a person, a channel or a team are marked in steps, by the job that was stored with
the request. What is left of a message goes later, and its replies' rows go last: as long as one of
them is due, something is still to be forgotten. The key of the first one, which names nothing,
stands for the message wherever it must not be named itself.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.adapters.conditions import is_deleted, is_due, same_message
from bot.adapters.database import Database
from bot.adapters.tables import (
    DELETED_FILES,
    MESSAGES,
    OPT_OUTS,
    PICTURES,
    REPLIES,
    WHOLE_REMOVALS,
    matching,
)
from bot.model import EXPIRED, GONE, LIVE, MessageRef


@dataclass(frozen=True)
class Doomed:
    """A message to be forgotten; one picture of it alone where `file_id` says which."""

    message: MessageRef
    thread_ts: str
    state: str
    file_id: str | None = None

    @property
    def is_expired(self) -> bool:
        """Whether nobody took it away: it was kept for long enough."""
        return self.state == EXPIRED


@dataclass(frozen=True)
class Held:
    """A message that holds a deleted file: its key, the picture's place, and if it has others."""

    message: MessageRef
    key: str
    position: int
    has_others: bool


class RemovalRecords:
    """Writes the marks, and finds what they are about."""

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

    def ask_for_all(self, connection: sa.Connection, team: str, *, about: str, value: str) -> None:
        """Remember that all messages of a `poster`, a `channel` or the `team` are to be marked."""
        self._database.insert_once(connection, WHOLE_REMOVALS, team=team, about=about, value=value)

    def mark_next(self, *, at_most: int) -> bool:
        """Mark some of the messages that go as a whole; whether there may be more."""
        with self._database.begin() as connection:
            asked = connection.execute(sa.select(WHOLE_REMOVALS).limit(1)).one_or_none()
            if asked is None:
                return False
            if _mark_some(connection, asked, at_most) < at_most:
                where = (column == asked[at] for at, column in enumerate(WHOLE_REMOVALS.c))
                connection.execute(sa.delete(WHOLE_REMOVALS).where(*where))
        return True

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
            .where(is_due(REPLIES), _is_first(REPLIES, is_due), REPLIES.c.key > after)
            .order_by(REPLIES.c.key)
            .limit(at_most)
        )
        return list(found.scalars())

    def is_any_left(self, team: str) -> bool:
        """Whether something of a team is still to be marked or forgotten."""
        due = sa.select(REPLIES.c.key).join(MESSAGES, same_message(MESSAGES, REPLIES))
        due = due.where(MESSAGES.c.team == team, is_due(REPLIES))
        asked = sa.select(WHOLE_REMOVALS.c.about).where(WHOLE_REMOVALS.c.team == team)
        with self._database.begin() as connection:
            return any(connection.execute(one.limit(1)).first() for one in (due, asked))

    def doomed(self, key: str, position: int | None) -> Doomed | None:
        """What a key stands for; None when nothing is left of it."""
        columns = (*_of(MESSAGES), MESSAGES.c.thread_ts, MESSAGES.c.state)
        known = sa.select(*columns).join(REPLIES, same_message(REPLIES, MESSAGES))
        known = known.where(REPLIES.c.key == key)
        with self._database.begin() as connection:
            if position is None:
                row = connection.execute(known.where(is_due(REPLIES))).one_or_none()
                return _doomed(row) if row else None
            row = connection.execute(known).one_or_none()
            if row is None:
                return None
            doomed = _doomed(row)
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


def _mark_some(connection: sa.Connection, asked: sa.Row[Any], at_most: int) -> int:
    """Mark messages of what goes as a whole; how many. A team that is lost takes nothing back."""
    state = EXPIRED if asked.about == "team" else GONE
    where = (MESSAGES.c.team == asked.team, MESSAGES.c[asked.about] == asked.value)
    to_mark = sa.select(*_of(MESSAGES)).where(*where, MESSAGES.c.state != state).limit(at_most)
    found = [tuple(row) for row in connection.execute(to_mark)]
    are_found = sa.tuple_(*_of(MESSAGES)).in_(found)
    connection.execute(sa.update(MESSAGES).where(are_found).values(state=state))
    return len(found)


def _doomed(row: sa.Row[Any]) -> Doomed:
    return Doomed(MessageRef(row.team, row.channel, row.ts), row.thread_ts, row.state)


def _of(table: sa.Table) -> tuple[sa.Column[str], ...]:
    """The columns that name a message."""
    return tuple(table.c[name] for name in MessageRef.NAMES)


def _is_first(
    replies: sa.Table, counts: Callable[[sa.FromClause], sa.ColumnElement[bool]] | None = None
) -> sa.ColumnElement[bool]:
    """Whether no earlier attempt's reply is left of the message, of those that count."""
    other = replies.alias()
    earlier = [same_message(other, replies), other.c.attempt < replies.c.attempt]
    return ~sa.exists().where(*earlier, *([counts(other)] if counts else []))
