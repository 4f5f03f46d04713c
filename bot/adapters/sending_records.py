"""How one notice is sent and no other beside it: claimed before, settled after.

A watch with a cool-down has one notice under way at a time. Whether that one was delivered decides
about the next: a cool-down runs from a delivery, and from nothing else. All of it is one
transaction before the sending and one after, so that it holds for several processes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bot import errors
from bot.adapters.conditions import same_message, was_told
from bot.adapters.database import Database
from bot.adapters.notice_records import NoticeRecord
from bot.adapters.tables import MESSAGES, NOTICES, WATCH_EVENTS, WATCHES, matching
from bot.model import COOL_DOWN, HELD, LIVE, LOST, TOLD, ImageSource

ENDED = frozenset({"sent", "held", "withheld", "given_up"})
"""The states of a notice that nobody has to send any more."""


@dataclass(frozen=True)
class Asked:
    """What one watch asks of a notice: its cool-down, and why it is held back whatever that is."""

    every_s: int | None = None
    held_by: str | None = None


@dataclass(frozen=True)
class Claim:
    """What a notice may be sent for, and the pictures held back before that it counts."""

    state: str
    watch_ids: tuple[int, ...] = ()
    held_back: tuple[ImageSource, ...] = ()


class SendingRecords:
    """Decides who sends, and writes what came of it."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def are_all_held(self, asked: Mapping[int, Asked], *, now_s: float | None = None) -> bool:
        """Whether nothing would be sent for these watches now, whoever may see what."""
        now_s = time.time() if now_s is None else now_s
        fired = sa.select(WATCHES.c.watch_id, WATCHES.c.last_fired_at_s)
        with self._database.begin() as connection:
            rows = connection.execute(fired.where(WATCHES.c.watch_id.in_(list(asked)))).all()
        return all(_held_by(asked[row.watch_id], row.last_fired_at_s, now_s) for row in rows)

    def claim(
        self, notice: NoticeRecord, asked: Mapping[int, Asked], *, now_s: float | None = None
    ) -> Claim:
        """Be the one that sends a notice for these watches, by their ids; its `state` says if so.

        What is held back is written down. A notice that was claimed before, by a process that died,
        is claimed again: look it up first.

        Raises: errors.NoticeUnderWay when the outcome of another one must be known first.
        """
        now_s = time.time() if now_s is None else now_s
        with self._database.begin() as connection:
            state = _locked_state(connection, notice.key)
            if state is None or state in ENDED:
                return Claim(state or "withheld")
            last_fired = _locked_watches(connection, notice, asked)
            _begin_anew(connection, notice, asked)
            held = {
                watch_id: reason
                for watch_id, fired_at_s in last_fired.items()
                if (reason := _held_by(asked[watch_id], fired_at_s, now_s))
            }
            self._note(connection, notice, held, state=HELD, at_s=now_s)
            watch_ids = tuple(watch_id for watch_id in last_fired if watch_id not in held)
            state = "sending" if watch_ids else "held" if held else "withheld"
            _take(connection, notice.key, state, watch_ids)
            return Claim(state, watch_ids, _count(connection, notice.key, watch_ids))

    def note_sent(self, notice: NoticeRecord, *, place: str, notice_ts: str) -> None:
        """Write that a notice stands in Slack; the cool-downs run from then.

        A watch that was changed meanwhile has told nothing yet of what it asks for now.
        """
        at_s = float(notice_ts)
        with self._database.begin() as connection:
            watch_ids = _settle(connection, notice.key, "sent", place=place, notice_ts=notice_ts)
            told = dict.fromkeys(watch_ids)
            self._note(connection, notice, told, state=TOLD, at_s=at_s, notice_key=notice.key)
            connection.execute(
                sa.update(WATCHES)
                .where(WATCHES.c.watch_id.in_(watch_ids), WATCHES.c.sending_key == notice.key)
                .values(last_fired_at_s=at_s)
            )

    def note_lost(self, notice: NoticeRecord, reason: str, *, state: str = "withheld") -> None:
        """Write that a notice will not be sent; what it would have counted waits for the next."""
        with self._database.begin() as connection:
            watch_ids = _settle(connection, notice.key, state)
            lost = dict.fromkeys(watch_ids, reason)
            self._note(connection, notice, lost, state=LOST, at_s=time.time())
            _count_later(connection, notice.key)

    def _note(
        self,
        connection: sa.Connection,
        notice: NoticeRecord,
        reasons: Mapping[int, str | None],
        **values: object,
    ) -> None:
        for watch_id, reason in reasons.items():
            self._database.insert_once(
                connection,
                WATCH_EVENTS,
                watch_id=watch_id,
                **notice.source.columns(),
                reason=reason,
                **values,
            )


def _locked_state(connection: sa.Connection, key: str) -> str | None:
    """A notice's state. Written before it is read: only that holds off others on SQLite."""
    same = sa.update(NOTICES).where(NOTICES.c.key == key).values(state=NOTICES.c.state)
    return connection.execute(same.returning(NOTICES.c.state)).scalar_one_or_none()


def _locked_watches(
    connection: sa.Connection, notice: NoticeRecord, asked: Mapping[int, Asked]
) -> dict[int, float | None]:
    """When each watch that is still there last fired; held against others until the end."""
    rows = connection.execute(
        sa.select(WATCHES.c.watch_id, WATCHES.c.last_fired_at_s, WATCHES.c.sending_key)
        .where(WATCHES.c.watch_id.in_(list(asked)))
        .order_by(WATCHES.c.watch_id)
        .with_for_update()
    ).all()
    others = {row.sending_key for row in rows if asked[row.watch_id].every_s} - {notice.key}
    under_way = (
        sa.select(NOTICES.c.key)
        .join(MESSAGES, same_message(MESSAGES, NOTICES))
        .where(NOTICES.c.key.in_(others), NOTICES.c.state == "sending", MESSAGES.c.state == LIVE)
    )
    if connection.execute(under_way.limit(1)).first():
        raise errors.NoticeUnderWay
    return {row.watch_id: row.last_fired_at_s for row in rows}


def _begin_anew(connection: sa.Connection, notice: NoticeRecord, watch_ids: Iterable[int]) -> None:
    """Take back what an earlier claim wrote: what held back then may be over, or be new."""
    own = (*matching(WATCH_EVENTS, notice.source), WATCH_EVENTS.c.watch_id.in_(list(watch_ids)))
    connection.execute(sa.delete(WATCH_EVENTS).where(*own))
    _count_later(connection, notice.key)


def _count_later(connection: sa.Connection, key: str) -> None:
    """Leave what a notice would have counted to the next one."""
    counted = (WATCH_EVENTS.c.notice_key == key, WATCH_EVENTS.c.state == HELD)
    connection.execute(sa.update(WATCH_EVENTS).where(*counted).values(notice_key=None))


def _held_by(asked: Asked, fired_at_s: float | None, now_s: float) -> str | None:
    if asked.held_by:
        return asked.held_by
    if asked.every_s is None or fired_at_s is None:
        return None
    return COOL_DOWN if now_s < fired_at_s + asked.every_s else None


def _take(connection: sa.Connection, key: str, state: str, watch_ids: tuple[int, ...]) -> None:
    """Make the notice, its watches, and what was held back for them, this notice's."""
    connection.execute(
        sa.update(NOTICES)
        .where(NOTICES.c.key == key)
        .values(state=state, watch_ids=list(watch_ids))
    )
    connection.execute(
        sa.update(WATCHES).where(WATCHES.c.watch_id.in_(watch_ids)).values(sending_key=key)
    )
    connection.execute(
        sa.update(WATCH_EVENTS)
        .where(WATCH_EVENTS.c.watch_id.in_(watch_ids), WATCH_EVENTS.c.state == HELD)
        .where(WATCH_EVENTS.c.notice_key.is_(None))
        .values(notice_key=key)
    )


def _count(
    connection: sa.Connection, key: str, watch_ids: tuple[int, ...]
) -> tuple[ImageSource, ...]:
    """The pictures that a notice counts, each once, and none that its recipient was told of."""
    columns = [WATCH_EVENTS.c[name] for name in ImageSource.NAMES]
    rows = connection.execute(
        sa.select(*columns)
        .where(WATCH_EVENTS.c.notice_key == key, WATCH_EVENTS.c.state == HELD)
        .where(WATCH_EVENTS.c.watch_id.in_(watch_ids), ~was_told(key))
        .distinct()
        .order_by(*columns)
    )
    return tuple(ImageSource(*row) for row in rows)


def _settle(connection: sa.Connection, key: str, state: str, **values: str) -> list[int]:
    """End a notice; the watches that it was claimed for."""
    watch_ids = connection.execute(
        sa.update(NOTICES)
        .where(NOTICES.c.key == key)
        .values(state=state, **values)
        .returning(NOTICES.c.watch_ids)
    ).scalar_one_or_none()
    return list(watch_ids or ())
