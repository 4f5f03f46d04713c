"""What is kept of notices about pictures: whom each is for, what it names, how far it is."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import NOTICES, matching
from bot.model import ImageSource, MessageRef, Watch


@dataclass(frozen=True)
class NoticeRecord:
    """The notice for one recipient about one picture.

    `state` is new, sending, sent, held, withheld or given_up. `watch_ids` are what it is sent for;
    `place` and `notice_ts` say where it stands.
    """

    key: str
    recipient: str
    source: ImageSource
    watch_ids: tuple[int, ...]
    state: str
    place: str | None = None
    notice_ts: str | None = None
    preview_file_id: str | None = None


_COLUMNS = (
    *("key", "recipient", "watch_ids", "state", "place", "notice_ts", "preview_file_id"),
    *ImageSource.NAMES,
)


class NoticeRecords:
    """Reads and writes notices."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def open(self, recipient: str, source: ImageSource, watches: Iterable[Watch]) -> NoticeRecord:
        """The one notice for a recipient and a picture, made now or before."""
        with self._database.begin() as connection:
            self._database.insert_once(
                connection,
                NOTICES,
                recipient=recipient,
                **source.columns(),
                key=secrets.token_urlsafe(16),
                watch_ids=[watch.watch_id for watch in watches],
                state="new",
            )
            where = (NOTICES.c.recipient == recipient, *matching(NOTICES, source))
            (notice,) = _read(connection, *where)
            return notice

    def of_message(self, message: MessageRef) -> list[NoticeRecord]:
        """Every notice about a message's pictures, sent or not."""
        with self._database.begin() as connection:
            return _read(connection, *matching(NOTICES, message))

    def get(self, team: str, key: str) -> NoticeRecord | None:
        """The notice with this key, which comes back with its buttons."""
        with self._database.begin() as connection:
            found = _read(connection, NOTICES.c.team == team, NOTICES.c.key == key)
            return found[0] if found else None

    def note_preview(self, key: str, file_id: str) -> None:
        """Write which file shows the picture in a notice, so that it can go with it."""
        with self._database.begin() as connection:
            connection.execute(
                sa.update(NOTICES).where(NOTICES.c.key == key).values(preview_file_id=file_id)
            )


def _read(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[NoticeRecord]:
    columns = [NOTICES.c[name] for name in _COLUMNS]
    found = connection.execute(sa.select(*columns).where(*where).order_by(NOTICES.c.key))
    return [_notice(row) for row in found]


def _notice(row: sa.Row[tuple[object, ...]]) -> NoticeRecord:
    values = dict(row._mapping)  # noqa: SLF001 - public by name
    source = ImageSource(*(values.pop(name) for name in ImageSource.NAMES))
    values["watch_ids"] = tuple(values["watch_ids"])
    return NoticeRecord(source=source, **values)
