"""The rows that go when something is forgotten; what says so is in `removal_records`."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.conditions import is_deleted, same_message
from bot.adapters.database import Database
from bot.adapters.removal_records import Doomed
from bot.adapters.tables import (
    ANALYSES,
    DELETED_FILES,
    LEFT,
    MESSAGES,
    METADATA,
    PICTURES,
    REPLIES,
    matching,
)
from bot.model import LIVE, MessageRef

_ABOUT_MESSAGES = tuple(
    table
    for table in METADATA.sorted_tables
    if {*MessageRef.NAMES} <= {*table.c.keys()} and table is not MESSAGES
)
"""The tables with rows about single messages, the guard aside."""

_ABOUT_TEAMS = tuple(
    table for table in METADATA.sorted_tables if "team" in table.c and "ts" not in table.c
)


class ErasingRecords:
    """Removes rows about messages, their pictures, and teams."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def erase(
        self, doomed: Doomed, *, file_ids: list[str], sha256s: set[str], uploads: set[str]
    ) -> bool:
        """Remove the rows about a message, or about one picture of it.

        `file_ids`, `sha256s` and `uploads` are those of its pictures. Marks stay where another
        picture has the same file. Of what expired it stays where its replies stand.
        False, and nothing goes, when the message is not any more what it was when it was read:
        somebody took away what had only expired, or asked for it anew.
        """
        with self._database.begin() as connection:
            if not _is_unchanged(connection, doomed):
                return False
            if doomed.is_expired:
                _leave_replies(connection, doomed.message, uploads)
            for table in _ABOUT_MESSAGES:
                connection.execute(sa.delete(table).where(*_about(doomed, table)))
            _erase_analyses(connection, doomed.message.team, sha256s)
            _erase_marks(connection, doomed.message.team, file_ids)
        return True

    def erase_analyses(self, team: str, sha256s: set[str]) -> None:
        """Remove the answers about these bytes, unless a picture that stands shows the same."""
        with self._database.begin() as connection:
            _erase_analyses(connection, team, sha256s)

    def erase_team(self, team: str) -> None:
        """Remove what is kept of a team besides its messages."""
        with self._database.begin() as connection:
            for table in _ABOUT_TEAMS:
                connection.execute(sa.delete(table).where(table.c.team == team))

    def erase_guards(self, team: str) -> None:
        """Remove the last rows about a team's messages that are forgotten."""
        ended = (MESSAGES.c.team == team, MESSAGES.c.state != LIVE)
        of_ended = sa.exists().where(same_message(MESSAGES, REPLIES), *ended)
        with self._database.begin() as connection:
            connection.execute(sa.delete(REPLIES).where(REPLIES.c.team == team, of_ended))
            connection.execute(sa.delete(MESSAGES).where(*ended))


def _about(doomed: Doomed, table: sa.Table) -> list[sa.ColumnElement[bool]]:
    where = [*matching(table, doomed.message)]
    if doomed.file_id is not None:
        is_about_picture = "file_id" in table.c
        where.append(table.c.file_id == doomed.file_id if is_about_picture else sa.false())
    if table is REPLIES:
        where.append(REPLIES.c.state != LEFT if doomed.is_expired else sa.true())
    return where


def _is_unchanged(connection: sa.Connection, doomed: Doomed) -> bool:
    """Whether a message is what it was, which holds until the transaction ends."""
    state = connection.execute(
        sa.select(MESSAGES.c.state).where(*matching(MESSAGES, doomed.message)).with_for_update()
    ).scalar_one_or_none()
    return state == doomed.state or doomed.file_id is not None


def _leave_replies(connection: sa.Connection, message: MessageRef, uploads: set[str]) -> None:
    """Keep where replies and annotated pictures are, so that they can still be taken back."""
    rows = connection.execute(
        sa.select(REPLIES.c.attempt, REPLIES.c.state, REPLIES.c.reply_ts, REPLIES.c.files)
        .where(*matching(REPLIES, message))
        .order_by(REPLIES.c.attempt)
    ).all()
    for row in rows:
        if row.reply_ts or row.files or row.state == "sending":
            connection.execute(
                sa.update(REPLIES)
                .where(*matching(REPLIES, message), REPLIES.c.attempt == row.attempt)
                .values(state=LEFT, has_reason=False, files=sorted({*(row.files or ()), *uploads}))
            )


def _erase_analyses(connection: sa.Connection, team: str, sha256s: set[str]) -> None:
    in_use = (
        sa.select(PICTURES.c.sha256)
        .join(MESSAGES, same_message(MESSAGES, PICTURES))
        .where(PICTURES.c.team == team, MESSAGES.c.state == LIVE, ~is_deleted())
        .where(PICTURES.c.sha256.in_(sha256s))
    )
    connection.execute(
        sa.delete(ANALYSES)
        .where(ANALYSES.c.team == team, ANALYSES.c.sha256.in_(sha256s))
        .where(ANALYSES.c.sha256.not_in(in_use))
    )


def _erase_marks(connection: sa.Connection, team: str, file_ids: list[str]) -> None:
    held = sa.exists().where(
        PICTURES.c.team == DELETED_FILES.c.team, PICTURES.c.file_id == DELETED_FILES.c.file_id
    )
    connection.execute(
        sa.delete(DELETED_FILES)
        .where(DELETED_FILES.c.team == team, DELETED_FILES.c.file_id.in_(file_ids))
        .where(~held)
    )
