import contextlib

import pytest
import sqlalchemy as sa

from bot.access import Access
from bot.adapters.one_answer import one_answer
from bot.answering import Asker
from bot.held_back import HeldBack
from bot.notices import HELD, MUTE, REMOVE, SNOOZE, WHY
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import TEAM

PHOTOS, ALERTS, LAB = "C0PHOTOS", "C0ALERTS", "C0LAB"
ASKED = {"users.info": 1, "conversations.info": 2, "conversations.members": 1}
"""At most, about the channel of a notice and that of its picture."""
ACTIONS = {SNOOZE: "1h", WHY: "why", HELD: "held"}


@contextlib.contextmanager
def statements_of(database):
    """The statements that are sent to a database meanwhile."""
    found = []

    def note(_connection, _cursor, statement, *_):
        found.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(database.engine, "before_cursor_execute", note)


class Notice:
    """The newest notice that the bot has posted somewhere, and presses of its buttons."""

    def __init__(self, house, channel):
        self._house = house
        self._channel = channel
        self.message = [m for m in house.slack.messages(channel) if m.bot_id][-1]
        self.key = next(b["block_id"] for b in self.message.blocks if b["type"] == "actions")

    def press(self, user, button, choice=None, *, team=TEAM):
        """Press a button, or choose in a menu; what is answered."""
        action = {"action_id": button, "block_id": self.key}
        action |= {"type": "button", "value": choice or ACTIONS[button]}
        return self._house.press(user, self._channel, action, team=team)


def told(house, text="harp", *, target=None, labels=("Harp",)):
    """The notice of ben's watch, after somebody else's picture met it."""
    house.watch("U0BEN", f"{text} tell <#{target}>" if target else text)
    house.tell(house.post("U0ANA", PHOTOS, *labels))
    return Notice(house, target or "D0BEN")


def watch_of(house, user="U0BEN"):
    """Somebody's one watch; None when there is none any more."""
    return next(iter(house.records.watches.of_owner(TEAM, user)), None)


def tell_again(house):
    """What comes of ben's notice about another picture."""
    return house.tell(house.post("U0ANA", PHOTOS, "Harp"))


@pytest.mark.parametrize("choice", ["1h", "tomorrow", "week"])
def test_snooze(house, choice):
    """A snooze keeps the watches of the notice quiet, and says until when."""
    said = told(house).press("U0BEN", SNOOZE, choice)

    assert "*harp* is quiet until <!date^" in said
    assert tell_again(house) == {"U0BEN": "held"}


def test_snooze_of_several(house):
    """All that a notice names is snoozed, each with a sentence of its own."""
    house.watch("U0BEN", "instrument")
    said = told(house).press("U0BEN", SNOOZE)

    assert len(said.splitlines()) == 2
    assert tell_again(house) == {"U0BEN": "held"}


def test_mute(house):
    """Mute keeps one watch quiet; others that the notice names go on."""
    house.watch("U0BEN", "instrument")
    notice = told(house)
    muted = watch_of(house)
    said = notice.press("U0BEN", MUTE, str(muted.watch_id))
    tell_again(house)

    assert "*instrument* is muted" in said
    assert house.records.notices.get(TEAM, Notice(house, "D0BEN").key).watch_ids == (
        muted.watch_id + 1,
    )


def test_remove(house):
    """Remove ends the watch, and a second press says that it is gone."""
    notice = told(house)
    number = str(watch_of(house).watch_id)

    assert "*harp* is removed" in notice.press("U0BEN", REMOVE, number)
    assert watch_of(house) is None
    assert tell_again(house) == {}
    assert notice.press("U0BEN", REMOVE, number) == "That watch is not there any more."


def test_removed_since(house):
    """A watch that was removed is said to be gone where an old notice's menu still names it."""
    house.watch("U0BEN", "instrument")
    gone = str(watch_of(house).watch_id)
    notice = told(house)
    house.type("U0BEN", PHOTOS, "unwatch instrument")
    house.watch("U0BEN", "cello")

    for button in (MUTE, REMOVE):
        assert notice.press("U0BEN", button, gone) == "That watch is not there any more."
    (line,) = notice.press("U0BEN", SNOOZE).splitlines()
    assert line.startswith("*harp* is quiet until")
    house.type("U0BEN", PHOTOS, "unwatch harp")
    assert notice.press("U0BEN", SNOOZE) == "That watch is not there any more."


def test_new_menus_name_no_removed(house):
    """A watch that was removed, even just before its notice is sent, is in no menu of that."""
    for text in ("instrument", "harp", "string instrument or harp"):
        house.watch("U0BEN", text)
    source = house.post("U0ANA", PHOTOS, "Harp")
    house.match(source)
    house.type("U0BEN", PHOTOS, "unwatch instrument")
    house.notify(source, "U0BEN")
    (*_, actions) = Notice(house, "D0BEN").message.blocks
    menus = {one["action_id"]: one.get("options", []) for one in actions["elements"]}

    for button in (MUTE, REMOVE):
        offered = [option["text"]["text"] for option in menus[button]]
        assert offered == ["harp", "string instrument or harp"]


def test_why(house):
    """Why explains the picture of the notice, and no other picture of its message."""
    notice = told(house)

    assert notice.press("U0BEN", WHY).startswith("• *harp*: Told you")


@pytest.mark.parametrize("button", [SNOOZE, MUTE, REMOVE])
def test_watch_of_channel(house, button):
    """A channel's watch is for its owner and for admins to hold back or remove."""
    notice = told(house, target=ALERTS)
    number = str(watch_of(house).watch_id)
    choice = None if button == SNOOZE else number
    house.add_person("U0DAN", "dan")

    assert "<@U0BEN>" in notice.press("U0DAN", button, choice)
    assert tell_again(house) == {ALERTS: "sent"}
    assert "*harp tell <#C0ALERTS>*" in notice.press("U0ANA", button, choice)
    assert tell_again(house) in ({ALERTS: "held"}, {})


@pytest.mark.parametrize("button", [MUTE, REMOVE])
def test_watch_of_another(house, button):
    """Of another person's own watch nothing is said, and nothing happens to it."""
    notice = told(house)
    house.watch("U0ANA", "cello")
    said = notice.press("U0BEN", button, str(watch_of(house, "U0ANA").watch_id))

    assert "cello" not in said
    assert watch_of(house, "U0ANA")
    assert house.records.holds.of_watches(TEAM, [watch_of(house, "U0ANA").watch_id]) == []


@pytest.mark.parametrize("button", [SNOOZE, WHY, HELD])
def test_from_outside(house, button):
    """Who reads a channel from outside the team may press nothing."""
    notice = told(house, target=ALERTS)
    house.add_person("U0FAR", "far", team="T0PARTNER")
    house.members(ALERTS).append("U0FAR")
    said = notice.press("U0FAR", button)

    assert said == "Only people of this workspace who can see this notice can do that."


def test_held_back(house):
    """What was held back is counted, and listed with its links, the newest first."""
    house.watch("U0BEN", "harp every 1h")
    first, *held = (house.post("U0ANA", PHOTOS, "Harp") for _ in range(3))
    for source in (first, *held):
        house.tell(source)
    house.let_an_hour_pass()
    house.tell(house.post("U0ANA", PHOTOS, "Harp"))
    notice = Notice(house, "D0BEN")
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
    _, *lines, last = Notice(house, "D0BEN").press("U0BEN", HELD).splitlines()

    assert len(lines) == 20
    assert last == "and 1 older one"


@pytest.mark.parametrize("button", [SNOOZE, WHY])
def test_nothing_is_asked_twice(house, button):
    """However many watches a notice names, Slack is asked once who presses, and what they see."""
    for text in ("instrument", "string instrument or harp", "harp and not cello"):
        house.watch("U0BEN", f"{text} tell <#{ALERTS}>")
    notice = told(house, target=ALERTS)
    ledger = house.slack.ledger
    before = {call: ledger.count("slack", call) for call in ASKED}
    said = notice.press("U0BEN", button)

    assert len(said.splitlines()) == 4
    assert all(ledger.count("slack", call) - before[call] <= ASKED[call] for call in ASKED)


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
        notice = Notice(house, "D0BEN")
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
    notice = house.records.notices.get(TEAM, Notice(house, "D0BEN").key)
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
    notice = Notice(house, "D0BEN")
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
    notice = Notice(house, "D0BEN")
    house.take_away(second)

    assert notice.press("U0BEN", HELD) == "None of these pictures can be seen any more."


def test_old_notice(house):
    """Under a notice that nothing is kept of, that is said."""
    notice = told(house)
    house.forget_everything()

    assert notice.press("U0BEN", WHY) == "I no longer know what that notice was about."


def test_slack_away(house):
    """Where Slack does not say who may look, nothing happens."""
    notice = told(house)
    house.slack.faults.order("slack", "users.info", Fault("error", error="internal_error"))

    assert "Slack does not answer me" in notice.press("U0BEN", SNOOZE)
    assert tell_again(house) == {"U0BEN": "sent"}
