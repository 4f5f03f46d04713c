import contextlib

import sqlalchemy as sa

from bot.access import Access
from bot.adapters.one_answer import one_answer
from bot.answering import Asker
from bot.held_back import HeldBack
from bot.notices import HELD
from bot.sandbox.slack.nouns import TEAM
from tests.sent_notice import SentNotice

PHOTOS, LAB = "C0PHOTOS", "C0LAB"


@contextlib.contextmanager
def statements_of(database):
    """The statements that are sent to a database meanwhile."""
    found = []

    def note(_connection, _cursor, statement, *_):
        found.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(database.engine, "before_cursor_execute", note)


def test_held_back(house):
    """What was held back is counted, and listed with its links, the newest first."""
    house.watch("U0BEN", "harp every 1h")
    first, *held = (house.post("U0ANA", PHOTOS, "Harp") for _ in range(3))
    for source in (first, *held):
        house.tell(source)
    house.let_an_hour_pass()
    house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    notice = SentNotice(house, "D0BEN")
    title, *lines = notice.press("U0BEN", HELD).splitlines()

    assert notice.message.text.endswith("+2 held back")
    assert title == "Held back before this notice:"
    assert all(house.link(source) in line for source, line in zip(held[::-1], lines, strict=True))


def test_very_many_held_back(house):
    """Of very many that were held back the newest are listed, and the others counted."""
    house.watch("U0BEN", "harp every 1h")
    for _ in range(22):
        house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    house.let_an_hour_pass()
    house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    _, *lines, last = SentNotice(house, "D0BEN").press("U0BEN", HELD).splitlines()

    assert len(lines) == 20
    assert last == "and 1 older one"


def test_held_back_is_read_once(house):
    """The database is asked as often for many pictures that were held back as for a few."""
    asked = []
    house.watch("U0BEN", "harp every 1h")
    for number in (1, 6):
        house.let_an_hour_pass()
        for _ in range(1 + number):
            house.tell(house.post("U0ANA", PHOTOS, "Harp"))
        house.let_an_hour_pass()
        house.tell(house.post("U0ANA", PHOTOS, "Harp"))
        notice = SentNotice(house, "D0BEN")
        with statements_of(house.front.database) as found:
            said = notice.press("U0BEN", HELD)
        asked.append((len(said.splitlines()), len(found)))

    assert asked == [(2, asked[0][1]), (7, asked[0][1])]


def test_held_back_ends_in_time(house):
    """What is left to ask when the time is over is not asked; that is said, and nothing else."""
    house.watch("U0BEN", "harp every 1h")
    for _ in range(2):
        house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    house.let_an_hour_pass()
    house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    notice = house.records.notices.get(TEAM, SentNotice(house, "D0BEN").key)
    access, events = Access(house.workspace, TEAM), house.records.watch_events
    held_back, ben = HeldBack(access, events=events, site_url=""), Asker(TEAM, "U0BEN", "D0BEN")
    with one_answer(asking_ends_after_s=0):
        said = held_back.list(ben, notice)

    assert said.startswith("Slack was too slow")
    assert held_back.list(ben, notice).startswith("Held back before this notice:")


def test_held_back_and_out_of_sight(house):
    """What was held back in a channel that one has left is neither counted nor listed."""
    house.watch("U0BEN", "harp every 1h")
    house.slack.invite("ana", "lab", "ben")
    house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    for place in (LAB, PHOTOS):
        house.tell(house.post("U0ANA", place, "Harp"))
    house.let_an_hour_pass()
    house.slack.leave("ben", "lab")
    house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    notice = SentNotice(house, "D0BEN")
    said = notice.press("U0BEN", HELD)

    assert notice.message.text.endswith("+1 held back")
    assert LAB not in said
    assert len(said.splitlines()) == 2


def test_held_back_and_taken_away(house):
    """What was taken away since is not listed; with nothing left, that is said."""
    house.watch("U0BEN", "harp every 1h")
    first, second = (house.post("U0ANA", PHOTOS, "Harp") for _ in range(2))
    house.tell(first)
    house.tell(second)
    house.let_an_hour_pass()
    house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    notice = SentNotice(house, "D0BEN")
    house.take_away(second)

    assert notice.press("U0BEN", HELD) == "None of these pictures can be seen any more."
