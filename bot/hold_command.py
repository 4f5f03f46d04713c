"""The words after `/labels mute`, `unmute` and `snooze`: which watches, and for how long.

No Slack, and no clock: until when "tomorrow" holds is someone else's work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import CommandError
from bot.rules import Rule, parse_rule
from bot.snooze_times import HOUR, TOMORROW, WEEK

_ALL = "all"
# The time after `every` is the watch's own, and says nothing about the snooze.
_LAST = re.compile(
    r"(?:^|(?<!\bevery)(?<!\bevery 1) )"
    r"(?:(?:for|until) )?(?:(?:an?|1) )?(?P<choice>1h|hour|tomorrow|week|1w)$",
    re.IGNORECASE,
)
_CHOICES = {"1h": HOUR, "hour": HOUR, "tomorrow": TOMORROW, "week": WEEK, "1w": WEEK}


@dataclass(frozen=True)
class Mute:
    """Tell nobody of a watch until it is unmuted; `rule` is None for all of one's own."""

    rule: Rule | None


@dataclass(frozen=True)
class Unmute:
    """Tell again of a watch that was muted or snoozed."""

    rule: Rule | None


@dataclass(frozen=True)
class Snooze:
    """Tell nobody of a watch for a while; `choice` is one of `bot.snooze_times`."""

    rule: Rule | None
    choice: str


def read_mute(rest: str) -> Mute:
    """Read what was typed after `mute`.

    Raises: CommandError.
    """
    return Mute(_which(rest, "mute dog"))


def read_unmute(rest: str) -> Unmute:
    """Read what was typed after `unmute`.

    Raises: CommandError.
    """
    return Unmute(_which(rest, "unmute dog"))


def read_snooze(rest: str) -> Snooze:
    """Read what was typed after `snooze`: `dog for 1h`, `until tomorrow`, `all for a week`.

    Where nothing is named, it is about all.

    Raises: CommandError.
    """
    found = _LAST.search(rest)
    if found is None:
        raise CommandError(
            problem="“snooze” takes what you watch, or “all”, and at the end for how long: "
            "1h, tomorrow or week. That is missing.",
            example="/labels snooze dog until tomorrow",
        )
    choice = _CHOICES[found["choice"].casefold()]
    return Snooze(_which(rest[: found.start()] or _ALL, f"snooze dog {choice}"), choice)


def _which(text: str, example: str) -> Rule | None:
    if text.strip("\"'").casefold() == _ALL:
        return None
    if text.casefold() in ("for", "until"):
        problem = f"“{text}” alone names nothing that you watch."
        raise CommandError(problem=problem, example=f"/labels {example}")
    try:
        return parse_rule(text)
    except CommandError as exc:
        # What is wrong with it holds here too, but not an example that would add a watch.
        problem = exc.facts["problem"]
        raise CommandError(problem=problem, example=f"/labels {example}") from None


READERS: dict[str, Callable[[str], Mute | Unmute | Snooze]] = {
    "mute": read_mute,
    "unmute": read_unmute,
    "snooze": read_snooze,
}
