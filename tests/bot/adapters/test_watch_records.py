import pytest
import sqlalchemy as sa

from bot.adapters.hold_records import HoldRecords
from bot.adapters.tables import WATCH_EVENTS, WATCH_KEYS, WATCHES
from bot.adapters.watch_event_records import WatchEventRecords
from bot.adapters.watch_records import WatchRecords
from bot.model import ChannelSettings, ImageSource
from bot.rules import parse_rule

SOURCE = ImageSource("T1", "C1", "1.0", "F1")


@pytest.fixture
def records(database):
    """Records on an empty database."""
    return WatchRecords(database)


def add(records, rule_text, owner="U1", team="T1"):
    """Add a watch."""
    return records.add(team, owner, parse_rule(rule_text))


def texts(watches):
    """What watches ask for."""
    return [watch.rule_text for watch in watches]


def test_watch_is_added_once(records):
    """What asks for the same, however it is spelt, is added once per person."""
    added = [add(records, text) for text in ("Dog", "dog", "Dog over 90%", "DOG OVER 90 %")]

    assert added == [True, False, True, False]
    assert texts(records.of_owner("T1", "U1")) == ["Dog", "Dog over 90%"]


def test_second_filter_replaces_nothing(records):
    """A second rule about the same label stands beside the first, whatever differs."""
    for text in ("dog", "dog in <#C1>", "dog every 1h", "dog tell <#C2>", "dog and cat"):
        assert add(records, text)

    assert len(records.of_owner("T1", "U1")) == 5


def test_watches_have_owners(records):
    """People and teams see their own watches only."""
    for owner, team in (("U1", "T1"), ("U2", "T1"), ("U1", "T2")):
        add(records, "Dog", owner, team)
    (own,) = records.of_owner("T1", "U1")

    assert (own.team, own.owner, own.rule_text, own.recipient) == ("T1", "U1", "Dog", "U1")
    assert records.get("T1", own.watch_id) == own
    assert records.get("T2", own.watch_id) is None


def test_watches_of_channel(records):
    """The watches that tell a channel are found by it, whoever made them."""
    for owner, text in (("U1", "dog tell <#C1>"), ("U2", "cat tell <#C1>"), ("U1", "dog")):
        add(records, text, owner)
    telling = records.telling("T1", "C1")

    assert [(watch.owner, watch.recipient) for watch in telling] == [("U1", "C1"), ("U2", "C1")]
    assert records.telling("T2", "C1") == []


def test_watches_are_removed(records, database):
    """Removed watches are gone with all that is kept of them, and the rest stay."""
    for text in ("Dog", "Cat", "Car"):
        add(records, text)
    dog, cat, car = records.of_owner("T1", "U1")
    WatchEventRecords(database).note([dog.watch_id, car.watch_id], SOURCE, state="told")
    HoldRecords(database).hold("T1", dog.watch_id, "U1", by="U1")
    records.remove(watch.watch_id for watch in (dog, cat))
    records.remove([])

    assert texts(records.of_owner("T1", "U1")) == ["Car"]
    assert HoldRecords(database).of_watches("T1", [dog.watch_id]) == []
    with database.begin() as connection:
        for table in (WATCH_KEYS, WATCH_EVENTS):
            left = set(connection.execute(sa.select(table.c.watch_id)).scalars())
            assert left == {car.watch_id}


def test_ids_never_come_again(records):
    """A new watch never gets the id of one that is gone, to which old notices may lead."""
    add(records, "Dog")
    (dog,) = records.of_owner("T1", "U1")
    records.remove([dog.watch_id])
    add(records, "Cat")

    assert records.of_owner("T1", "U1")[0].watch_id > dog.watch_id


def test_watches_found_by_label(records):
    """The watches that a picture may fire are found by its label keys, within the team."""
    add(records, "Dog")
    add(records, "Car over 90% or bus", "U2")
    add(records, "Cat", "U3")
    add(records, "Dog", "U4", "T2")
    found = records.for_labels("T1", frozenset({"dog", "car", "bus", *map(str, range(3000))}))

    assert [(watch.owner, watch.rule_text) for watch in found] == [
        ("U1", "Dog"),
        ("U2", "Car over 90% or bus"),
    ]


def test_watch_is_changed(records, database):
    """A changed watch keeps its id and fires for its new labels; nothing old holds it."""
    add(records, "Dog every 1h")
    (dog,) = records.of_owner("T1", "U1")
    with database.begin() as connection:
        old = {"last_fired_at_s": 1.0, "paused_why": "archived", "paused_at_s": 1.0}
        connection.execute(sa.update(WATCHES).values(**old, pause_told=True))
    assert records.change(dog.watch_id, parse_rule("Cat tell <#C1>"))
    (cat,) = records.for_labels("T1", {"cat"})

    assert (cat.watch_id, cat.rule_text, cat.target) == (dog.watch_id, "Cat tell <#C1>", "C1")
    assert (cat.last_fired_at_s, cat.paused_why) == (None, None)
    assert records.for_labels("T1", {"dog"}) == []


def test_change_into_duplicate(records):
    """A watch does not become one that its owner has already, nor come back when it is gone."""
    for text in ("Dog", "Cat"):
        add(records, text)
    dog, _ = records.of_owner("T1", "U1")

    assert not records.change(dog.watch_id, parse_rule("cat"))
    assert records.change(dog.watch_id, parse_rule("dog"))
    assert texts(records.for_labels("T1", {"dog"})) == ["dog"]
    assert not records.change(99, parse_rule("bird"))


def test_channel_without_settings(records):
    """A channel where nobody has set anything labels what people post."""
    assert records.channel("T1", "C1") == ChannelSettings(mode="auto", bots_on=False)


def test_channel_settings_are_kept(records):
    """A channel's settings are written over, and other channels keep theirs."""
    for mode in ("off", "request"):
        records.change_channel("T1", "C1", mode=mode, bots_on=True)

    assert records.channel("T1", "C1") == ChannelSettings("request", bots_on=True)
    assert records.channel("T1", "C2") == ChannelSettings()
    assert records.channel("T2", "C1") == ChannelSettings()


def test_fields_change_alone(records):
    """What one person sets does not undo what another one sets at that moment."""
    records.change_channel("T1", "C1", keep_days=30)
    records.change_channel("T1", "C1", mode="off")

    assert records.channel("T1", "C1") == ChannelSettings("off", keep_days=30)
