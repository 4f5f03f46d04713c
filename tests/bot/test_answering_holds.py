import pytest

from bot.sandbox.slack.nouns import TEAM

PHOTOS, ALERTS = "C0PHOTOS", "C0ALERTS"


def told(house, *labels):
    """Whom the bot tells of a picture that ana posts."""
    return house.tell(house.post("U0ANA", PHOTOS, *labels or ("Harp",)))


@pytest.mark.parametrize("words", ["mute harp", "snooze Harp for 1h", "snooze harp until tomorrow"])
def test_one_label(house, words):
    """A label alone stands for all of one's watches of it, and for no others."""
    for text in ("harp", "harp over 90%", "harp or cello"):
        house.watch("U0BEN", text)
    said = house.type("U0BEN", PHOTOS, words).splitlines()
    told(house)
    (notice,) = house.slack.direct_messages("ben")

    assert [line.split("*")[1] for line in said] == ["harp", "harp over 90%"]
    assert "You watch: harp or cello" in str(notice.blocks)


def test_very_rule(house):
    """With options, that very watch is meant."""
    house.watch("U0BEN", "harp")
    house.watch("U0BEN", "harp over 90%")
    said = house.type("U0BEN", PHOTOS, "mute HARP over 90")

    assert said.count("is muted") == 1
    assert "*harp over 90%*" in said


@pytest.mark.parametrize("words", ["mute all", "snooze all for a week"])
def test_everything(house, words):
    """All that one watches can be held back at once, and tells again when it is unmuted."""
    house.watch("U0BEN", "harp")
    house.watch("U0BEN", "harp tell <#C0ALERTS>")
    said = house.type("U0BEN", PHOTOS, words)
    held = told(house)
    over = house.type("U0BEN", PHOTOS, "unmute all")

    assert said.startswith("All that tells you directly, except what says `always`, is ")
    assert held == {"U0BEN": "held", ALERTS: "sent"}
    assert over == "All that tells you directly tells again."
    assert told(house)["U0BEN"] == "sent"


def test_unmute(house):
    """What was muted tells again; what was not is said not to be held back."""
    house.watch("U0BEN", "harp")
    house.type("U0BEN", PHOTOS, "mute harp")

    assert house.type("U0BEN", PHOTOS, "unmute harp") == "*harp* tells again."
    assert house.type("U0BEN", PHOTOS, "unmute harp") == "*harp* is not held back."
    assert told(house) == {"U0BEN": "sent"}


def test_watch_of_channel(house):
    """A channel's watch is found where it tells; who may not hold it back hears who may."""
    house.watch("U0BEN", f"harp tell <#{ALERTS}>")
    house.add_person("U0DAN", "dan")

    assert "<@U0BEN>" in house.type("U0DAN", ALERTS, "mute harp")
    assert "is muted" in house.type("U0ANA", ALERTS, "mute harp")
    assert told(house) == {ALERTS: "held"}
    assert house.type("U0ANA", PHOTOS, "mute harp").startswith("No watch is called *harp*.")


def test_others_stay_unsaid(house):
    """Another person's own watch is as if it were not there."""
    house.watch("U0ANA", "harp")
    said = house.type("U0BEN", PHOTOS, "mute harp")

    assert said == "No watch is called *harp*. `/labels watches` lists them."
    assert house.records.holds.of_watches(TEAM, [1, 2, 3], person="U0ANA") == []
