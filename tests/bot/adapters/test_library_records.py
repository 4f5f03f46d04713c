import pytest
import sqlalchemy as sa

from bot.adapters import library_records
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.database import Database
from bot.adapters.library_records import LibraryRecords
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.tables import MESSAGES
from bot.exports import Scope
from bot.model import ImageSource, MessageRef

ANSWER = {"Labels": [{"Name": "Dog", "Confidence": 98.5}], "LabelModelVersion": "3.0"}
HERE = Scope(("C1",))


class Shelf:
    """A database of one's own, and short ways to fill it."""

    def __init__(self, address):
        self.database = Database(address, statement_timeout_s=5)
        self.database.migrate()
        self._messages = MessageRecords(self.database)
        self.library = LibraryRecords(self.database, "now", answered=("labelled", "nothing_found"))

    def post(self, ts, *file_ids, channel="C1", team="T1", thread_ts=None, outcome="labelled"):
        """Keep a message with its pictures, each with an answer."""
        message = MessageRef(team, channel, ts)
        with self.database.begin() as connection:
            accepted = Accepted(message, thread_ts or ts, "U1")
            self._messages.accept(connection, accepted, files=[{"id": one} for one in file_ids])
        for file_id in file_ids:
            facts = {"outcome": outcome, "name": f"{file_id}.jpg", "size_px": [4, 3]}
            self._messages.note_picture(message, file_id, outcome=facts, sha256=f"sha-{file_id}")
            self.answer(f"sha-{file_id}", team=team)
        return message

    def answer(self, sha256, *, team="T1", settings="now"):
        """Keep an answer of Rekognition."""
        AnalysisRecords(self.database, settings).note_answer(team, sha256, ANSWER)

    def found(self, scope=HERE, team="T1"):
        """Give the file ids of the pictures of a scope."""
        return [kept.source.file_id for kept in self.library.pictures(team, scope)]


@pytest.fixture
def shelf(address):
    """An empty shelf on each kind of database."""
    shelf = Shelf(address)
    yield shelf
    shelf.database.close()


def test_all_facts(shelf):
    """A kept picture comes with where it was posted, what came of it, and its answer."""
    shelf.post("1790000000.000100", "F1", thread_ts="1780000000.000100")
    (kept,) = shelf.library.pictures("T1", HERE)

    assert kept.source == ImageSource("T1", "C1", "1790000000.000100", "F1")
    assert (kept.thread_ts, kept.poster) == ("1780000000.000100", "U1")
    assert kept.outcome == {"outcome": "labelled", "name": "F1.jpg", "size_px": [4, 3]}
    assert kept.response == ANSWER


def test_by_time(shelf):
    """Pictures come channel by channel, by time, and as they were posted."""
    shelf.post("1790000002.000100", "F9", "F8", "F7")
    shelf.post("1790000001.000200", "F6")
    shelf.post("1790000001.000100", "F5")
    shelf.post("1790000000.000100", "F4", channel="C2")

    assert shelf.found() == ["F5", "F6", "F9", "F8", "F7"]
    assert shelf.found(Scope(("C2", "C1"))) == ["F4", "F5", "F6", "F9", "F8", "F7"]


def test_whether_any(shelf):
    """A scope has pictures where one of them was answered, and is not taken away."""
    shelf.post("1790000000.000100", "F1", thread_ts="1780000000.000100")
    shelf.post("1790000000.000200", "F2", outcome="picture_broken")
    thread = Scope.thread("C1", "1780000000.000100")

    assert shelf.library.has_pictures("T1", thread)
    assert shelf.library.has_pictures("T1", Scope(("C2", "C1")))
    assert not shelf.library.has_pictures("T2", thread)
    assert not shelf.library.has_pictures("T1", Scope.thread("C1", "1790000000.000200"))
    assert not shelf.library.has_pictures("T1", Scope(("C2",)))


def test_scopes(shelf):
    """A scope is a message, a thread, or channels with what was posted since a time."""
    first = shelf.post("1790000000.000100", "F1")
    shelf.post("1790000001.000000", "F2", thread_ts=first.ts)
    shelf.post("1790000002.000000", "F3")

    assert shelf.found(Scope.message(first)) == ["F1"]
    assert shelf.found(Scope.thread("C1", first.ts)) == ["F1", "F2"]
    assert shelf.found(Scope(("C1",), since_s=1790000001.0)) == ["F2", "F3"]
    assert shelf.found(Scope(("C1",), since_s=1790000001.5)) == ["F3"]
    assert shelf.found(Scope(("C1",), since_s=0.0)) == ["F1", "F2", "F3"]
    assert shelf.found(Scope(())) == shelf.found(Scope(("C7",))) == []


def test_team_is_kept_apart(shelf):
    """The pictures and the answers of another team are not there."""
    shelf.post("1790000000.000100", "F1", team="T2")

    assert shelf.found() == []
    assert shelf.found(team="T2") == ["F1"]


def test_deleted_file(shelf):
    """A picture whose file is deleted is left out at once, before it is forgotten."""
    shelf.post("1790000000.000100", "F1", "F2")
    RemovalRecords(shelf.database).mark_file("T1", "F1")

    assert shelf.found() == ["F2"]


def test_poster_opted_out(shelf):
    """What somebody posted who opts out is left out at once."""
    shelf.post("1790000000.000100", "F1")
    RemovalRecords(shelf.database).mark_person("T1", "U1")

    assert shelf.found() == []


@pytest.mark.parametrize("state", ["gone", "expired"])
def test_taken_away(shelf, state):
    """What was taken away, or has expired, is not there, whatever rows are left of it."""
    shelf.post("1790000000.000100", "F1")
    with shelf.database.begin() as connection:
        connection.execute(sa.update(MESSAGES).values(state=state))

    assert shelf.found() == []


def test_unanswered(shelf):
    """Pictures that ended in a reason, or are still under way, are not there."""
    shelf.post("1790000000.000100", "F1", outcome="slack_refused")
    shelf.post("1790000001.000100", "F2", outcome="nothing_found")
    with shelf.database.begin() as connection:
        waiting = Accepted(MessageRef("T1", "C1", "1790000002.000100"), "1", "U1")
        MessageRecords(shelf.database).accept(connection, waiting, files=[{"id": "F3"}])

    assert shelf.found() == ["F2"]


def test_other_request_is_not_mixed_in(shelf):
    """An answer to another request does not bring a picture twice."""
    shelf.post("1790000000.000100", "F1")
    shelf.answer("sha-F1", settings="before")

    assert shelf.found() == ["F1"]


def test_pages(shelf):
    """Pages join without a gap or a repeat, also in the middle of a message."""
    page = library_records.PAGE
    names = [f"F{number:03}" for number in range(page + 5)]
    shelf.post("1790000000.000100", *names)
    shelf.post("1790000001.000100", "G1", "G2")

    assert shelf.found() == [*names, "G1", "G2"]


def test_page_at_a_time(shelf):
    """One page is read and no transaction left open: what is posted meanwhile still comes."""
    shelf.post("1790000000.000100", *(f"F{number:03}" for number in range(library_records.PAGE)))
    limits = []
    sa.event.listen(
        shelf.database.engine,
        "after_cursor_execute",
        lambda *told: limits.append(told[2]) if "LIMIT" in told[2] else None,
    )
    reading = shelf.library.pictures("T1", HERE)
    next(reading)
    pages = len(limits)
    shelf.post("1790000001.000100", "G1")

    assert pages == 1
    assert [kept.source.file_id for kept in reading][-1] == "G1"
    assert shelf.database.engine.pool.checkedout() == 0
