"""What is sent, held back and lost: decided by the real parts on a local Slack and database.

It is long because every step of one decision is tried in one house.
"""

import time

import pytest
import sqlalchemy as sa

from bot import errors
from bot.adapters.tables import NOTICES, WATCH_EVENTS, WATCHES
from bot.model import ALL_WATCHES
from bot.notices import HELD
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import BOT_USER, TEAM
from tests.house import House

HOUR_S = 3600


def post(house, *labels, channel="C0PHOTOS", user="U0ANA"):
    """Post a picture of these things, or of a dog."""
    return house.post(user, channel, *(labels or ("Dog",)), kind="Animal")


def told(house, place="D0BEN"):
    """What the bot said in a place."""
    return [m.text for m in house.slack.messages(place) if m.bot_id]


def buttons(house, place="D0BEN"):
    """The buttons of the last notice, by what they do."""
    (actions,) = [b for b in house.slack.messages(place)[-1].blocks if b["type"] == "actions"]
    return {element["action_id"]: element for element in actions["elements"]}


def came_of(house, source):
    """What came of a picture, each with its reason."""
    with house.front.database.begin() as connection:
        where = (WATCH_EVENTS.c.ts == source.ts, WATCH_EVENTS.c.channel == source.channel)
        rows = connection.execute(sa.select(WATCH_EVENTS).where(*where))
        return sorted((row.state, row.reason) for row in rows)


def watches(house, user="U0BEN"):
    """Somebody's watches."""
    return house.records.watches.of_owner(TEAM, user)


def age(house, seconds):
    """Let time pass for all cool-downs."""
    with house.front.database.begin() as connection:
        fired_at_s = WATCHES.c.last_fired_at_s - seconds
        connection.execute(sa.update(WATCHES).values(last_fired_at_s=fired_at_s))


def refuse(house, error, call="chat.postMessage"):
    """Have Slack refuse the next call of a kind."""
    house.slack.faults.order("slack", call, Fault("error", error=error))


# -- the five ways in which others lose their users' trust


def test_cool_down_from_delivery(house):
    """A cool-down starts when something was delivered: not by a match, nor by a failed send."""
    house.watch("U0BEN", "dog every 1h")
    assert house.tell(post(house, "Cat")) == {}
    refuse(house, "msg_too_long")
    lost = post(house)
    assert house.tell(lost) == {"U0BEN": "withheld"}
    assert watches(house)[0].last_fired_at_s is None
    assert house.tell(post(house)) == {"U0BEN": "sent"}
    assert house.tell(post(house)) == {"U0BEN": "held"}

    assert came_of(house, lost) == [("lost", "failed")]
    assert len(told(house)) == 1


def test_one_notice_for_all(house):
    """A picture that meets five rules of a person is one notice, which names the five."""
    rules = ("dog", "cat", "animal", "dog and cat", "bird at most 3")
    for rule in rules:
        house.watch("U0BEN", rule)
    assert house.tell(post(house, "Dog", "Cat", "Bird")) == {"U0BEN": "sent"}
    (words,) = [str(m.blocks) for m in house.slack.messages("D0BEN")]

    assert all(rule in words for rule in rules)
    assert "+" not in told(house)[0]


def test_what_is_missing_leads(house):
    """A notice begins with what is missing where, before what another watch was told of."""
    for rule in ("dog", "helmet missing where cat", "cat missing where dog"):
        house.watch("U0BEN", rule)
    house.tell(post(house, "Dog", "Cat"))

    assert told(house)[0].startswith("No helmet where Cat (95 %), Dog (95 %) appeared in ")


def test_mute_outlives_restart(house):
    """What is muted or snoozed stays so for a process that was started later."""
    house.watch("U0BEN", "dog")
    house.watch("U0BEN", "cat")
    dog, cat = watches(house)
    house.records.holds.hold(TEAM, dog.watch_id, "U0BEN", by="U0BEN")
    ends_s = time.time() + HOUR_S
    house.records.holds.hold(TEAM, cat.watch_id, "U0BEN", until_s=ends_s, by="U0BEN")
    again = House(str(house.front.database.url))
    try:
        holds = again.records.holds.of_watches(TEAM, [dog.watch_id, cat.watch_id])
    finally:
        again.close()

    assert {hold.watch_id: hold.until_s for hold in holds} == {
        dog.watch_id: None,
        cat.watch_id: ends_s,
    }
    assert house.tell(post(house, "Dog", "Cat")) == {"U0BEN": "held"}


def test_second_filter_adds(house):
    """A second rule about a label leaves the first as it is: each one tells what it asks for."""
    house.watch("U0BEN", "dog in <#C0ALERTS>")
    house.watch("U0BEN", "dog in <#C0PHOTOS>")

    assert house.tell(post(house)) == {"U0BEN": "sent"}
    assert house.tell(post(house, channel="C0ALERTS")) == {"U0BEN": "sent"}


def test_everybody_sees_why(house):
    """For each picture that a watch matched it is known whether it told, and why not."""
    house.watch("U0BEN", "dog every 1h")
    house.watch("U0BEN", "cat")
    cat = watches(house)[1]
    house.records.holds.hold(TEAM, cat.watch_id, "U0BEN", by="U0BEN")
    pictures = [post(house), post(house), post(house, "Cat"), post(house, channel="C0LAB")]
    for picture in pictures:
        house.tell(picture)
        age(house, 0 if picture != pictures[2] else 2 * HOUR_S)

    assert [came_of(house, picture) for picture in pictures] == [
        [("told", None)],
        [("held", "cool_down")],
        [("held", "muted")],
        [("lost", "no_access")],
    ]


# -- the decision, step by step


def test_held_back_is_counted(house):
    """The next notice says how many were held back, and the one after it does not."""
    house.watch("U0BEN", "dog every 1h")
    for _ in range(4):
        house.tell(post(house))
    age(house, 2 * HOUR_S)
    house.tell(post(house))
    first = told(house)[-1], HELD in buttons(house)
    age(house, 2 * HOUR_S)
    house.tell(post(house))

    assert "+3 held back" in first[0]
    assert first[1]
    assert "held back" not in told(house)[-1]
    assert HELD not in buttons(house)


def test_told_is_not_counted(house):
    """What somebody was told of by another watch was not held back from them."""
    house.watch("U0BEN", "dog every 1h")
    house.watch("U0BEN", "cat")
    house.tell(post(house))
    assert house.tell(post(house, "Dog", "Cat")) == {"U0BEN": "sent"}
    age(house, 2 * HOUR_S)
    house.tell(post(house))

    assert "held back" not in told(house)[-1]
    assert HELD not in buttons(house)


def test_hidden_is_not_counted(house):
    """What was held back where one may not look any more is not counted: that would tell of it."""
    house.slack.invite("ana", "lab", "ben")
    house.watch("U0BEN", "dog every 1h")
    for channel in ("C0PHOTOS", "C0PHOTOS", "C0LAB", "C0LAB"):
        house.tell(post(house, channel=channel))
    house.slack.leave("ben", "lab")
    age(house, 2 * HOUR_S)
    house.tell(post(house))

    assert "+1 held back" in told(house)[-1]


def test_held_takes_no_calls(house):
    """Nothing is asked of Slack for what is held back anyhow."""
    house.watch("U0BEN", "dog every 1h")
    house.tell(post(house))
    source = post(house)
    before = house.slack.ledger.count("slack")
    house.tell(source)

    assert house.slack.ledger.count("slack") == before


def test_three_calls(house):
    """From the second notice on, one in a public channel takes three calls."""
    house.watch("U0BEN", "dog")
    house.tell(post(house))
    source = post(house)
    before = len(house.slack.ledger.entries("slack"))
    house.tell(source)

    assert [entry.call for entry in house.slack.ledger.entries("slack")[before:]] == [
        "users.info",
        "conversations.info",
        "chat.postMessage",
    ]


def test_channel_is_told_once(house):
    """A channel gets one notice for a picture, for all watches that tell it, also its owner's."""
    house.watch("U0ANA", "dog tell <#C0ALERTS>")
    house.watch("U0BEN", "animal tell <#C0ALERTS>")
    house.watch("U0BEN", "dog")
    assert house.tell(post(house)) == {"C0ALERTS": "sent", "U0BEN": "sent"}

    assert len(told(house, "C0ALERTS")) == 1
    assert "animal" in str(house.slack.messages("C0ALERTS")[-1].blocks)


def test_private_stays_private(house):
    """A channel is told nothing of a private one that not all in it are in."""
    house.watch("U0ANA", "dog tell <#C0ALERTS>")
    source = post(house, channel="C0LAB")

    assert house.tell(source) == {"C0ALERTS": "withheld"}
    assert told(house, "C0ALERTS") == []
    assert came_of(house, source) == [("lost", "no_access")]


def test_own_post(house):
    """One's own post is no news, unless one asks for it."""
    house.watch("U0BEN", "dog")
    assert house.tell(post(house, user="U0BEN")) == {}
    house.watch("U0BEN", "dog from me")

    assert house.tell(post(house, user="U0BEN")) == {"U0BEN": "sent"}


def test_changed_before_sending(house):
    """A watch that was changed, retargeted or removed before the sending tells as it is then."""
    house.watch("U0BEN", "dog")
    first, second, third = (post(house) for _ in range(3))
    for source in (first, second, third):
        house.match(source)
    (watch,) = watches(house)
    for rule, source in (("cat", first), ("dog tell <#C0ALERTS>", second)):
        house.change(watch.watch_id, rule)
        assert house.notify(source, "U0BEN") == "withheld"
    house.records.watches.remove([watch.watch_id])

    assert house.notify(third, "U0BEN") == "withheld"
    assert told(house) == []


def test_taken_away_before_sending(house):
    """Nothing is told of a picture that was taken away in the meantime."""
    house.watch("U0BEN", "dog")
    source = post(house)
    house.match(source)
    with house.front.database.begin() as connection:
        house.records.removals.mark(connection, source.message, also_unknown=False)

    assert house.notify(source, "U0BEN") == "withheld"


def test_sent_before(house):
    """A notice that stands in Slack, though nobody could write that down, is not sent again."""
    house.watch("U0BEN", "dog every 1h")
    source = post(house)
    house.tell(source)
    with house.front.database.begin() as connection:
        unknown = {"state": "sending", "notice_ts": None, "place": None}
        connection.execute(sa.update(NOTICES).values(**unknown))
        connection.execute(sa.update(WATCHES).values(last_fired_at_s=None))
        connection.execute(sa.delete(WATCH_EVENTS))
    assert house.notify(source, "U0BEN") == "sent"

    assert len(told(house)) == 1
    assert came_of(house, source) == [("told", None)]
    assert house.tell(post(house)) == {"U0BEN": "held"}


def test_given_up(house):
    """A notice that nobody can send holds no other up, and is not taken up again."""
    house.watch("U0BEN", "dog every 1h")
    source = post(house)
    house.match(source)
    refuse(house, "missing_scope")
    with pytest.raises(errors.SlackRefused):
        house.notify(source, "U0BEN")
    house.give_up(source, "U0BEN")

    assert house.notify(source, "U0BEN") == "given_up"
    assert came_of(house, source) == [("lost", "failed")]
    assert house.tell(post(house)) == {"U0BEN": "sent"}


@pytest.mark.parametrize(
    ("rule", "outcome"), [("dog", "held"), ("dog always", "sent")], ids=["usual", "always"]
)
def test_everything_snoozed(house, rule, outcome):
    """Who snoozes everything hears nothing but what they always want to hear."""
    house.watch("U0BEN", rule)
    house.watch("U0BEN", "dog tell <#C0ALERTS>")
    house.records.holds.hold(TEAM, ALL_WATCHES, "U0BEN", by="U0BEN")

    assert house.tell(post(house)) == {"C0ALERTS": "sent", "U0BEN": outcome}


def test_always_can_be_muted(house):
    """A watch that always tells is quiet once it is muted itself."""
    house.watch("U0BEN", "dog always")
    house.records.holds.hold(TEAM, watches(house)[0].watch_id, "U0BEN", by="U0BEN")

    assert house.tell(post(house)) == {"U0BEN": "held"}


# -- pauses


def paused(house, user="U0BEN"):
    """Why somebody's watches are paused."""
    return [watch.paused_why for watch in watches(house, user)]


def test_lost_access(house):
    """Who leaves the private channel that a watch is about is told nothing until they are back."""
    house.slack.invite("ana", "lab", "ben")
    house.watch("U0BEN", "dog in <#C0LAB>")
    house.watch("U0BEN", "dog")
    assert house.tell(post(house, channel="C0LAB")) == {"U0BEN": "sent"}
    house.slack.leave("ben", "lab")
    assert house.tell(post(house, channel="C0LAB")) == {"U0BEN": "withheld"}
    assert paused(house) == [None, None]
    house.slack.invite("ana", "lab", "ben")

    assert house.tell(post(house, channel="C0LAB")) == {"U0BEN": "sent"}


def archive(house):
    """Archive #alerts."""
    house.slack.archive("alerts")


def remove_bot(house):
    """Remove the bot from #alerts."""
    house.members("C0ALERTS").remove(BOT_USER)


def bring_back(house):
    """Undo either."""
    channel = house.slack.world.channels["C0ALERTS"]
    channel.is_archived = False
    channel.members.append(BOT_USER)


@pytest.mark.parametrize(
    ("end", "why", "words"),
    [(archive, "archived", "archived"), (remove_bot, "bot_removed", "not in that channel")],
)
def test_dead_target(house, end, why, words):
    """Watches of a channel that cannot be told are paused, their owners told once, and go on."""
    for user, rule in (("U0ANA", "dog"), ("U0BEN", "dog"), ("U0BEN", "bird")):
        house.watch(user, f"{rule} tell <#C0ALERTS>")
    end(house)
    for _ in range(2):
        assert house.tell(post(house)) == {"C0ALERTS": "withheld"}

    assert paused(house) == [why, why]
    (to_ben,) = told(house)
    assert len(told(house, "D0ANA")) == 1
    assert words in to_ben
    assert "*dog tell <#C0ALERTS>*, *bird tell <#C0ALERTS>*" in to_ben
    bring_back(house)
    assert house.tell(post(house)) == {"C0ALERTS": "sent"}
    assert paused(house) == [None, why]


def test_dead_target_of_hidden(house):
    """A picture that an owner may not see tells them nothing, not even that a channel is dead."""
    house.watch("U0BEN", "dog tell <#C0ALERTS>")
    archive(house)
    assert house.tell(post(house, channel="C0LAB")) == {"C0ALERTS": "withheld"}

    assert told(house) == []
    assert paused(house) == [None]


def test_dies_while_sending(house):
    """A channel that is archived in the last moment is dealt with alike; nothing cools down."""
    house.watch("U0BEN", "dog every 1h tell <#C0PHOTOS>")
    refuse(house, "is_archived")
    source = post(house)

    assert house.tell(source) == {"C0PHOTOS": "withheld"}
    assert came_of(house, source) == [("lost", "gone")]
    assert paused(house) == ["archived"]
    assert len(told(house)) == 1
    assert house.tell(post(house)) == {"C0PHOTOS": "sent"}


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
def test_refused_person(house, error):
    """Where one person's messages are refused, nobody's watches pause, and the next one is sent."""
    house.watch("U0BEN", "dog every 1h")
    house.watch("U0ANA", "dog")
    refuse(house, error)
    source = post(house)
    assert house.tell(source) == {"U0BEN": "withheld"}
    assert came_of(house, source) == [("lost", "failed")]
    assert (paused(house), paused(house, "U0ANA")) == ([None], [None])
    before = house.slack.ledger.count("slack", "conversations.open")
    assert house.tell(post(house)) == {"U0BEN": "sent"}

    assert house.slack.ledger.count("slack", "conversations.open") == before + 1


def test_refused_deactivated(house):
    """Who turns out to be deactivated in the last moment is the only one whose watches pause."""
    house.watch("U0BEN", "dog")
    house.watch("U0ANA", "dog")
    refuse(house, "user_disabled")
    house.tell(post(house))

    assert (paused(house), paused(house, "U0ANA")) == (["deactivated"], [None])


def test_deactivated(house):
    """Who is deactivated is told nothing; their watches wait for them."""
    house.watch("U0BEN", "dog")
    house.slack.world.people["U0BEN"].is_deactivated = True
    assert house.tell(post(house)) == {"U0BEN": "withheld"}
    assert paused(house) == ["deactivated"]
    house.slack.world.people["U0BEN"].is_deactivated = False

    assert house.tell(post(house)) == {"U0BEN": "sent"}
    assert paused(house) == [None]


def test_told_of_pause_by_others(house):
    """What told a channel that is gone is paused for all owners at once, each told of their own."""
    for user in ("U0ANA", "U0BEN"):
        house.watch(user, "dog tell <#C0ALERTS>")
    house.watch("U0BEN", "dog")
    for _ in range(2):
        house.pause("C0ALERTS", "deleted")

    assert (paused(house, "U0ANA"), paused(house)) == (["deleted"], ["deleted", None])
    assert [len(told(house, place)) for place in ("D0ANA", "D0BEN")] == [1, 1]


def test_deleted_channel_told_once(house):
    """The owner of what told a deleted channel is told once, whatever matches later."""
    house.watch("U0BEN", "dog tell <#C0ALERTS>")
    house.pause("C0ALERTS", "deleted")
    with house.slack.world.changed:
        del house.slack.world.channels["C0ALERTS"]
    assert house.tell(post(house)) == {"C0ALERTS": "withheld"}
    (words,) = told(house)

    assert "that channel is deleted" in words
    assert paused(house) == ["deleted"]


def test_owner_out_of_reach(house):
    """An owner who cannot be told keeps nobody waiting, and is not tried again."""
    house.watch("U0BEN", "dog tell <#C0ALERTS>")
    archive(house)
    refuse(house, "user_disabled")
    house.tell(post(house))
    house.tell(post(house))

    assert told(house) == []
