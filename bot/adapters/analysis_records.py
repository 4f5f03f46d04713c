"""What is kept of Rekognition's answers: the whole answer, once per distinct picture of a team."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import ANALYSES, LABELS_SEEN, picked_by
from bot.model import ImageSource

_KEY = ("team", "sha256", "settings")
_ANSWER = sa.select(ANALYSES.c.response).where(*picked_by(ANALYSES, _KEY))
_ASKED = sa.select(ANALYSES.c.response.is_not(None), ANALYSES.c.calls).where(
    *picked_by(ANALYSES, _KEY)
)


class AnalysisRecords:
    """Reads and writes answers by (team, sha256 of the original, request settings)."""

    def __init__(self, database: Database, settings: str) -> None:
        """Keep the database, and the name of the request that the answers belong to."""
        self._database = database
        self._settings = settings

    def answer(self, team: str, sha256: str) -> dict[str, Any] | None:
        """The kept answer, field by field as Rekognition gave it."""
        with self._database.begin() as connection:
            return connection.execute(_ANSWER, self._key(team, sha256)).scalar_one_or_none()

    def asked(self, team: str, sha256: str) -> tuple[bool, int]:
        """Whether an answer is kept, and how many calls ended without one so far."""
        with self._database.begin() as connection:
            row = connection.execute(_ASKED, self._key(team, sha256)).one_or_none()
            return (bool(row[0]), row[1]) if row else (False, 0)

    def note_answer(self, team: str, sha256: str, response: dict[str, Any]) -> None:
        """Keep an answer."""
        self._write(team, sha256, response=response)

    def note_call(self, team: str, sha256: str, *, calls: int) -> None:
        """Note that `calls` calls have ended without an answer; the second time changes nothing."""
        self._write(team, sha256, calls=calls)

    def _write(self, team: str, sha256: str, **values: Any) -> None:
        key = self._key(team, sha256)
        first = {"calls": 0, "asked_at_s": time.time()}
        statement = self._database.insert(ANALYSES).values(**key, **first | values)
        with self._database.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=ANALYSES.primary_key, set_=values)
            )

    def _key(self, team: str, sha256: str) -> dict[str, str]:
        return {"team": team, "sha256": sha256, "settings": self._settings}

    def note_seen(self, source: ImageSource, names: set[str]) -> None:
        """Remember that these label names appeared in a channel, by a picture that shows them."""
        if not names:
            return
        insert = self._database.insert(LABELS_SEEN)
        newer = {"ts": insert.excluded.ts, "file_id": insert.excluded.file_id}
        statement = insert.on_conflict_do_update(
            index_elements=LABELS_SEEN.primary_key,
            set_=newer,
            where=LABELS_SEEN.c.ts < insert.excluded.ts,
        )
        with self._database.begin() as connection:
            # In one order, so that two that write at once do not wait for each other.
            rows = [{**source.columns(), "name": name} for name in sorted(names)]
            connection.execute(statement, rows)

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
