import pytest

from bot.adapters.watch_records import WatchRecords
from bot.model import ChannelSettings, ImageSource

SOURCE = ImageSource("T1", "C1", "1.0", "F1")


@pytest.fixture
def records(database):
    """Records on an empty database."""
    return WatchRecords(database)


def add(records, rule_text, owner="U1", team="T1"):
    """Add a watch of the rule's first word."""
    key = rule_text.split()[0].casefold()
    return records.add(team, owner, label_key=key, rule_text=rule_text)


def test_watch_is_added_once(records):
    """The same watch of the same person is added once."""
    assert [add(records, "Dog"), add(records, "Dog"), add(records, "Dog over 90%")] == [
        True,
        False,
        True,
    ]
    assert [watch.rule_text for watch in records.of_owner("T1", "U1")] == ["Dog", "Dog over 90%"]


def test_watches_have_owners(records):
    """People and teams see their own watches only."""
    for owner, team in (("U1", "T1"), ("U2", "T1"), ("U1", "T2")):
        add(records, "Dog", owner, team)
    (own,) = records.of_owner("T1", "U1")

    assert (own.team, own.owner, own.rule_text) == ("T1", "U1", "Dog")


def test_watches_are_removed(records):
    """Removed watches are gone, and the rest stay."""
    for text in ("Dog", "Cat", "Car"):
        add(records, text)
    dog, cat, _ = records.of_owner("T1", "U1")
    records.remove(watch.watch_id for watch in (dog, cat))
    records.remove([])

    assert [watch.rule_text for watch in records.of_owner("T1", "U1")] == ["Car"]


def test_watches_found_by_label(records):
    """The watches that a picture may fire are found by its label keys, within the team."""
    add(records, "Dog")
    add(records, "Car over 90%", "U2")
    add(records, "Cat", "U3")
    add(records, "Dog", "U4", "T2")
    found = records.for_labels("T1", frozenset({"dog", "car", *map(str, range(3000))}))

    assert [(watch.owner, watch.rule_text) for watch in found] == [
        ("U1", "Dog"),
        ("U2", "Car over 90%"),
    ]


def test_notice_is_opened_once(records):
    """A person has one notice per picture, with the rules it was opened for."""
    first = records.open_notice("U1", SOURCE, ["Dog"])

    assert (first.rules, first.state) == (("Dog",), "new")
    assert records.open_notice("U1", SOURCE, []) == first
    assert records.open_notice("U2", SOURCE, ["Dog"]).key != first.key


def test_notice_takes_notes(records):
    """How far a notice is comes back when it is opened again."""
    notice = records.open_notice("U1", SOURCE, ["Dog"])
    other = records.open_notice("U2", SOURCE, ["Dog"])
    records.note_notice(notice.key, state="sent", notice_ts="2.0")

    assert records.open_notice("U1", SOURCE, []).state == "sent"
    assert records.open_notice("U2", SOURCE, []) == other


def test_channel_without_settings(records):
    """A channel where nobody has set anything labels what people post."""
    assert records.channel("T1", "C1") == ChannelSettings(mode="auto", bots_on=False)


def test_channel_settings_are_kept(records):
    """A channel's settings are written over, and other channels keep theirs."""
    for settings in (ChannelSettings("off", bots_on=True), ChannelSettings("request")):
        records.set_channel("T1", "C1", settings)

    assert records.channel("T1", "C1") == ChannelSettings("request", bots_on=False)
    assert records.channel("T1", "C2") == ChannelSettings()
    assert records.channel("T2", "C1") == ChannelSettings()


def test_fields_change_alone(records):
    """What one person sets does not undo what another one sets at that moment."""
    records.change_channel("T1", "C1", keep_days=30)
    records.change_channel("T1", "C1", mode="off")

    assert records.channel("T1", "C1") == ChannelSettings("off", keep_days=30)
