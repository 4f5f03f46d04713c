import pytest

from bot.notices import HELD, MUTE, REMOVE, SNOOZE, WHY
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import TEAM
from tests.sent_notice import SentNotice

PHOTOS, ALERTS = "C0PHOTOS", "C0ALERTS"
ASKED = {"users.info": 1, "conversations.info": 2, "conversations.members": 1}
"""At most, about the channel of a notice and that of its picture."""


def told(house, text="harp", *, target=None, labels=("Harp",)):
    """The notice of ben's watch, after somebody else's picture met it."""
    house.watch("U0BEN", f"{text} tell <#{target}>" if target else text)
    house.tell(house.post("U0ANA", PHOTOS, *labels))
    return SentNotice(house, target or "D0BEN")


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
    assert house.records.notices.get(TEAM, SentNotice(house, "D0BEN").key).watch_ids == (
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
    (*_, actions) = SentNotice(house, "D0BEN").message.blocks
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
