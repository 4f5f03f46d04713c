import pytest

from bot.adapters.notice_records import NoticeRecords
from bot.adapters.watch_records import WatchRecords
from bot.model import ImageSource
from bot.rules import parse_rule

SOURCE = ImageSource("T1", "C1", "1.0", "F1")


@pytest.fixture
def records(database):
    """Records on an empty database."""
    return NoticeRecords(database)


@pytest.fixture
def watch(database):
    """A watch."""
    watches = WatchRecords(database)
    watches.add("T1", "U1", parse_rule("Dog"))
    return watches.of_owner("T1", "U1")[0]


def test_notice_is_opened_once(records, watch):
    """A recipient has one notice per picture, with the watches that it was opened for."""
    first = records.open("U1", SOURCE, [watch])

    assert (first.watch_ids, first.state) == ((watch.watch_id,), "new")
    assert first.source == SOURCE
    assert records.open("U1", SOURCE, []) == first
    assert records.open("U2", SOURCE, [watch]).key != first.key


def test_notices_are_found(records):
    """Notices are found by their message, and by their key within the team."""
    first, second = (records.open(recipient, SOURCE, []) for recipient in ("U1", "C9"))
    records.open("U1", ImageSource("T1", "C1", "2.0", "F1"), [])

    assert {notice.recipient for notice in records.of_message(SOURCE.message)} == {"U1", "C9"}
    assert records.get("T1", second.key) == second
    assert records.get("T2", first.key) is None


def test_preview_is_noted(records):
    """What shows the picture in a notice is kept with it."""
    notice = records.open("U1", SOURCE, [])
    records.note_preview(notice.key, "F9")

    assert records.open("U1", SOURCE, []).preview_file_id == "F9"
