import pytest

from bot import commands
from bot.errors import CommandError
from bot.hold_command import Mute, Snooze, Unmute
from bot.rules import parse_rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mute dog", Mute(parse_rule("dog"))),
        ("Mute mobile phone over 90%", Mute(parse_rule("mobile phone over 90%"))),
        ("mute all", Mute(None)),
        ("unmute ALL", Unmute(None)),
        ("unmute dog or cat", Unmute(parse_rule("dog or cat"))),
        ("snooze dog 1h", Snooze(parse_rule("dog"), "1h")),
        ("snooze dog for 1h", Snooze(parse_rule("dog"), "1h")),
        ("snooze dog for an hour", Snooze(parse_rule("dog"), "1h")),
        ("snooze dog until Tomorrow", Snooze(parse_rule("dog"), "tomorrow")),
        ("snooze dog every 2h for a week", Snooze(parse_rule("dog every 2h"), "week")),
        ("snooze all 1w", Snooze(None, "week")),
        ("snooze dog for 1 hour", Snooze(parse_rule("dog"), "1h")),
        ("snooze dog 1 week", Snooze(parse_rule("dog"), "week")),
        ("snooze dog every 1h 1h", Snooze(parse_rule("dog every 1h"), "1h")),
        ("snooze for a week", Snooze(None, "week")),
        ("snooze until tomorrow", Snooze(None, "tomorrow")),
        ("snooze 1h", Snooze(None, "1h")),
    ],
)
def test_forms(text, expected):
    """Each form is read, however it is spelt."""
    assert commands.parse_command(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("mute", "mute not dog", "mute for", "unmute", "unmute until"),
        *("snooze", "snooze dog", "snooze dog 5h", "snooze for", "snooze for for a week"),
    ],
)
def test_wrong_forms(text):
    """What cannot be followed says why, with an example of the same command that works."""
    with pytest.raises(CommandError) as refused:
        commands.parse_command(text)
    example = refused.value.facts["example"]

    assert example.split()[1] == text.split()[0]
    assert commands.parse_command(example.removeprefix("/labels "))


@pytest.mark.parametrize("text", ["snooze dog every 1h", "snooze dog every 1 hour", "snooze dog"])
def test_missing_duration(text):
    """Without a duration of its own, a snooze is refused for just that; `every` has another."""
    with pytest.raises(CommandError) as refused:
        commands.parse_command(text)

    assert "for how long: 1h, tomorrow or week. That is missing." in refused.value.facts["problem"]
