import pytest

from bot import errors
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.database import Database
from bot.label_catalogue import Catalogue

FIRST = Catalogue({"Caño Cristales": ("Popular Landmarks",)}, {"River": "Caño Cristales"})
SECOND = Catalogue({"Dog": ()}, {}, ("Animals and Pets",))


@pytest.fixture
def kept(address):
    """The list on an empty database of each kind."""
    database = Database(address, statement_timeout_s=5)
    database.migrate()
    yield CatalogueRecords(database)
    database.close()


def test_list_before_import(kept):
    """Before an import the list is empty."""
    assert kept.current() == Catalogue()
    assert kept.imported_at_s() is None


def test_list_is_replaced(kept):
    """Another import takes the place of the one before, name for name."""
    kept.replace(FIRST)
    first, first_at_s = kept.current(), kept.imported_at_s()
    kept.replace(SECOND)

    assert first == FIRST
    assert kept.current() == SECOND
    assert kept.imported_at_s() >= first_at_s


def test_others_see_it(database):
    """Whoever has read the list sees the next one at once, and reads it once."""
    reading, importing = CatalogueRecords(database), CatalogueRecords(database)
    assert not reading.current()
    importing.replace(FIRST)

    assert reading.current() == FIRST
    assert reading.current() is reading.current()


def test_failed_import_changes_nothing(database):
    """When a list cannot be written, the one before stays."""
    kept = CatalogueRecords(database)
    kept.replace(FIRST)
    with database.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(errors.RecordsUnavailable):
            CatalogueRecords(database).replace(SECOND)

    assert kept.current() == FIRST
