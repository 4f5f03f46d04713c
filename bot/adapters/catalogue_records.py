"""What is kept of Amazon's list of labels: all of it in one row, for every team alike."""

from __future__ import annotations

import secrets
import time

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import CATALOGUE
from bot.label_catalogue import Catalogue

_SOURCE = "rekognition"
_IS_IT = CATALOGUE.c.source == _SOURCE


class CatalogueRecords:
    """Reads and replaces the list; what was read is kept in memory until another is imported."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database
        self._read: tuple[str | None, Catalogue] = (None, Catalogue())

    def current(self) -> Catalogue:
        """The list as it was imported last; an empty one before that.

        Raises: errors.RecordsUnavailable.
        """
        with self._database.begin() as connection:
            version = connection.execute(
                sa.select(CATALOGUE.c.version).where(_IS_IT)
            ).scalar_one_or_none()
            known, catalogue = self._read
            if version == known:
                return catalogue
            row = connection.execute(
                sa.select(CATALOGUE.c.version, CATALOGUE.c.content).where(_IS_IT)
            ).one()
        # One assignment, so that threads which read at the same time see one or the other.
        self._read = row.version, Catalogue.from_json(row.content)
        return self._read[1]

    def imported_at_s(self) -> float | None:
        """When the list was imported; None before that."""
        with self._database.begin() as connection:
            return connection.execute(
                sa.select(CATALOGUE.c.imported_at_s).where(_IS_IT)
            ).scalar_one_or_none()

    def replace(self, catalogue: Catalogue) -> None:
        """Put this list in the place of the one before, at once for whoever reads.

        Raises: errors.RecordsUnavailable.
        """
        values = {
            "version": secrets.token_hex(8),
            "imported_at_s": time.time(),
            "content": catalogue.to_json(),
        }
        with self._database.begin() as connection:
            if not self._database.insert_once(connection, CATALOGUE, source=_SOURCE, **values):
                connection.execute(sa.update(CATALOGUE).where(_IS_IT).values(**values))
