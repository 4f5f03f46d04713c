"""What is kept of Rekognition's answers: the whole answer, once per distinct picture of a team."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import ANALYSES, LABELS_SEEN
from bot.model import ImageSource


class AnalysisRecords:
    """Reads and writes answers by (team, sha256 of the original, request settings)."""

    def __init__(self, database: Database, settings: str) -> None:
        """Keep the database, and the name of the request that the answers belong to."""
        self._database = database
        self._settings = settings

    def answer(self, team: str, sha256: str) -> dict[str, Any] | None:
        """The kept answer, field by field as Rekognition gave it."""
        with self._database.begin() as connection:
            return connection.execute(
                sa.select(ANALYSES.c.response).where(*self._match(team, sha256))
            ).scalar_one_or_none()

    def calls_without_answer(self, team: str, sha256: str) -> int:
        """How many calls for this picture ended without an answer so far."""
        with self._database.begin() as connection:
            found = connection.execute(
                sa.select(ANALYSES.c.calls).where(*self._match(team, sha256))
            ).scalar_one_or_none()
            return found or 0

    def note_answer(self, team: str, sha256: str, response: dict[str, Any]) -> None:
        """Keep an answer."""
        self._write(team, sha256, response=response)

    def note_call(self, team: str, sha256: str, *, calls: int) -> None:
        """Note that `calls` calls have ended without an answer; the second time changes nothing."""
        self._write(team, sha256, calls=calls)

    def _write(self, team: str, sha256: str, **values: Any) -> None:
        key = {"team": team, "sha256": sha256, "settings": self._settings}
        with self._database.begin() as connection:
            self._database.insert_once(connection, ANALYSES, **key, calls=0, asked_at_s=time.time())
            connection.execute(
                sa.update(ANALYSES).where(*self._match(team, sha256)).values(**values)
            )

    def _match(self, team: str, sha256: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            ANALYSES.c.team == team,
            ANALYSES.c.sha256 == sha256,
            ANALYSES.c.settings == self._settings,
        )

    def note_seen(self, source: ImageSource, names: set[str]) -> None:
        """Remember that these label names appeared in a channel, by a picture that shows them."""
        place = {"team": source.team, "channel": source.channel}
        shown_by = {"ts": source.ts, "file_id": source.file_id}
        here = (LABELS_SEEN.c[column] == value for column, value in place.items())
        with self._database.begin() as connection:
            for name in sorted(names):
                self._database.insert_once(connection, LABELS_SEEN, **place, name=name, **shown_by)
            connection.execute(
                sa.update(LABELS_SEEN)
                .where(*here, LABELS_SEEN.c.name.in_(names), LABELS_SEEN.c.ts < source.ts)
                .values(**shown_by)
            )

    def names_seen(self, team: str) -> dict[str, set[str]]:
        """Every label name seen in a team, by channel; who may know it is decided elsewhere."""
        with self._database.begin() as connection:
            rows = connection.execute(
                sa.select(LABELS_SEEN.c.channel, LABELS_SEEN.c.name).where(
                    LABELS_SEEN.c.team == team
                )
            )
            found: dict[str, set[str]] = {}
            for channel, name in rows:
                found.setdefault(channel, set()).add(name)
            return found
