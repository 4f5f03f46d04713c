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
    ],
)
def test_forms(text, expected):
    """Each form is read, however it is spelt."""
    assert commands.parse_command(text) == expected


@pytest.mark.parametrize(
    "text", ["mute", "unmute", "snooze", "snooze dog", "snooze 1h", "snooze dog 5h", "mute not dog"]
)
def test_wrong_forms(text):
    """What cannot be followed says why, with an example of the same command that works."""
    with pytest.raises(CommandError) as refused:
        commands.parse_command(text)
    example = refused.value.facts["example"]

    assert example.split()[1] == text.split()[0]
    assert commands.parse_command(example.removeprefix("/labels "))
