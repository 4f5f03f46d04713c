import time

import pytest
import sqlalchemy as sa

from bot.adapters.message_records import Accepted, MessageRecords, Standing
from bot.adapters.tables import MESSAGES, OPT_OUTS, REPLIES
from bot.model import MessageRef

MESSAGE = MessageRef("T1", "C1", "1.0")
ACCEPTED = Accepted(MESSAGE, "0.5", "U1")


@pytest.fixture
def records(database):
    """Records on an empty database."""
    return MessageRecords(database)


@pytest.fixture
def accept(database, records):
    """Accept messages."""

    def accept(accepted=ACCEPTED, file_ids=("F2", "F1")):
        with database.begin() as connection:
            files = [{"id": file_id} for file_id in file_ids]
            return records.accept(connection, accepted, files=files)

    return accept


@pytest.fixture
def next_attempt(database, records):
    """Open attempts."""

    def next_attempt(after, message=MESSAGE):
        with database.begin() as connection:
            return records.next_attempt(connection, message, after=after)

    return next_attempt


def test_accepted_once(records, accept):
    """A message is new once; what was recorded then stays."""
    again = Accepted(MESSAGE, "9.9", "U9")

    assert [accept(), accept(again, ["F3"])] == [True, False]
    assert records.accepted(MESSAGE) == ACCEPTED
    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F2", "F1"]
    assert len(records.replies(MESSAGE)) == 1


def test_unknown_message(records):
    """Of a message that was never accepted nothing is known."""
    assert records.accepted(MESSAGE) is None
    assert records.pictures(MESSAGE) == []
    assert records.replies(MESSAGE) == []


def test_same_ts_elsewhere(accept):
    """The same time stamp in another channel or team is another message."""
    others = [MessageRef("T1", "C2", "1.0"), MessageRef("T2", "C1", "1.0")]

    assert all(accept(Accepted(message, "1.0", "U1")) for message in [MESSAGE, *others])


def test_file_twice_in_message(records, accept):
    """A file that Slack lists twice is one picture."""
    accept(file_ids=["F1", "F1", "F2"])

    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F1", "F2"]


def test_attempt_opens_once(records, accept, next_attempt):
    """Each attempt is opened by one request only, in order, with a key of its own."""
    accept()

    assert [next_attempt(1), next_attempt(1), next_attempt(3), next_attempt(2)] == [
        True,
        False,
        False,
        True,
    ]
    replies = records.replies(MESSAGE)
    assert [(reply.attempt, reply.state) for reply in replies] == [(n, "new") for n in (1, 2, 3)]
    assert len({reply.key for reply in replies}) == 3


def test_no_attempt_at_unknown(next_attempt):
    """A message that was never accepted has no next attempt."""
    assert not next_attempt(1)


def test_pictures_take_notes(records, accept):
    """What is noted of one picture comes back, and leaves its neighbour alone."""
    accept()
    outcome = {"outcome": "labelled", "name": "Zürich 猫.jpg"}
    records.note_picture(MESSAGE, "F1", outcome=outcome, sha256="ab", annotated_file_id="F9")
    neighbour, noted = records.pictures(MESSAGE)

    assert (noted.outcome, noted.sha256, noted.annotated_file_id) == (outcome, "ab", "F9")
    assert (neighbour.outcome, neighbour.sha256, neighbour.annotated_file_id) == (None, None, None)


def test_replies_take_notes(records, accept, next_attempt):
    """What is noted of one attempt's reply leaves the others alone."""
    accept()
    next_attempt(1)
    records.note_reply(MESSAGE, 1, state="sent", reply_ts="2.0", has_reason=True)
    first, second = records.replies(MESSAGE)

    assert (first.state, first.reply_ts, first.has_reason) == ("sent", "2.0", True)
    assert (second.state, second.reply_ts, second.has_reason) == ("new", None, None)


def test_last_answered(records, accept):
    """The last answered message counts once its reply is sent, in its own channel."""
    accept()
    before = records.last_answered_at_s("T1", "C1")
    records.note_reply(MESSAGE, 1, state="sent")

    assert before is None
    assert records.last_answered_at_s("T1", "C1") > 1e9
    assert records.last_answered_at_s("T1", "C2") is None


def test_standing(records, accept, next_attempt):
    """A known message stands at its last attempt, and an unknown one nowhere."""
    assert records.standing(MESSAGE) is None
    accept()
    next_attempt(1)

    assert records.standing(MESSAGE) == Standing(attempt=2, state="live")


@pytest.mark.parametrize(("state", "opens"), [("expired", True), ("live", True), ("gone", False)])
def test_reopened_once(database, records, accept, state, opens):
    """A message of which nothing is left begins anew, once; one that was taken away does not."""
    accept(file_ids=[])
    anew = Accepted(MESSAGE, "0.7", "U2")
    with database.begin() as connection:
        connection.execute(sa.update(MESSAGES).values(state=state, accepted_at_s=1.0))
        connection.execute(sa.delete(REPLIES).where(sa.literal(state) != "live"))
    for expected in (opens, False):
        with database.begin() as connection:
            files = [{"id": "F7"}]
            assert records.reopen(connection, anew, after=1, files=files) is expected

    found = Standing(2, "live") if opens else Standing(1, "gone")
    assert records.standing(MESSAGE) == found
    assert records.accepted(MESSAGE) == (anew if opens else ACCEPTED)
    assert len(records.replies(MESSAGE)) == opens + (state == "live")
    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F7"] * opens
    with database.begin() as connection:
        age_s = time.time() - connection.execute(sa.select(MESSAGES.c.accepted_at_s)).scalar_one()
        assert (age_s < 60) is opens


def test_opted_out(database, records):
    """Who has opted out is known by team and person."""
    with database.begin() as connection:
        connection.execute(sa.insert(OPT_OUTS).values(team="T1", person="U1", since_s=1.0))

    assert records.is_opted_out("T1", "U1")
    assert not records.is_opted_out("T2", "U1")
    assert not records.is_opted_out("T1", "U2")


@pytest.mark.parametrize(("attempt", "kept"), [(None, "FB"), (2, "FB"), (1, "FA"), (3, "FA")])
def test_upload_of_newest_attempt(records, accept, next_attempt, attempt, kept):
    """An upload that an attempt made is kept only while no newer attempt was opened."""
    accept()
    next_attempt(1)
    records.note_upload(MESSAGE.picture("F1"), "FA", attempt=None)
    records.note_upload(MESSAGE.picture("F1"), "FB", attempt=attempt)
    uploads = {one.file_id: one.annotated_file_id for one in records.pictures(MESSAGE)}

    assert uploads == {"F1": kept, "F2": None}
