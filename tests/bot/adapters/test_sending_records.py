"""Who may send a notice, on each kind of database, and with several at it at once."""

import contextlib
import threading

import pytest

from bot import errors
from bot.adapters.database import Database
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.notice_records import NoticeRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.sending_records import Asked, SendingRecords
from bot.adapters.watch_event_records import WatchEventRecords
from bot.adapters.watch_records import WatchRecords
from bot.model import MessageRef
from bot.rules import parse_rule

HOUR_S = 3600
NOON_S = 1_790_000_000.0


class Line:
    """A database with two watches of one person, and pictures that fire them."""

    def __init__(self, database):
        self.database = database
        self.sending = SendingRecords(database)
        self.events = WatchEventRecords(database)
        watches = WatchRecords(database)
        for label in ("dog", "cat"):
            watches.add("T1", "U1", parse_rule(label))
        self.dog, self.cat = (watch.watch_id for watch in watches.of_owner("T1", "U1"))
        self._watches = watches

    def message(self, ts):
        """Name a message."""
        return MessageRef("T1", "C1", ts)

    def notice(self, ts):
        """Open the notice about a picture."""
        message = self.message(ts)
        with self.database.begin() as connection:
            accepted = Accepted(message, ts, "U2")
            MessageRecords(self.database).accept(connection, accepted, files=[{"id": "F1"}])
        watches = self._watches.of_owner("T1", "U1")
        return NoticeRecords(self.database).open("U1", message.picture("F1"), watches)

    def claim(self, notice, *watch_ids, at_s=NOON_S, held_by=None):
        """Claim a notice for watches with a cool-down of an hour."""
        asked = {watch_id: Asked(HOUR_S, held_by) for watch_id in watch_ids or (self.dog,)}
        return self.sending.claim(notice, asked, now_s=at_s)

    def send(self, ts, *watch_ids, at_s=NOON_S):
        """Claim a notice, and have it delivered if it may be; the claim."""
        notice = self.notice(ts)
        claim = self.claim(notice, *watch_ids, at_s=at_s)
        if claim.state == "sending":
            self.sending.note_sent(notice, place="D1", notice_ts=f"{at_s + 1:.6f}")
        return claim

    def came_of(self, ts):
        """What came of a picture, by watch."""
        found = self.events.of_picture([self.dog, self.cat], self.message(ts).picture("F1"))
        return {event.watch_id: (event.state, event.reason) for event in found}

    def change(self, text):
        """Put another rule in the first watch's place."""
        assert self._watches.change(self.dog, parse_rule(text))

    def fired_at_s(self):
        """When the first watch last fired."""
        return self._watches.get("T1", self.dog).last_fired_at_s


@pytest.fixture
def line(address):
    """That line on a database of each kind."""
    with contextlib.closing(Database(address, statement_timeout_s=5)) as database:
        database.migrate()
        yield Line(database)


def test_cool_down(line):
    """A cool-down holds from the delivery until it is over, to the second."""
    states = [
        line.send(f"{number}.0", at_s=NOON_S + after_s).state
        for number, after_s in enumerate((0, 1, HOUR_S, HOUR_S + 1, HOUR_S + 2))
    ]

    assert states == ["sending", "held", "held", "sending", "held"]
    assert line.came_of("1.0") == {line.dog: ("held", "cool_down")}
    assert line.came_of("3.0") == {line.dog: ("told", None)}


def test_failed_send_cools_nothing(line):
    """A notice that was claimed and never sent starts no cool-down."""
    lost = line.notice("1.0")
    line.claim(lost)
    line.sending.note_lost(lost, "failed")

    assert line.fired_at_s() is None
    assert line.send("2.0", at_s=NOON_S + 1).state == "sending"
    assert line.came_of("1.0") == {line.dog: ("lost", "failed")}


def test_cool_downs_of_two(line):
    """One watch that cools down keeps no other one of the same person from telling."""
    line.send("1.0", line.dog)
    claim = line.send("2.0", line.dog, line.cat)

    assert (claim.state, claim.watch_ids) == ("sending", (line.cat,))
    assert line.came_of("2.0") == {line.dog: ("held", "cool_down"), line.cat: ("told", None)}


def test_held_back_is_counted(line):
    """What was held back is counted by the next notice, each picture once, and never again."""
    line.send("1.0", line.dog, line.cat)
    for ts in ("2.0", "3.0"):
        line.send(ts, line.dog, line.cat)
    claims = [
        line.send(ts, line.dog, line.cat, at_s=NOON_S + after_s)
        for ts, after_s in (("4.0", 2 * HOUR_S), ("5.0", 4 * HOUR_S))
    ]

    assert [[source.ts for source in claim.held_back] for claim in claims] == [["2.0", "3.0"], []]


def test_change_while_sending(line):
    """A notice that was on its way for the old rule does not cool the new one down."""
    notice = line.notice("1.0")
    line.claim(notice, line.dog, line.cat)
    line.change("bird every 1h")
    line.sending.note_sent(notice, place="D1", notice_ts=f"{NOON_S:.6f}")

    assert line.fired_at_s() is None
    assert line.send("2.0", line.dog, line.cat, at_s=NOON_S + 1).watch_ids == (line.dog,)


def test_change_counts_nothing(line):
    """What was held back for the old rule is not counted for the new one; what was told stays."""
    line.send("1.0")
    line.send("2.0")
    line.change("bird every 1h")
    claim = line.send("3.0", at_s=NOON_S + 1)

    assert (claim.state, claim.held_back) == ("sending", ())
    assert line.came_of("1.0") == {line.dog: ("told", None)}


def test_told_otherwise_is_not_counted(line):
    """A picture that somebody was told of by one watch is not counted as held back by another."""
    line.send("1.0", line.dog)
    line.send("2.0", line.dog)
    line.send("3.0", line.dog, line.cat)
    claim = line.send("4.0", line.dog, at_s=NOON_S + 2 * HOUR_S)
    counted = line.events.counted_in(line.notice("4.0").key)

    assert line.came_of("3.0") == {line.dog: ("held", "cool_down"), line.cat: ("told", None)}
    assert [source.ts for source in claim.held_back] == ["2.0"]
    assert [event.source.ts for event in counted] == ["2.0"]


def test_lost_notice_counts_nothing(line):
    """What a notice would have counted is counted by the next one where it is not sent."""
    line.send("1.0")
    line.send("2.0")
    lost = line.notice("3.0")
    assert len(line.claim(lost, at_s=NOON_S + 2 * HOUR_S).held_back) == 1
    line.sending.note_lost(lost, "failed")

    assert len(line.send("4.0", at_s=NOON_S + 3 * HOUR_S).held_back) == 1


def test_held_by_hold(line):
    """What is muted is held back whatever the cool-down, and nothing is sent for it."""
    notice = line.notice("1.0")
    claim = line.claim(notice, held_by="muted")

    assert (claim.state, claim.watch_ids) == ("held", ())
    assert line.came_of("1.0") == {line.dog: ("held", "muted")}
    assert line.claim(notice).state == "held"


def test_nothing_to_send_for(line):
    """A notice for which no watch is left is withheld."""
    assert line.sending.claim(line.notice("1.0"), {}).state == "withheld"
    assert line.sending.claim(line.notice("2.0"), {99: Asked()}).state == "withheld"


def test_other_under_way(line):
    """While a watch's notice is being sent, its next one waits to learn what came of it."""
    first, second = line.notice("1.0"), line.notice("2.0")
    line.claim(first)
    with pytest.raises(errors.NoticeUnderWay):
        line.claim(second)
    line.sending.note_sent(first, place="D1", notice_ts=f"{NOON_S:.6f}")

    assert line.claim(second).state == "held"


def test_without_cool_down(line):
    """Watches without a cool-down wait for nothing."""
    first, second = line.notice("1.0"), line.notice("2.0")
    states = [line.sending.claim(notice, {line.dog: Asked()}).state for notice in (first, second)]

    assert states == ["sending", "sending"]


def test_gone_while_under_way(line):
    """A notice about a picture that was taken away meanwhile holds no other up."""
    first, second = line.notice("1.0"), line.notice("2.0")
    line.claim(first)
    with line.database.begin() as connection:
        RemovalRecords(line.database).mark(connection, line.message("1.0"), also_unknown=False)

    assert line.claim(second).state == "sending"


def test_claimed_again(line):
    """After a crash a notice is claimed again, by what holds then, and counts itself never."""
    notice = line.notice("1.0")
    first = line.claim(notice, line.dog, line.cat)
    again = line.claim(notice, line.dog, line.cat, held_by="muted")
    last = line.claim(line.notice("1.0"), line.dog, line.cat)

    assert first.watch_ids == (line.dog, line.cat)
    assert (again.state, last.state) == ("held", "held")
    line.send("2.0", line.dog, line.cat)
    assert line.came_of("1.0") == dict.fromkeys((line.dog, line.cat), ("held", "muted"))


def test_sent_once(line):
    """What was sent is not claimed again."""
    line.send("1.0")

    assert line.claim(line.notice("1.0"), at_s=NOON_S + 2 * HOUR_S).state == "sent"


def test_all_held(line):
    """Whether anything would be sent is known without claiming."""
    assert not line.sending.are_all_held({line.dog: Asked(HOUR_S)}, now_s=NOON_S)
    line.send("1.0")
    asked = {line.dog: Asked(HOUR_S), line.cat: Asked(None, "muted")}

    assert line.sending.are_all_held(asked, now_s=NOON_S + 2)
    assert not line.sending.are_all_held(asked, now_s=NOON_S + 2 * HOUR_S)
    assert not line.sending.are_all_held({line.cat: Asked()}, now_s=NOON_S)


def test_two_workers_send_one(line, address):
    """Of many workers with a picture each for one watch, at one moment, exactly one sends."""
    notices = [line.notice(f"{number}.0") for number in range(6)]
    came, start = [], threading.Barrier(len(notices))

    def work(notice):
        with contextlib.closing(Database(address, statement_timeout_s=20)) as database:
            sending = SendingRecords(database)
            start.wait()
            state = "busy"
            while state == "busy":
                with contextlib.suppress(errors.NoticeUnderWay):
                    state = sending.claim(notice, {line.dog: Asked(HOUR_S)}, now_s=NOON_S).state
            if state == "sending":
                sending.note_sent(notice, place="D1", notice_ts=f"{NOON_S:.6f}")
            came.append(state)

    threads = [threading.Thread(target=work, args=(notice,)) for notice in notices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(came) == ["held"] * 5 + ["sending"]
    assert len(line.send("99.0", at_s=NOON_S + HOUR_S).held_back) == 5
