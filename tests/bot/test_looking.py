import threading

import pytest

from bot import errors
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.call_records import CallRecords
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.budget import Budget
from bot.fetching import LEFT_ALONE, STORED
from bot.looking import SEEN, UNSEEN, Looking
from bot.model import MessageRef

MESSAGE = MessageRef("T1", "C1", "1.0")
SOURCE = MESSAGE.picture("F1")


class Detector:
    """Counts what it is asked."""

    def __init__(self):
        self.asked = 0

    def detect_labels(self, _jpeg):
        """See nothing."""
        self.asked += 1
        return {"Labels": []}


class Copies:
    """Working copies of anything, unless what happens meanwhile is in the way."""

    def __init__(self):
        self.meanwhile = lambda: None

    def get(self, _source):
        """Give one."""
        self.meanwhile()
        return b"jpeg"

    def drop(self, source):
        """Drop one."""


@pytest.fixture
def take_away(database):
    """Have the message be gone."""

    def take_away():
        with database.begin() as connection:
            RemovalRecords(database).mark(connection, MESSAGE, also_unknown=False)

    return take_away


@pytest.fixture
def detector():
    """What is asked."""
    return Detector()


@pytest.fixture
def copies():
    """What it is asked about."""
    return Copies()


@pytest.fixture
def analyses(database):
    """The kept answers."""
    return AnalysisRecords(database, "all")


@pytest.fixture
def looking(database, detector, copies, analyses):
    """Looks at the picture of an accepted message."""
    messages = MessageRecords(database)
    with database.begin() as connection:
        messages.accept(connection, Accepted(MESSAGE, "1.0", "U1"), files=[{"id": "F1"}])
    budget = Budget(JobIntake(database), CallRecords(database), limit=None, per_second=1000)
    return Looking(detector, copies, analyses, budget=budget, messages=messages)


def test_asked_at_the_end_of_the_line(looking, detector, copies, analyses):
    """Eight wait with a picture in hand; what is known once it is a ninth's turn is not asked."""
    inside, go_on = threading.Semaphore(0), threading.Event()

    def wait():
        inside.release()
        assert go_on.wait(10)

    copies.meanwhile = wait
    threads = [
        threading.Thread(target=looking.ask, args=(SOURCE, sha256, 0)) for sha256 in "abcdefghi"
    ]
    for thread in threads[:8]:
        thread.start()
        assert inside.acquire(timeout=10)
    threads[8].start()
    waits = not inside.acquire(timeout=0.3)
    analyses.note_answer(SOURCE.team, "i", {"Labels": []})
    go_on.set()
    for thread in threads:
        thread.join()

    assert waits
    assert detector.asked == 8


def test_asked_once(looking, detector):
    """An answer is kept, and not asked for again."""
    assert looking.recall(SOURCE, "aa") == {"outcome": UNSEEN, "calls": 0}
    assert [looking.ask(SOURCE, "aa", 0) for _ in range(2)] == [{"outcome": SEEN}] * 2
    assert looking.recall(SOURCE, "aa") == {"outcome": SEEN}
    assert detector.asked == 1


def test_gone_is_not_asked_for(looking, take_away, detector, analyses):
    """A picture that was taken away costs no call; who posted the same asks for their own."""
    take_away()

    assert looking.recall(SOURCE, "aa") == {"outcome": LEFT_ALONE}
    assert looking.ask(SOURCE, "aa", 0) == {"outcome": STORED}
    assert detector.asked == analyses.asked("T1", "aa")[1] == 0


def test_goes_meanwhile(looking, take_away, copies, analyses):
    """When the original goes while the call is made, that is no failure of the picture."""

    def vanish():
        take_away()
        raise errors.OriginalOutOfReach

    copies.meanwhile = vanish

    assert looking.ask(SOURCE, "aa", 0) == {"outcome": STORED}
    assert analyses.asked("T1", "aa")[1] == 0


def test_failure_is_counted(looking, copies, analyses):
    """A call that failed for a picture that stands is counted."""

    def fail():
        raise errors.OriginalOutOfReach

    copies.meanwhile = fail

    assert looking.ask(SOURCE, "aa", 0) == {"outcome": "original_out_of_reach"}
    assert analyses.asked("T1", "aa")[1] == 1
