"""Puts Amazon's list of labels into the database, for the operator who has downloaded it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot import errors
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.database import Database
from bot.label_list_files import read_label_list

_PATIENCE_S = 10.0


def import_labels(paths: Iterable[Path], *, database_url: str) -> str:
    """Replace the list by what these files hold; what was done, in words.

    Raises: errors.LabelListRefused, errors.RecordsUnavailable; then the list before stays.
    """
    found = read_label_list(paths)
    try:
        database = Database(database_url, statement_timeout_s=_PATIENCE_S)
    except OSError as exc:
        raise errors.RecordsUnavailable from exc
    try:
        database.migrate()
        CatalogueRecords(database).replace(found.catalogue)
    finally:
        database.close()
    place = database.url.render_as_string(hide_password=True)
    said = f"Imported {found.catalogue} into {place}."
    if found.not_read:
        said += f" Not needed: {', '.join(found.not_read)}."
    return said
