"""What came of each picture that a watch matched: told, held back, or lost, and why."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from bot.adapters.conditions import same_message, stands, was_told
from bot.adapters.database import Database
from bot.adapters.tables import MESSAGES, PICTURES, WATCH_EVENTS, matching
from bot.model import HELD, ImageSource, WatchEvent


@dataclass(frozen=True)
class HeldPicture:
    """A picture that was held back, and the message that its thread stands under."""

    source: ImageSource
    thread_ts: str


class WatchEventRecords:
    """Reads and writes watch events; one per watch and picture, of which the first one stays."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def note(
        self,
        watch_ids: Iterable[int],
        source: ImageSource,
        *,
        state: str,
        reason: str | None = None,
        notice_key: str | None = None,
    ) -> None:
        """Write what came of a picture for these watches."""
        with self._database.begin() as connection:
            for watch_id in watch_ids:
                self._database.insert_once(
                    connection,
                    WATCH_EVENTS,
                    watch_id=watch_id,
                    **source.columns(),
                    state=state,
                    reason=reason,
                    at_s=time.time(),
                    notice_key=notice_key,
                )

    def of_picture(self, watch_ids: Iterable[int], source: ImageSource) -> list[WatchEvent]:
        """What came of a picture, for those of the watches that it matched."""
        return self._read(
            WATCH_EVENTS.c.watch_id.in_(list(watch_ids)), *matching(WATCH_EVENTS, source)
        )

    def channels_held(self, watch_ids: Iterable[int]) -> set[str]:
        """Where the pictures are that were held back for watches, and no notice has counted yet."""
        query = sa.select(WATCH_EVENTS.c.channel).where(
            WATCH_EVENTS.c.watch_id.in_(list(watch_ids)),
            WATCH_EVENTS.c.state == HELD,
            WATCH_EVENTS.c.notice_key.is_(None),
        )
        with self._database.begin() as connection:
            return set(connection.scalars(query.distinct()))

    def counted_in(self, notice_key: str) -> list[HeldPicture]:
        """The pictures that are counted in a notice as held back, and stand; the newest first."""
        of_picture = (WATCH_EVENTS.c[name] == PICTURES.c[name] for name in ImageSource.NAMES)
        counted = (WATCH_EVENTS.c.notice_key == notice_key, WATCH_EVENTS.c.state == HELD)
        untold = ~was_told(notice_key)
        places = [PICTURES.c[name] for name in ImageSource.NAMES]
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*places, MESSAGES.c.thread_ts)
                .join(PICTURES, sa.and_(*of_picture))
                .join(MESSAGES, same_message(MESSAGES, PICTURES))
                .where(*counted, untold, stands())
                .order_by(PICTURES.c.ts.desc(), PICTURES.c.position)
            )
            found = (HeldPicture(ImageSource(*place), thread_ts) for *place, thread_ts in rows)
            return list(dict.fromkeys(found))  # Once, also where several watches were held back.

    def _read(self, *where: sa.ColumnElement[bool]) -> list[WatchEvent]:
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(WATCH_EVENTS).where(*where).order_by(WATCH_EVENTS.c.at_s)
            )
            return [_event(row) for row in rows]


def _event(row: sa.Row[tuple[object, ...]]) -> WatchEvent:
    values = dict(row._mapping)  # noqa: SLF001 - public by name
    source = ImageSource(*(values.pop(name) for name in ImageSource.NAMES))
    return WatchEvent(source=source, **values)
