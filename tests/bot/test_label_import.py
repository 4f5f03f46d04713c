import pytest

from bot import __main__ as command_line
from bot import errors
from bot.adapters.catalogue_records import CatalogueRecords
from bot.label_import import import_labels
from tests.bot.label_lists import written, zipped


@pytest.fixture
def type_labels(database, monkeypatch, tmp_path):
    """A function that types `python -m bot labels ...` with nothing set but the database."""
    for name in ("SLACK_BOT_TOKEN", "S3_BUCKET", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", str(database.url))
    monkeypatch.chdir(tmp_path)
    return lambda *words: command_line.main(["labels", *map(str, words)])


def test_import_says_how_much(type_labels, database, tmp_path, capsys):
    """The operator is told how many names were imported, from where to where."""
    path = tmp_path / "labels.zip"
    path.write_bytes(zipped())

    assert type_labels("import", path) == 0
    assert capsys.readouterr().out == (
        "Imported 7 labels, 4 other names for them, 4 categories into "
        f"{database.url}. Not needed: BoundingBoxLabels.csv in labels.zip.\n"
    )
    assert CatalogueRecords(database).current().known("cell phone")


def test_import_replaces(type_labels, database, tmp_path):
    """Importing again leaves only what was imported last."""
    type_labels("import", *written(tmp_path))
    (tmp_path / "short.csv").write_text("Label\nPlatypus\n")
    type_labels("import", tmp_path / "short.csv")

    assert [*CatalogueRecords(database).current().labels] == ["Platypus"]


def test_refused_import(type_labels, database, tmp_path, capsys):
    """A wrong file is one plain text on standard error, and the list before stays."""
    type_labels("import", *written(tmp_path))
    before = CatalogueRecords(database).current()

    assert type_labels("import", tmp_path / "spotter.db") == 2
    assert capsys.readouterr().err.startswith("Nothing was imported: spotter.db has no ")
    assert CatalogueRecords(database).current() == before


def test_import_makes_database(tmp_path):
    """The list can be imported before Spotter runs for the first time."""
    said = import_labels(written(tmp_path), database_url=f"sqlite:///{tmp_path / 'new' / 'a.db'}")

    assert "Imported 7 labels" in said


def test_import_without_place(tmp_path):
    """Where the database cannot be, that is what is said."""
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.RecordsUnavailable):
        import_labels(written(tmp_path), database_url=f"sqlite:///{tmp_path / 'file' / 'a.db'}")
