"""What is kept of withheld labels: what admins changed, what waits for them, and who did it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import AUDIT, LABEL_REVIEWS, WITHHELD_CHANGES, picked_by
from bot.rules import label_key
from bot.withheld import Withholding

_WITHHELD = sa.select(WITHHELD_CHANGES.c.label_key, WITHHELD_CHANGES.c.is_withheld).where(
    *picked_by(WITHHELD_CHANGES, ["team"])
)


@dataclass(frozen=True)
class AuditEntry:
    """One change for a whole team: when, who, what, and its state before and after."""

    at_s: float
    person: str
    what: str
    before: Any
    after: Any


class WithheldRecords:
    """Reads and writes which labels a team withholds."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def withholding(self, team: str) -> Withholding:
        """What a team withholds now."""
        with self._database.begin() as connection:
            return _withholding(connection, team)

    def changes(self, team: str) -> dict[str, bool]:
        """The labels that admins decided about, as they spelt them, and if each is withheld."""
        table = WITHHELD_CHANGES
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(table.c.label, table.c.is_withheld)
                .where(table.c.team == team)
                .order_by(table.c.label_key)
            )
            return {row.label: row.is_withheld for row in rows}

    def change(self, team: str, label: str, *, is_withheld: bool, person: str) -> None:
        """Withhold a label or show it, with who did it in the same transaction."""
        key = {"team": team, "label_key": label_key(label)}
        with self._database.begin() as connection:
            waited = connection.execute(
                sa.delete(LABEL_REVIEWS).where(*_at(LABEL_REVIEWS, key))
            ).rowcount
            before = bool(waited) or _withholding(connection, team).is_withheld(label)
            decided = {"label": label, "is_withheld": is_withheld}
            self._database.insert_once(connection, WITHHELD_CHANGES, **key, **decided)
            connection.execute(
                sa.update(WITHHELD_CHANGES).where(*_at(WITHHELD_CHANGES, key)).values(**decided)
            )
            connection.execute(
                sa.insert(AUDIT).values(
                    team=team,
                    at_s=time.time(),
                    person=person,
                    what=f"withheld label {label}",
                    before=before,
                    after=is_withheld,
                )
            )

    def audit(self, team: str, *, at_most: int) -> list[AuditEntry]:
        """The last changes for a team, the newest first."""
        columns = [AUDIT.c[name] for name in AuditEntry.__dataclass_fields__]
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(*columns)
                .where(AUDIT.c.team == team)
                .order_by(AUDIT.c.audit_id.desc())
                .limit(at_most)
            )
            return [AuditEntry(**row._mapping) for row in rows]  # noqa: SLF001 - public by name

    # -- labels that wait for an admin

    def note_waiting(self, team: str, labels: Iterable[str]) -> None:
        """Put labels on the list that admins look through, once each."""
        waiting = sorted(labels)
        if not waiting:
            return
        with self._database.begin() as connection:
            for label in waiting:
                self._database.insert_once(
                    connection,
                    LABEL_REVIEWS,
                    team=team,
                    label_key=label_key(label),
                    label=label,
                    seen_at_s=time.time(),
                )

    def waiting(self, team: str) -> list[str]:
        """The labels that wait for an admin, the longest waiting first."""
        table = LABEL_REVIEWS
        with self._database.begin() as connection:
            return list(
                connection.execute(
                    sa.select(table.c.label)
                    .where(table.c.team == team)
                    .order_by(table.c.seen_at_s, table.c.label_key)
                ).scalars()
            )


def _withholding(connection: sa.Connection, team: str) -> Withholding:
    rows = connection.execute(_WITHHELD, {"team": team})
    return Withholding({row.label_key: row.is_withheld for row in rows})


def _at(table: sa.Table, key: dict[str, str]) -> tuple[sa.ColumnElement[bool], ...]:
    return tuple(table.c[name] == value for name, value in key.items())
