import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.adapters.database import Database
from bot.adapters.show_records import ShowRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.model import Correction, ImageSource, ShowSettings

SOURCE = ImageSource("T1", "C1", "1.0", "F1")


@pytest.fixture
def database(address):
    """An empty database of each kind, with every table of ours."""
    database = Database(address, statement_timeout_s=5)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def shows(database):
    """Records of what is shown."""
    return ShowRecords(database)


@pytest.fixture
def withheld(database):
    """Records of what is withheld."""
    return WithheldRecords(database)


def add(database, shows, source, *corrections):
    """Keep corrections."""
    with database.begin() as connection:
        for correction in corrections:
            shows.add_correction(connection, source, correction)


def test_settings_are_kept(shows):
    """A channel's settings are written over, and other channels keep theirs."""
    assert shows.settings("T1", "C1") == ShowSettings()
    later = ShowSettings(85.5, 5, {"Dog": 90.0}, {"colours": "one"})
    for settings in (ShowSettings(threshold_percent=60.0), later):
        shows.change_settings("T1", "C1", lambda _, settings=settings: settings)

    assert shows.settings("T1", "C1") == later
    assert shows.settings("T1", "C2") == ShowSettings()
    assert shows.settings("T2", "C1") == ShowSettings()


def test_changes_at_once(shows):
    """Of changes that are made at the same moment none is lost."""

    def name(number):
        def change(before):
            time.sleep(0.01)
            return dataclasses.replace(before, by_label={**before.by_label, f"L{number}": 90.0})

        shows.change_settings("T1", "C1", change)

    with ThreadPoolExecutor(6) as together:
        list(together.map(name, range(6)))

    assert set(shows.settings("T1", "C1").by_label) == {f"L{number}" for number in range(6)}


def test_corrections_are_kept(database, shows):
    """Corrections come back in their order, with who and when, for that very picture alone."""
    add(
        database,
        shows,
        SOURCE,
        Correction("wrong", "Cat", person="U1"),
        Correction("rename", "Dog", "Wolf", person="U2"),
    )
    first, second = shows.corrections(SOURCE)

    assert (first.kind, first.label, first.to, first.person) == ("wrong", "Cat", None, "U1")
    assert (second.kind, second.label, second.to, second.person) == ("rename", "Dog", "Wolf", "U2")
    assert 0 < first.at_s <= second.at_s
    for other in (("T1", "C1", "1.0", "F2"), ("T1", "C2", "1.0", "F1"), ("T2", "C1", "1.0", "F1")):
        assert shows.corrections(ImageSource(*other)) == []


def test_changes_are_on_record(withheld):
    """Each change of an admin holds from then on and is in the audit log, the last one first."""
    withheld.change("T1", "Dog", is_withheld=True, person="U1")
    withheld.change("T1", "dog", is_withheld=False, person="U2")
    withheld.change("T1", "Bride", is_withheld=False, person="U1")
    entries = [(e.person, e.what, e.before, e.after) for e in withheld.audit("T1", at_most=9)]

    assert withheld.changes("T1") == {"Bride": False, "dog": False}
    assert not withheld.withholding("T1").is_withheld("Bride")
    assert withheld.withholding("T2").is_withheld("Bride")
    assert entries == [
        ("U1", "withheld label Bride", True, False),
        ("U2", "withheld label dog", True, False),
        ("U1", "withheld label Dog", False, True),
    ]
    assert withheld.audit("T2", at_most=9) == []
    assert len(withheld.audit("T1", at_most=2)) == 2


@pytest.mark.parametrize("is_withheld", [True, False])
def test_waiting_labels(withheld, is_withheld):
    """A label waits once, until an admin decides either way; that it waited is on record."""
    withheld.note_waiting("T1", ["Wizard"])
    withheld.note_waiting("T1", ["Wizard", "Witch"])
    withheld.note_waiting("T1", [])
    assert withheld.waiting("T1") == ["Wizard", "Witch"]
    assert withheld.waiting("T2") == []
    withheld.change("T1", "wizard", is_withheld=is_withheld, person="U1")

    assert withheld.waiting("T1") == ["Witch"]
    assert withheld.audit("T1", at_most=9)[0].before is True
