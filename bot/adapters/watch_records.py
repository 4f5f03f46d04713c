"""What is kept of watches, and of channels' settings."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import CHANNELS, HOLDS, WATCH_EVENTS, WATCH_KEYS, WATCHES, picked_by
from bot.model import HELD, ChannelSettings, Watch
from bot.rules import Rule

_WATCHES = sa.select(*(WATCHES.c[name] for name in Watch.__dataclass_fields__)).order_by(
    WATCHES.c.watch_id
)
_FOR_LABELS = _WATCHES.where(
    WATCHES.c.watch_id.in_(
        sa.select(WATCH_KEYS.c.watch_id).where(
            *picked_by(WATCH_KEYS, ["team"]),
            WATCH_KEYS.c.label_key.in_(sa.bindparam("label_keys", expanding=True)),
        )
    )
)
_CHANNEL = sa.select(*(CHANNELS.c[name] for name in ChannelSettings.__dataclass_fields__)).where(
    *picked_by(CHANNELS, ("team", "channel"))
)


class WatchRecords:
    """Reads and writes watches and channel settings."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def add(self, team: str, owner: str, rule: Rule) -> bool:
        """Add a watch; False when its owner has one that asks for the same."""
        with self._database.begin() as connection:
            is_new = self._database.insert_once(
                connection,
                WATCHES,
                team=team,
                owner=owner,
                made_at_s=time.time(),
                **_told_by(rule),
            )
            if is_new:
                mine = (WATCHES.c.team == team, WATCHES.c.owner == owner)
                watch_id = connection.execute(
                    sa.select(WATCHES.c.watch_id).where(*mine, WATCHES.c.rule_key == rule.key)
                ).scalar_one()
                _write_keys(connection, team, watch_id, rule)
            return is_new

    def change(self, watch_id: int, rule: Rule) -> bool:
        """Put another rule in a watch's place; False when its owner has it already, or it is gone.

        What the old rule fired for does not cool the new one down, nor does the new one count what
        was held back for the old; what paused it is over. A mute or a snooze stays.
        """
        anew = dict.fromkeys(("last_fired_at_s", "sending_key", "paused_why", "paused_at_s"))
        try:
            with self._database.begin() as connection:
                team = connection.execute(
                    sa.update(WATCHES)
                    .where(WATCHES.c.watch_id == watch_id)
                    .values(**_told_by(rule), **anew, pause_told=False)
                    .returning(WATCHES.c.team)
                ).scalar_one_or_none()
                if team is None:
                    return False
                connection.execute(sa.delete(WATCH_KEYS).where(WATCH_KEYS.c.watch_id == watch_id))
                connection.execute(sa.delete(WATCH_EVENTS).where(*_uncounted(watch_id)))
                _write_keys(connection, team, watch_id, rule)
        except sa.exc.IntegrityError:
            return False
        return True

    def remove(self, watch_ids: Iterable[int]) -> None:
        """Remove watches, with all that is kept of them."""
        doomed = list(watch_ids)
        with self._database.begin() as connection:
            for table in (WATCHES, WATCH_KEYS, WATCH_EVENTS, HOLDS):
                connection.execute(sa.delete(table).where(table.c.watch_id.in_(doomed)))

    def get(self, team: str, watch_id: int) -> Watch | None:
        """One watch; None when it is not there any more."""
        found = self.among(team, [watch_id])
        return found[0] if found else None

    def among(self, team: str, watch_ids: Iterable[int]) -> list[Watch]:
        """Those of the watches that are still there, the oldest first."""
        return self._watches(WATCHES.c.team == team, WATCHES.c.watch_id.in_(list(watch_ids)))

    def of_owner(self, team: str, owner: str) -> list[Watch]:
        """A person's watches, the oldest first."""
        return self._watches(WATCHES.c.team == team, WATCHES.c.owner == owner)

    def telling(self, team: str, channel: str) -> list[Watch]:
        """The watches that tell a channel, whoever made them; the oldest first."""
        return self._watches(WATCHES.c.team == team, WATCHES.c.target == channel)

    def targets(self, team: str) -> list[str]:
        """The channels that watches tell."""
        targets = sa.select(WATCHES.c.target).where(WATCHES.c.team == team).distinct()
        with self._database.begin() as connection:
            return list(connection.execute(targets.where(WATCHES.c.target != "")).scalars())

    def for_labels(self, team: str, label_keys: Iterable[str]) -> list[Watch]:
        """The watches that can fire only for one of these labels, the oldest first."""
        with self._database.begin() as connection:
            given = {"team": team, "label_keys": list(label_keys)}
            return _read(connection.execute(_FOR_LABELS, given))

    def _watches(self, *where: sa.ColumnElement[bool]) -> list[Watch]:
        with self._database.begin() as connection:
            return _read(connection.execute(_WATCHES.where(*where)))

    def channel(self, team: str, channel: str) -> ChannelSettings:
        """A channel's settings; the defaults when nobody has set any."""
        place = {"team": team, "channel": channel}
        with self._database.begin() as connection:
            row = connection.execute(_CHANNEL, place).one_or_none()
            return ChannelSettings(**row._mapping) if row else ChannelSettings()  # noqa: SLF001 - public by name

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


def _read(rows: Iterable[sa.Row[Any]]) -> list[Watch]:
    return [Watch(**row._mapping) for row in rows]  # noqa: SLF001 - public by name


def _told_by(rule: Rule) -> dict[str, Any]:
    return {"rule_text": str(rule), "rule_key": rule.key, "target": rule.tell or ""}


def _uncounted(watch_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """What was held back for a watch and no notice has counted yet."""
    is_held = (WATCH_EVENTS.c.state == HELD, WATCH_EVENTS.c.notice_key.is_(None))
    return (WATCH_EVENTS.c.watch_id == watch_id, *is_held)


def _write_keys(connection: sa.Connection, team: str, watch_id: int, rule: Rule) -> None:
    rows = [{"watch_id": watch_id, "team": team, "label_key": key} for key in rule.index_keys]
    connection.execute(sa.insert(WATCH_KEYS), rows)
