"""Marks, and the rows that go for them; long because each way of going is held to one search."""

import contextlib

import pytest
import sqlalchemy as sa

from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.database import Database
from bot.adapters.erasing_records import ErasingRecords
from bot.adapters.hold_records import HoldRecords
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.notice_records import NoticeRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.tables import ANALYSES, DELETED_FILES, METADATA
from bot.adapters.watch_event_records import WatchEventRecords
from bot.adapters.watch_records import WatchRecords
from bot.model import MessageRef
from bot.rules import parse_rule

MESSAGE = MessageRef("T1", "C1", "1.0")
OTHER = MessageRef("T1", "C2", "2.0")


class Kept:
    """A database with messages, and what is asked of it."""

    def __init__(self, database):
        self.database = database
        self.messages = MessageRecords(database)
        self.removals = RemovalRecords(database)

    def accept(self, message, *file_ids, poster="U1", sha256="aa"):
        """Keep a message with pictures of these bytes, all in use everywhere."""
        with self.database.begin() as connection:
            accepted = Accepted(message, message.ts, poster)
            self.messages.accept(connection, accepted, files=[{"id": name} for name in file_ids])
        for file_id in file_ids:
            self.messages.note_picture(message, file_id, sha256=sha256)
            self.notify(message.picture(file_id))
        AnalysisRecords(self.database, "all").note_answer(message.team, sha256, {"Labels": []})

    def notify(self, source):
        """Keep a notice about a picture, and what came of it for a watch."""
        NoticeRecords(self.database).open("U9", source, [])
        WatchEventRecords(self.database).note([7], source, state="held", reason="muted")

    def reopen(self, message, *file_ids):
        """Take an expired message in once more."""
        files = [{"id": file_id} for file_id in file_ids]
        after = self.messages.standing(message).attempt
        with self.database.begin() as connection:
            accepted = Accepted(message, message.ts, "U1")
            return self.messages.reopen(connection, accepted, after=after, files=files)

    def mark(self, message, *, also_unknown=True):
        """Mark a message."""
        with self.database.begin() as connection:
            return self.removals.mark(connection, message, also_unknown=also_unknown)

    def mark_all(self, about="team", value="T1", team="T1"):
        """Mark many, a few at a time."""
        with self.database.begin() as connection:
            self.removals.ask_for_all(connection, team, about=about, value=value)
        while self.removals.mark_next(at_most=2):
            pass

    def left(self, after=""):
        """Give the keys of what is left."""
        with self.database.begin() as connection:
            return self.removals.left(connection, after=after, at_most=2)

    def holders(self, file_id):
        """Give who holds a file."""
        with self.database.begin() as connection:
            return self.removals.holders(connection, "T1", file_id)

    def forget(self, key, position=None):
        """Erase the rows that a key stands for."""
        doomed = self.removals.doomed(key, position)
        pictures = self.messages.pictures(doomed.message)
        pictures = [p for p in pictures if doomed.file_id in {None, p.file_id}]
        return self.erase(doomed, pictures)

    def erase(self, doomed, pictures):
        """Erase the rows of what was found to be doomed."""
        return ErasingRecords(self.database).erase(
            doomed,
            file_ids=[p.file_id for p in pictures],
            sha256s={p.sha256 for p in pictures},
            uploads=set(),
        )

    def tables(self, *names):
        """Name the tables that hold one of these words."""
        with self.database.begin() as connection:
            return {
                table.name
                for table in METADATA.sorted_tables
                for row in connection.execute(sa.select(table))
                if {*names} & {*map(str, row)}
            }


@pytest.fixture
def kept(address):
    """An empty database of each kind."""
    with contextlib.closing(Database(address, statement_timeout_s=5)) as database:
        database.migrate()
        yield Kept(database)


def test_marked_message(kept):
    """A marked message stands no more, is not tried again, and its key leads to what is left."""
    kept.accept(MESSAGE, "F1", "F2")
    assert kept.messages.stands(MESSAGE.picture("F1"))
    key = kept.mark(MESSAGE)
    with kept.database.begin() as connection:
        assert not kept.messages.next_attempt(connection, MESSAGE, after=1)

    assert not kept.messages.stands(MESSAGE.picture("F1"))
    assert kept.removals.doomed(key, None).message == MESSAGE
    assert kept.mark(MESSAGE) == key


def test_marked_before_it_comes(kept):
    """A message that is marked before it arrives is not new when it does."""
    assert kept.mark(MESSAGE) is None
    kept.accept(MESSAGE, "F1")

    assert kept.messages.pictures(MESSAGE) == []
    assert not kept.messages.stands(MESSAGE.picture("F1"))


def test_unknown_is_left_unknown(kept):
    """Where nothing is to be expected, the deletion of an unknown message writes nothing."""
    assert kept.mark(MESSAGE, also_unknown=False) is None
    assert kept.messages.accepted(MESSAGE) is None


def test_nothing_left_but_guard(kept):
    """What is erased of a message is every row about it but the guard."""
    kept.accept(MESSAGE, "F1", "F2")
    key = kept.mark(MESSAGE)
    assert kept.tables("1.0", "aa", key) == {
        "messages",
        "pictures",
        "replies",
        "notices",
        "watch_events",
        "analyses",
    }
    kept.forget(key)

    assert kept.tables("1.0", "aa", "F1", "F2", key) == {"messages"}
    assert kept.removals.doomed(key, None) is None
    assert kept.mark(MESSAGE) is None


def test_analysis_of_two(kept):
    """An analysis stays as long as a live picture shows the same, in the team."""
    kept.accept(MESSAGE, "F1")
    kept.accept(OTHER, "F1")
    assert kept.removals.sharing(MESSAGE, {"aa"}) == [OTHER]
    kept.forget(kept.mark(MESSAGE))
    assert "analyses" in kept.tables("aa")
    kept.forget(kept.mark(OTHER))

    assert kept.tables("aa") == set()


def test_analysis_in_every_setting(kept):
    """An analysis goes in every setting that it was asked in, in its own team alone."""
    kept.accept(MESSAGE, "F1")
    AnalysisRecords(kept.database, "other").note_answer("T1", "aa", {})
    AnalysisRecords(kept.database, "other").note_answer("T2", "aa", {})
    kept.forget(kept.mark(MESSAGE))

    with kept.database.begin() as connection:
        assert [row.team for row in connection.execute(sa.select(ANALYSES))] == ["T2"]


def test_names_go_with_picture(kept):
    """The names that a picture was the last to show go with it; those of later ones stay."""
    kept.accept(MESSAGE, "F1")
    analyses = AnalysisRecords(kept.database, "all")
    analyses.note_seen(MESSAGE.picture("F1"), {"Dog", "Cat"})
    analyses.note_seen(MessageRef("T1", "C1", "3.0").picture("F3"), {"Dog"})
    analyses.note_seen(MESSAGE.picture("F1"), {"Dog", "Cat"})
    kept.forget(kept.mark(MESSAGE))

    assert analyses.names_seen("T1") == {"C1": {"Dog"}}


def test_one_picture(kept):
    """One picture of a message goes alone, with its mark; the rest of the message stays."""
    kept.accept(MESSAGE, "F1", "F2")
    kept.removals.mark_file("T1", "F2")
    (held,) = kept.holders("F2")
    assert (held.has_others, held.position) == (True, 1)
    assert not kept.messages.stands(MESSAGE.picture("F2"))
    assert kept.messages.stands(MESSAGE.picture("F1"))
    kept.forget(held.key, held.position)

    assert kept.tables("F2") == set()
    assert kept.tables("F1") == {"pictures", "notices", "watch_events"}
    assert "analyses" in kept.tables("aa")
    assert kept.removals.doomed(held.key, held.position) is None


def test_last_picture(kept):
    """A message has no others when all its files are deleted."""
    kept.accept(MESSAGE, "F1", "F2")
    for file_id in ("F1", "F2"):
        kept.removals.mark_file("T1", file_id)
        kept.removals.mark_file("T1", file_id)

    assert [held.has_others for held in kept.holders("F2")] == [False]


def test_file_in_two_messages(kept):
    """A deleted file is found in every message, and its mark stays until the last one goes."""
    kept.accept(MESSAGE, "F1")
    kept.accept(OTHER, "F1")
    kept.removals.mark_file("T1", "F1")
    assert {held.message for held in kept.holders("F1")} == {MESSAGE, OTHER}
    kept.forget(kept.mark(MESSAGE))
    assert kept.tables("F1") == {"pictures", "notices", "watch_events", "deleted_files"}
    kept.forget(kept.mark(OTHER))

    assert kept.tables("F1") == set()


def test_deleted_files_are_known(kept):
    """Files that were deleted before their message are told apart."""
    kept.removals.mark_file("T1", "F1")

    assert kept.messages.deleted_among("T1", ["F1", "F2"]) == {"F1"}
    assert kept.messages.deleted_among("T2", ["F1"]) == set()
    with kept.database.begin() as connection:
        assert len(connection.execute(sa.select(DELETED_FILES)).all()) == 1


def test_opted_out(kept):
    """What a person posted stands no more once they opted out, and again when they are back in."""
    kept.accept(MESSAGE, "F1", poster="U1")
    kept.accept(OTHER, "F2", poster="U2")
    for _ in range(2):
        kept.removals.mark_person("T1", "U1")

    assert kept.messages.is_opted_out("T1", "U1")
    assert not kept.messages.stands(MESSAGE.picture("F1"))
    assert kept.messages.stands(OTHER.picture("F2"))
    kept.removals.unmark_person("T1", "U1")
    assert not kept.messages.is_opted_out("T1", "U1")
    assert kept.messages.stands(MESSAGE.picture("F1"))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (("poster", "U1"), {"1.0", "3.0"}),
        (("channel", "C2"), {"2.0"}),
        (("team", "T1"), {"1.0", "2.0", "3.0"}),
        (("team", "T2", "T2"), set()),
    ],
)
def test_many_at_once(kept, where, expected):
    """All of a person, a channel or a team are marked, and found again in steps."""
    kept.accept(MESSAGE, "F1")
    kept.accept(OTHER, "F2", poster="U2")
    kept.accept(MessageRef("T1", "C1", "3.0"), "F3")
    kept.mark_all(*where)
    first = kept.left()
    keys = first + (kept.left(first[-1]) if first else [])

    assert {kept.removals.doomed(key, None).message.ts for key in keys} == expected
    assert len(first) <= 2


def test_expired_is_told_apart(kept):
    """What was kept for long enough is told apart; what a person takes away later is gone."""
    kept.accept(MESSAGE, "F1")
    kept.mark_all()
    (key,) = kept.left()
    assert kept.removals.doomed(key, None).is_expired
    kept.mark(MESSAGE)

    assert not kept.removals.doomed(key, None).is_expired


def test_asked_for_again(kept):
    """What expired can be taken in anew once it is forgotten; only then it has a key again."""
    kept.accept(MESSAGE, "F1")
    kept.mark_all()
    (old,) = kept.left()
    assert not kept.reopen(MESSAGE, "F1")
    kept.forget(old)
    assert kept.reopen(MESSAGE, "F1")
    assert (kept.left(), kept.removals.doomed(old, None)) == ([], None)
    (held,) = kept.holders("F1")
    key = kept.mark(MESSAGE)

    assert held.key == key != old
    assert kept.left() == [key]
    kept.forget(key)
    assert kept.tables("F1", key) == set()


def test_live_again_meanwhile(kept):
    """What was asked for anew since it was looked up keeps its rows."""
    kept.accept(MESSAGE, "F1")
    kept.mark_all()
    (key,) = kept.left()
    doomed = kept.removals.doomed(key, None)
    kept.forget(key)
    kept.reopen(MESSAGE, "F1")

    assert not kept.erase(doomed, kept.messages.pictures(MESSAGE))
    assert kept.tables("F1") == {"pictures"}
    assert [reply.attempt for reply in kept.messages.replies(MESSAGE)] == [2]


def test_taken_away_meanwhile(kept):
    """What only expired when it was looked up is not erased as such once it is taken away."""
    kept.accept(MESSAGE, "F1")
    kept.mark_all()
    doomed = kept.removals.doomed(kept.left()[0], None)
    kept.mark(MESSAGE)

    assert not kept.erase(doomed, kept.messages.pictures(MESSAGE))
    assert "pictures" in kept.tables("F1")


def test_expired_reply_can_go(kept):
    """Of what expired it stays where its reply stands, also once asked for anew, until it goes."""
    kept.accept(MESSAGE, "F1")
    kept.messages.note_reply(MESSAGE, 1, state="sent", reply_ts="5.0", files=["F8"])
    kept.mark_all()
    (key,) = kept.left()
    kept.forget(key)
    assert (kept.left(), kept.removals.doomed(key, None)) == ([], None)
    assert kept.tables("5.0") == {"replies"}
    assert kept.tables("F1", "aa") == set()
    assert kept.reopen(MESSAGE, "F1")
    kept.mark_all()
    kept.forget(kept.left()[0])
    assert [reply.files for reply in kept.messages.replies(MESSAGE)] == [["F8"]]

    assert kept.mark(MESSAGE) == key
    assert kept.left() == [key]
    kept.forget(key)
    assert kept.tables("1.0", "5.0", key) == {"messages"}


def test_added_after_removal(kept):
    """A picture that an edit adds takes no other one's place, also after one was removed."""
    kept.accept(MESSAGE, "F1", "F2")
    kept.removals.mark_file("T1", "F1")
    (held,) = kept.holders("F1")
    kept.forget(held.key, held.position)
    with kept.database.begin() as connection:
        kept.messages.add_pictures(connection, MESSAGE, [{"id": "F3"}])

    assert [picture.position for picture in kept.messages.pictures(MESSAGE)] == [1, 2]


def test_last_rows_of_team(kept):
    """When all of a team is forgotten its guard rows go too; what came anew stays."""
    kept.accept(MESSAGE, "F1")
    kept.messages.note_reply(MESSAGE, 1, state="sent", reply_ts="5.0")
    kept.mark(OTHER)
    kept.mark_all()
    assert kept.removals.is_any_left("T1")
    kept.forget(kept.left()[0])
    assert not kept.removals.is_any_left("T1")
    kept.accept(MessageRef("T1", "C1", "3.0"), "F3")
    ErasingRecords(kept.database).erase_guards("T1")

    assert kept.tables("1.0", "2.0", "5.0") == set()
    assert "replies" in kept.tables("3.0")


def test_team_is_erased(kept):
    """Of a team nothing stays but what is about its messages, which goes with them."""
    kept.accept(MESSAGE, "F1")
    for team in ("T1", "T2"):
        WatchRecords(kept.database).add(team, "U1", parse_rule("dog"))
        HoldRecords(kept.database).hold(team, 1, "U1", by="U1")
    kept.removals.mark_person("T1", "U1")
    kept.removals.mark_file("T1", "F7")
    ErasingRecords(kept.database).erase_team("T1")

    assert kept.tables("T1") == {"messages", "pictures", "replies", "notices", "watch_events"}
    assert kept.tables("T2") == {"watches", "watch_keys", "holds"}
