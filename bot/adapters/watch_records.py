"""What is kept of watches, of the notices sent for them, and of channels' settings."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import CHANNELS, NOTICES, WATCHES, matching
from bot.model import ChannelSettings, ImageSource, MessageRef, Watch


@dataclass(frozen=True)
class NoticeRecord:
    """One person's notice about one picture; `state` is new, sending, sent or withheld."""

    key: str
    rules: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class SentNotice:
    """A notice about a picture, with what it takes to find it in Slack."""

    person: str
    file_id: str
    key: str
    state: str
    notice_ts: str | None


class WatchRecords:
    """Reads and writes watches, notices and channel settings."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def add(self, team: str, owner: str, *, label_key: str, rule_text: str) -> bool:
        """Add a watch; False when its owner has the same one already."""
        with self._database.begin() as connection:
            return self._database.insert_once(
                connection,
                WATCHES,
                team=team,
                owner=owner,
                label_key=label_key,
                rule_text=rule_text,
                made_at_s=time.time(),
            )

    def remove(self, watch_ids: Iterable[int]) -> None:
        """Remove watches."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(WATCHES).where(WATCHES.c.watch_id.in_(list(watch_ids))))

    def of_owner(self, team: str, owner: str) -> list[Watch]:
        """A person's watches, the oldest first."""
        return self._watches(WATCHES.c.team == team, WATCHES.c.owner == owner)

    def for_labels(self, team: str, label_keys: Iterable[str]) -> list[Watch]:
        """The watches that name one of these labels (case-folded), the oldest first."""
        return self._watches(WATCHES.c.team == team, WATCHES.c.label_key.in_(list(label_keys)))

    def _watches(self, *where: sa.ColumnElement[bool]) -> list[Watch]:
        columns = [WATCHES.c[name] for name in Watch.__dataclass_fields__]
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*columns).where(*where).order_by(WATCHES.c.watch_id)
            )
            return [Watch(**row._mapping) for row in rows]  # noqa: SLF001 - public by name

    def open_notice(self, person: str, source: ImageSource, rules: list[str]) -> NoticeRecord:
        """The one notice for a person and a picture, made now or before."""
        with self._database.begin() as connection:
            self._database.insert_once(
                connection,
                NOTICES,
                person=person,
                **source.columns(),
                key=secrets.token_urlsafe(16),
                rules=rules,
                state="new",
            )
            row = connection.execute(
                sa.select(NOTICES.c.key, NOTICES.c.rules, NOTICES.c.state).where(
                    NOTICES.c.person == person, *matching(NOTICES, source)
                )
            ).one()
            return NoticeRecord(key=row.key, rules=tuple(row.rules), state=row.state)

    def notices(self, message: MessageRef) -> list[SentNotice]:
        """Every notice about a message's pictures, sent or not."""
        columns = [NOTICES.c[name] for name in SentNotice.__dataclass_fields__]
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(*columns).where(*matching(NOTICES, message)))
            return [SentNotice(**row._mapping) for row in rows]  # noqa: SLF001 - public by name

    def claim_notice(self, key: str) -> bool:
        """Be the one that sends a notice nobody has tried to send yet; False: look it up first."""
        with self._database.begin() as connection:
            claimed = connection.execute(
                sa.update(NOTICES)
                .where(NOTICES.c.key == key, NOTICES.c.state == "new")
                .values(state="sending")
            )
            return claimed.rowcount == 1

    def note_notice(self, key: str, *, state: str, notice_ts: str | None = None) -> None:
        """Write how far a notice is."""
        with self._database.begin() as connection:
            connection.execute(
                sa.update(NOTICES)
                .where(NOTICES.c.key == key)
                .values(state=state, notice_ts=notice_ts)
            )

    def channel(self, team: str, channel: str) -> ChannelSettings:
        """A channel's settings; the defaults when nobody has set any."""
        where = (CHANNELS.c.team == team, CHANNELS.c.channel == channel)
        with self._database.begin() as connection:
            columns = [CHANNELS.c[name] for name in ChannelSettings.__dataclass_fields__]
            row = connection.execute(sa.select(*columns).where(*where)).one_or_none()
            return ChannelSettings(**row._mapping) if row else ChannelSettings()  # noqa: SLF001 - public by name

    def set_channel(self, team: str, channel: str, settings: ChannelSettings) -> None:
        """Write all of a channel's settings."""
        self.change_channel(team, channel, **dataclasses.asdict(settings))

    def change_channel(self, team: str, channel: str, **changed: Any) -> None:
        """Write these fields of a channel's settings; the others stay, whoever changes them now."""
        usual = dataclasses.asdict(ChannelSettings())
        with self._database.begin() as connection:
            self._database.insert_once(connection, CHANNELS, team=team, channel=channel, **usual)
            connection.execute(
                sa.update(CHANNELS)
                .where(CHANNELS.c.team == team, CHANNELS.c.channel == channel)
                .values(**changed)
            )
