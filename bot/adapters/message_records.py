"""What is kept of messages: that they were accepted, their pictures, and the replies to them.

A long file on purpose: whoever changes one of these rows sees who else reads it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.adapters.conditions import is_due, same_message, stands
from bot.adapters.database import Database
from bot.adapters.tables import (
    DELETED_FILES,
    MESSAGES,
    OPT_OUTS,
    PICTURES,
    REPLIES,
    WAITING,
    matching,
    picked_by,
    written,
)
from bot.model import EXPIRED, LIVE, ImageSource, MessageRef


@dataclass(frozen=True)
class Accepted:
    """A message that was accepted: where its reply goes, and who posted it."""

    message: MessageRef
    thread_ts: str
    poster: str
    is_from_bot: bool = False


@dataclass(frozen=True)
class Standing:
    """How far a known message is: its last attempt; `state` is live, gone or expired."""

    attempt: int
    state: str


@dataclass(frozen=True)
class ReplyRecord:
    """One attempt's reply; what its fields mean stands with the table."""

    attempt: int
    key: str
    state: str
    reply_ts: str | None
    has_reason: bool | None
    is_render: bool = False
    is_shared: bool = False
    files: list[str] | None = None


@dataclass(frozen=True)
class PictureRecord:
    """One picture of a message, with the last attempt's outcome.

    `link` names the S3 object of a picture that was posted as a link.
    """

    file_id: str
    position: int
    outcome: dict[str, Any] | None
    sha256: str | None
    annotated_file_id: str | None
    link: dict[str, Any] | None
    asked_job: str | None = None


_ACCEPTED = sa.select(MESSAGES.c.thread_ts, MESSAGES.c.poster, MESSAGES.c.is_from_bot).where(
    *picked_by(MESSAGES, MessageRef.NAMES)
)
_OPTED_OUT = sa.select(OPT_OUTS.c.person).where(*picked_by(OPT_OUTS, ("team", "person")))
_DELETED_AMONG = sa.select(DELETED_FILES.c.file_id).where(
    *picked_by(DELETED_FILES, ["team"]),
    DELETED_FILES.c.file_id.in_(sa.bindparam("file_ids", expanding=True)),
)
_STANDS = (
    sa.select(PICTURES.c.file_id)
    .join(MESSAGES, same_message(MESSAGES, PICTURES))
    .where(*picked_by(PICTURES, ImageSource.NAMES), stands())
)
_PICTURES = (
    sa.select(*(PICTURES.c[name] for name in PictureRecord.__dataclass_fields__))
    .where(*picked_by(PICTURES, MessageRef.NAMES))
    .order_by(PICTURES.c.position)
)
_REPLIES = (
    sa.select(*(REPLIES.c[name] for name in ReplyRecord.__dataclass_fields__))
    .where(*picked_by(REPLIES, MessageRef.NAMES))
    .order_by(REPLIES.c.attempt)
)


# -- what is written of every picture: which row it is, is given by `_of`

_NEWEST = (
    sa.select(MESSAGES.c.attempt)
    .where(*picked_by(MESSAGES, MessageRef.NAMES, prefix="of_"))
    .scalar_subquery()
)
_ATTEMPT = sa.bindparam("of_attempt", type_=sa.Integer)
_ATTEMPT_OR_NEWEST = sa.func.coalesce(_ATTEMPT, _NEWEST)
_THE_PICTURE = picked_by(PICTURES, ImageSource.NAMES, prefix="of_")
_ITS_REPLIES = sa.update(REPLIES).where(*picked_by(REPLIES, MessageRef.NAMES, prefix="of_"))
_NOTE_PICTURE = sa.update(PICTURES).where(*_THE_PICTURE)
_NOTE_UPLOAD = sa.update(PICTURES).where(*_THE_PICTURE, _NEWEST == _ATTEMPT_OR_NEWEST)
_NOTE_OUTCOME = sa.update(PICTURES).where(
    *_THE_PICTURE,
    sa.func.coalesce(PICTURES.c.outcome["attempt"].as_integer(), 0) <= _ATTEMPT,
)
_NOTE_REPLY = _ITS_REPLIES.where(REPLIES.c.attempt == _ATTEMPT)
_CLAIM_REPLY = _NOTE_REPLY.where(REPLIES.c.state == "new")
_NOTE_FILES = _ITS_REPLIES.where(REPLIES.c.attempt == _ATTEMPT_OR_NEWEST)
_HOLD_FILES = _NOTE_FILES.values(state=REPLIES.c.state).returning(REPLIES.c.files)


def _of(ref: MessageRef) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in ref.columns().items()}


class MessageRecords:
    """Reads and writes the rows of messages, pictures and replies."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def accept(
        self, connection: sa.Connection, accepted: Accepted, *, files: Sequence[dict[str, Any]]
    ) -> bool:
        """Record a new message with its pictures, attempt 1; False when it is known already.

        `files` are entries of a job: their `id` is kept, and `link` and `asked_job` where they are.
        """
        message = accepted.message
        fresh = self._database.insert_once(
            connection,
            MESSAGES,
            **message.columns(),
            thread_ts=accepted.thread_ts,
            poster=accepted.poster,
            is_from_bot=accepted.is_from_bot,
            attempt=1,
            accepted_at_s=time.time(),
        )
        if fresh:
            open_reply(self._database, connection, message, attempt=1)
            self._add(connection, message, files, first=0)
        return fresh

    def add_pictures(
        self, connection: sa.Connection, message: MessageRef, files: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Record further pictures of a known message, after the others; those that are new."""
        known = connection.execute(
            sa.select(sa.func.max(PICTURES.c.position)).where(*matching(PICTURES, message))
        ).scalar_one_or_none()
        return self._add(connection, message, files, first=0 if known is None else known + 1)

    def _add(
        self,
        connection: sa.Connection,
        message: MessageRef,
        files: Sequence[dict[str, Any]],
        *,
        first: int,
    ) -> list[dict[str, Any]]:
        return [
            file
            for position, file in enumerate(files, start=first)
            if self._database.insert_once(
                connection,
                PICTURES,
                **message.columns(),
                file_id=file["id"],
                position=position,
                link=file.get("link"),
                asked_job=file.get("asked_job"),
            )
        ]

    def live_attempt(self, connection: sa.Connection, message: MessageRef) -> int | None:
        """The last attempt at a message, held against others until the transaction ends.

        None when the message is unknown or nothing of it is kept any more.
        """
        return connection.execute(
            sa.select(MESSAGES.c.attempt)
            .where(*matching(MESSAGES, message), MESSAGES.c.state == LIVE)
            .with_for_update()
        ).scalar_one_or_none()

    def reopen(
        self,
        connection: sa.Connection,
        accepted: Accepted,
        *,
        after: int,
        files: Sequence[dict[str, Any]],
    ) -> bool:
        """Open attempt `after` + 1 with pictures that were read anew; False as for `next_attempt`.

        For a message of which nothing was wanted, or nothing is left to be forgotten: what is
        forgotten at the same moment would take the new attempt along. Not for one taken away.
        """
        message = accepted.message
        is_left = sa.exists().where(same_message(MESSAGES, REPLIES), is_due(REPLIES))
        moved = connection.execute(
            sa.update(MESSAGES)
            .where(*matching(MESSAGES, message), MESSAGES.c.attempt == after)
            .where(sa.or_(MESSAGES.c.state == LIVE, MESSAGES.c.state == EXPIRED), ~is_left)
            .values(
                thread_ts=accepted.thread_ts,
                poster=accepted.poster,
                is_from_bot=accepted.is_from_bot,
                attempt=after + 1,
                accepted_at_s=time.time(),
                state=LIVE,
            )
        )
        if moved.rowcount == 1:
            open_reply(self._database, connection, message, attempt=after + 1)
            self._add(connection, message, files, first=0)
        return moved.rowcount == 1

    def next_attempt(self, connection: sa.Connection, message: MessageRef, *, after: int) -> bool:
        """Open attempt `after` + 1; False when somebody else did, or nothing is there."""
        moved = connection.execute(
            sa.update(MESSAGES)
            .where(*matching(MESSAGES, message), MESSAGES.c.attempt == after)
            .where(MESSAGES.c.state == LIVE)
            .values(attempt=after + 1)
        )
        if moved.rowcount == 1:
            open_reply(self._database, connection, message, attempt=after + 1)
        return moved.rowcount == 1

    def hand_over(
        self,
        connection: sa.Connection,
        message: MessageRef,
        pictures: Sequence[PictureRecord],
        *,
        to_attempt: int,
    ) -> None:
        """Let pictures that failed belong to a newer attempt, so that no other takes them up."""
        for picture in pictures:
            connection.execute(
                sa.update(PICTURES)
                .where(*matching(PICTURES, message), PICTURES.c.file_id == picture.file_id)
                .values(outcome={**(picture.outcome or {}), "attempt": to_attempt})
            )

    def standing(self, message: MessageRef) -> Standing | None:
        """How far a message is; None when it is unknown."""
        with self._database.begin() as connection:
            row = connection.execute(
                sa.select(MESSAGES.c.attempt, MESSAGES.c.state).where(*matching(MESSAGES, message))
            ).one_or_none()
            return Standing(row.attempt, row.state) if row else None

    def accepted(self, message: MessageRef) -> Accepted | None:
        """What was recorded of a message when it was accepted."""
        with self._database.begin() as connection:
            row = connection.execute(_ACCEPTED, message.columns()).one_or_none()
            return Accepted(message, *row) if row else None

    def live_since(self, team: str, channel: str, since_s: float) -> list[MessageRef]:
        """A channel's messages of which something is kept, posted since a time."""
        # Slack's time stamps are all written alike, so that as text too the later is the greater.
        posted = (MESSAGES.c.channel == channel, MESSAGES.c.ts >= f"{since_s:017.6f}")
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(MESSAGES.c.ts)
                .where(MESSAGES.c.team == team, *posted, MESSAGES.c.state == LIVE)
                .order_by(MESSAGES.c.ts)
            )
            return [MessageRef(team, channel, ts) for ts in rows.scalars()]

    def is_opted_out(self, team: str, person: str) -> bool:
        """Whether a person does not want their pictures looked at."""
        with self._database.begin() as connection:
            found = connection.execute(_OPTED_OUT, {"team": team, "person": person})
            return found.first() is not None

    def deleted_among(self, team: str, file_ids: list[str]) -> set[str]:
        """Those of these files that are known to be deleted."""
        with self._database.begin() as connection:
            found = connection.execute(_DELETED_AMONG, {"team": team, "file_ids": file_ids})
            return set(found.scalars())

    def stands(self, source: ImageSource) -> bool:
        """Whether a picture is still there to work on: nobody took it away in the meantime."""
        with self._database.begin() as connection:
            return connection.execute(_STANDS, source.columns()).first() is not None

    def pictures(self, message: MessageRef) -> list[PictureRecord]:
        """A message's pictures, in the order they were posted."""
        with self._database.begin() as connection:
            rows = connection.execute(_PICTURES, message.columns())
            return [PictureRecord(**row._mapping) for row in rows]  # noqa: SLF001 - public by name

    def note_picture(self, message: MessageRef, file_id: str, **values: Any) -> None:
        """Write `outcome`, `sha256` or `annotated_file_id` of one picture."""
        with self._database.begin() as connection:
            connection.execute(
                _NOTE_PICTURE, {**_of(message.picture(file_id)), **written(PICTURES, values)}
            )

    def note_upload(
        self, source: ImageSource, annotated_file_id: str, *, attempt: int | None
    ) -> None:
        """Keep which upload shows a picture; of an `attempt` only as long as it is the newest.

        The reply that it was made for, the newest without an `attempt`, knows it in any case.
        """
        mine = {**_of(source), "of_attempt": attempt}
        with self._database.begin() as connection:
            connection.execute(_NOTE_UPLOAD, {**mine, "annotated_file_id": annotated_file_id})
            # Written before it is read, so that no other upload comes in between.
            known = connection.execute(_HOLD_FILES, mine).scalar()
            files = [*(known or []), annotated_file_id]
            connection.execute(_NOTE_FILES, {**mine, "files": files})

    def replies(self, message: MessageRef) -> list[ReplyRecord]:
        """Every attempt's reply, the first attempt first."""
        with self._database.begin() as connection:
            rows = connection.execute(_REPLIES, message.columns())
            return [ReplyRecord(**row._mapping) for row in rows]  # noqa: SLF001 - public by name

    def claim_reply(self, message: MessageRef, attempt: int) -> bool:
        """Be the one that sends a reply nobody has tried to send yet; False: look it up first."""
        with self._database.begin() as connection:
            claimed = connection.execute(
                _CLAIM_REPLY, {**_of(message), "of_attempt": attempt, "state": "sending"}
            )
            return claimed.rowcount == 1

    def note_reply(
        self,
        message: MessageRef,
        attempt: int,
        *,
        outcomes: Sequence[dict[str, Any]] = (),
        waits: bool = False,
        **values: Any,
    ) -> None:
        """Write `state`, `reply_ts` and more, by their columns, of one attempt's reply.

        `outcomes` is what the attempt came to; a picture that a newer one took up is left alone.
        `waits` says that pictures go on by themselves once the month's limit of calls allows.
        """
        with self._database.begin() as connection:
            for found in outcomes:
                self._note_outcome(connection, message, attempt, found)
            if waits:
                # By the time of the post: who came first goes first.
                since_s = float(message.ts)
                self._database.insert_once(
                    connection, WAITING, **message.columns(), since_s=since_s
                )
            if values:
                mine = {**_of(message), "of_attempt": attempt}
                connection.execute(_NOTE_REPLY, {**mine, **written(REPLIES, values)})

    @staticmethod
    def _note_outcome(
        connection: sa.Connection, message: MessageRef, attempt: int, found: dict[str, Any]
    ) -> None:
        mine = {**_of(message.picture(found["file_id"])), "of_attempt": attempt}
        connection.execute(_NOTE_OUTCOME, {**mine, "outcome": {**found, "attempt": attempt}})

    def stop_waiting(self, connection: sa.Connection, message: MessageRef) -> bool:
        """Take a message out of the line for the month's limit; whether it stood there."""
        left = connection.execute(sa.delete(WAITING).where(*matching(WAITING, message)))
        return left.rowcount == 1

    def last_answered_at_s(self, team: str, channel: str) -> float | None:
        """When the newest message of a channel that has its reply was accepted."""
        with self._database.begin() as connection:
            return connection.execute(
                sa.select(sa.func.max(MESSAGES.c.accepted_at_s))
                .join(REPLIES, same_message(MESSAGES, REPLIES))
                .where(MESSAGES.c.team == team, MESSAGES.c.channel == channel)
                .where(REPLIES.c.state == "sent")
            ).scalar_one_or_none()


def open_reply(
    database: Database,
    connection: sa.Connection,
    message: MessageRef,
    *,
    attempt: int,
    **values: Any,
) -> None:
    """Make the row of an attempt's reply, with a key that nobody can guess."""
    database.insert_once(
        connection,
        REPLIES,
        **message.columns(),
        attempt=attempt,
        key=secrets.token_urlsafe(16),
        state="new",
        **values,
    )
