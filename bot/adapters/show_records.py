"""What is kept of what is shown: settings per channel, and corrections per picture."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import CORRECTIONS, SHOW_SETTINGS, picked_by
from bot.model import Correction, ImageSource, ShowSettings
from bot.shown import settings_from_json, settings_to_json

_SETTINGS = sa.select(SHOW_SETTINGS.c.settings).where(
    *picked_by(SHOW_SETTINGS, ("team", "channel"))
)
_CORRECTIONS = (
    sa.select(*(CORRECTIONS.c[field.name] for field in dataclasses.fields(Correction)))
    .where(*picked_by(CORRECTIONS, ImageSource.NAMES))
    .order_by(CORRECTIONS.c.correction_id)
)


class ShowRecords:
    """Reads and writes show settings and corrections."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database

    def settings(self, team: str, channel: str) -> ShowSettings:
        """A channel's settings; the defaults when nobody has set any."""
        with self._database.begin() as connection:
            place = {"team": team, "channel": channel}
            values = connection.execute(_SETTINGS, place).scalar_one_or_none()
            return settings_from_json(values or {})

    def change_settings(
        self, team: str, channel: str, change: Callable[[ShowSettings], ShowSettings]
    ) -> None:
        """Write what becomes of a channel's settings; nobody else changes them in between."""
        mine = (SHOW_SETTINGS.c.team == team, SHOW_SETTINGS.c.channel == channel)
        settings = SHOW_SETTINGS.c.settings
        with self._database.begin() as connection:
            self._database.insert_once(
                connection, SHOW_SETTINGS, team=team, channel=channel, settings={}
            )
            # Written before it is read: that is what holds others back.
            connection.execute(sa.update(SHOW_SETTINGS).where(*mine).values(settings=settings))
            before = connection.execute(sa.select(settings).where(*mine)).scalar_one()
            after = settings_to_json(change(settings_from_json(before)))
            connection.execute(sa.update(SHOW_SETTINGS).where(*mine).values(settings=after))

    def add_correction(
        self, connection: sa.Connection, source: ImageSource, correction: Correction
    ) -> None:
        """Keep what somebody says about a picture now; `at_s` is taken from the clock."""
        said = dataclasses.asdict(dataclasses.replace(correction, at_s=time.time()))
        connection.execute(sa.insert(CORRECTIONS).values(**source.columns(), **said))

    def corrections(self, source: ImageSource) -> list[Correction]:
        """What was said about a picture, oldest first."""
        with self._database.begin() as connection:
            rows = connection.execute(_CORRECTIONS, source.columns())
            return [Correction(**row._mapping) for row in rows]  # noqa: SLF001 - public by name
