import pytest
import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.render_records import Opened, RenderRecords
from bot.adapters.tables import MESSAGES
from bot.model import MessageRef

MESSAGE = MessageRef("T1", "C1", "1.0")


class Desk:
    """One accepted message on a database, and what is kept of it."""

    def __init__(self, database):
        self.database = database
        self.messages = MessageRecords(database)
        self.renders = RenderRecords(database)
        with database.begin() as connection:
            accepted = Accepted(MESSAGE, "0.5", "U1")
            self.messages.accept(connection, accepted, files=[{"id": "F1"}])

    def open(self, message=MESSAGE, *, after=None, **options):
        """Open an attempt that renders again."""
        with self.database.begin() as connection:
            return self.renders.open(connection, message, after=after, options=options)

    def answer(self, attempt=1, state="sent", reply_ts="2.0"):
        """Note what became of an attempt's reply."""
        self.messages.note_reply(MESSAGE, attempt, state=state, reply_ts=reply_ts)


@pytest.fixture
def desk(address):
    """A desk on a database of each kind."""
    database = Database(address, statement_timeout_s=5)
    database.migrate()
    yield Desk(database)
    database.close()


def test_nothing_to_render(desk):
    """Where no reply stands, or the message is unknown, no attempt is opened."""
    assert desk.open() is None
    desk.answer(state="sending")
    assert desk.open() is None
    desk.answer(state="needless")

    assert desk.open() is None
    assert desk.open(MessageRef("T1", "C1", "9.0")) is None
    assert len(desk.messages.replies(MESSAGE)) == 1


def test_next_attempt_renders(desk):
    """Once a reply stands, the next attempt renders; another may follow before that is through."""
    desk.answer()

    assert [desk.open(), desk.open()] == [Opened(2, "0.5"), Opened(3, "0.5")]
    assert [reply.is_render for reply in desk.messages.replies(MESSAGE)] == [False, True, True]
    assert len({reply.key for reply in desk.messages.replies(MESSAGE)}) == 3


def test_not_while_looking(desk):
    """While an attempt looks at pictures anew, nothing is rendered; afterwards it is."""
    desk.answer()
    with desk.database.begin() as connection:
        assert desk.messages.next_attempt(connection, MESSAGE, after=1)
    assert desk.open() is None
    desk.answer(2)

    assert desk.open() == Opened(3, "0.5")


def test_once_after_reply(desk):
    """Of all that is asked under one reply one is rendered, unless that came to nothing."""
    desk.answer()

    assert desk.open(after=1) == Opened(2, "0.5")
    assert desk.open(after=1) is None
    desk.answer(2)
    assert desk.open(after=1) is None
    assert desk.open(after=2) == Opened(3, "0.5")
    desk.answer(3, state="needless")
    assert desk.open(after=2) == Opened(4, "0.5")


def test_choices_add_up(desk):
    """What was chosen holds for the next rendering too, also where it was overtaken or refused."""
    desk.answer()
    desk.open(max_labels=3)
    desk.answer(2, state="refused", reply_ts=None)
    desk.open(threshold_percent=60.0)
    desk.answer(3, state="needless", reply_ts=None)

    opened = desk.open(max_labels=5)

    assert opened == Opened(4, "0.5", {"max_labels": 5, "threshold_percent": 60.0})


def test_not_beside_looking(desk):
    """While an older attempt still looks at a picture, a newer reply is not rendered again."""
    with desk.database.begin() as connection:
        assert desk.messages.next_attempt(connection, MESSAGE, after=1)
    desk.answer(2)

    assert desk.open() is None


def test_uploads_are_known(desk):
    """Each upload stays known with the reply that it was made for, beside those before it."""
    desk.answer()
    desk.open()
    picture = MESSAGE.picture("F1")
    for file_id, attempt in (("FA", 1), ("FB", 2), ("FC", None)):
        desk.messages.note_upload(picture, file_id, attempt=attempt)

    assert [reply.files for reply in desk.messages.replies(MESSAGE)] == [["FA"], ["FB", "FC"]]


def test_newest_outcome_stays(desk):
    """An outcome is written unless a newer attempt has written one."""
    found = {"file_id": "F1", "outcome": "labelled"}
    for attempt in (2, 3, 1):
        desk.messages.note_reply(
            MESSAGE, attempt, state="sent", outcomes=[{**found, "by": attempt}]
        )

    assert desk.messages.pictures(MESSAGE)[0].outcome == {**found, "by": 3, "attempt": 3}


def test_outlived(desk):
    """Replies and uploads from before a standing rendered reply are found, others are not."""
    desk.answer()
    desk.open()
    assert desk.renders.outlived(at_most=9) == []
    desk.answer(2, reply_ts="3.0")
    assert desk.renders.outlived(at_most=9) == [MESSAGE]
    desk.answer(1, state="retired", reply_ts=None)
    assert desk.renders.outlived(at_most=9) == []
    desk.messages.note_reply(MESSAGE, 1, files=["FA"])

    assert desk.renders.outlived(at_most=9) == [MESSAGE]


def test_not_when_taken_away(desk):
    """What a person took away is not rendered again, and not found."""
    desk.answer()
    with desk.database.begin() as connection:
        connection.execute(sa.update(MESSAGES).values(state="gone"))

    assert desk.open() is None
    assert desk.renders.find("T1", "C1", "1.0") is None


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (("T1", "C1", "1.0"), MESSAGE),
        (("T1", "C1", "2.0"), MESSAGE),
        (("T1", "C1", "3.0"), None),
        (("T1", "C2", "1.0"), None),
        (("T2", "C1", "2.0"), None),
    ],
)
def test_found_by_either(desk, place, found):
    """A message is found by its own time stamp and by that of its reply."""
    desk.answer()

    assert desk.renders.find(*place) == found
