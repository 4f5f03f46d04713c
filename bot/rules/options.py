"""What stands after the labels of a watch: where, from whom, how often, and whom it tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

from bot.rules.words import BOTS, ME, tidy

EVERY_LEAST_S = 60
EVERY_MOST_S = 30 * 86_400
UNITS_S = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


@dataclass(frozen=True)
class Posted:
    """The circumstances of a picture: the channel it is in, and who posted it.

    `is_own` is about the owner of the watch. `s3_url` is `s3://bucket/key` for a picture in S3.
    """

    channel: str
    poster: str
    is_own: bool = False
    by_bot: bool = False
    s3_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a rule, printed in this order.

    Channels and people are Slack's ids; people may also be `me` and `bots`. Of several channels,
    of several places in S3 and of several people one is enough; a channel and a place in S3 are
    both asked for. `every_s` is the cool-down. `tell` is the id of a channel, or None for the
    owner. Who says `always` is told each time, also where everything is snoozed.
    """

    in_channels: tuple[str, ...] = ()
    not_in_channels: tuple[str, ...] = ()
    from_people: tuple[str, ...] = ()
    not_from_people: tuple[str, ...] = ()
    s3_prefixes: tuple[str, ...] = ()
    not_s3_prefixes: tuple[str, ...] = ()
    every_s: int | None = None
    tell: str | None = None
    always: bool = False

    def objection(self, posted: Posted) -> str | None:
        """Why a picture that was posted so is none of this rule's; None where it is.

        In these words "it" is the rule, whose text stands before them.
        """
        return next((words for holds, words in self._scopes(posted) if not holds), None)

    def _scopes(self, posted: Posted) -> Iterable[tuple[bool, str]]:
        who, named = _names_of_poster(posted), set(self.from_people)
        is_asked_for = bool(who & named)
        tells_others = self.tell is not None
        return (
            (
                not posted.is_own or tells_others or is_asked_for,
                "Your own pictures count only with “from me”.",
            ),
            (
                not self.in_channels or posted.channel in self.in_channels,
                "Posted in none of its channels.",
            ),
            (
                posted.channel not in self.not_in_channels,
                "Posted in a channel that it leaves out.",
            ),
            (not named or is_asked_for, "Posted by somebody whom it does not name."),
            (
                who.isdisjoint(self.not_from_people),
                "Posted by somebody whom it leaves out.",
            ),
            (
                not self.s3_prefixes or _lies_in(posted.s3_url, self.s3_prefixes),
                "In none of its places in S3.",
            ),
            (
                not _lies_in(posted.s3_url, self.not_s3_prefixes),
                "In a place in S3 that it leaves out.",
            ),
        )


def _names_of_poster(posted: Posted) -> set[str]:
    own, bots = {ME} if posted.is_own else set(), {BOTS} if posted.by_bot else set()
    return {posted.poster} | own | bots


def _lies_in(s3_url: str | None, prefixes: Collection[str]) -> bool:
    """Whether an object is in one of the buckets or folders: `cams/in` does not hold `cams/inn`."""
    if s3_url is None or not prefixes:
        return False
    key = tidy(s3_url)
    return any(key == prefix or key.startswith(f"{prefix}/") for prefix in prefixes)


def sorted_options(options: Options) -> dict[str, Any]:
    """The options by name, without the order in which places and people were typed."""
    values = {field.name: getattr(options, field.name) for field in fields(Options)}
    return {
        name: tuple(sorted(value)) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def print_options(options: Options) -> str:
    """The options as `bot.rules.parsing` reads them."""
    lists = (
        ("in", map(_channel, options.in_channels)),
        ("not in", map(_channel, options.not_in_channels)),
        ("from", map(_person, options.from_people)),
        ("not from", map(_person, options.not_from_people)),
        ("in", map(_place, options.s3_prefixes)),
        ("not in", map(_place, options.not_s3_prefixes)),
    )
    parts = [f"{name} {', '.join(values)}" for name, each in lists if (values := list(each))]
    if options.every_s is not None:
        parts.append(f"every {print_duration(options.every_s)}")
    if options.tell is not None:
        parts.append(f"tell {_channel(options.tell)}")
    return " ".join([*parts, "always"] if options.always else parts)


def print_duration(duration_s: int) -> str:
    """Seconds in the largest unit that needs no fraction: 5400 is 90m."""
    unit = next(unit for unit, unit_s in UNITS_S.items() if duration_s % unit_s == 0)
    return f"{duration_s // UNITS_S[unit]}{unit}"


def _channel(channel: str) -> str:
    return f"<#{channel}>"


def _person(person: str) -> str:
    return person if person in {ME, BOTS} else f"<@{person}>"


def _place(s3_prefix: str) -> str:
    return f'"{s3_prefix}"' if set(s3_prefix) & set(" ,;") else s3_prefix
