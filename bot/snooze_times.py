"""Until when a snooze holds, by the clock on a person's wall. No Slack is called.

Days are calendar days there, also those that daylight saving makes longer or shorter; an hour is an
hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

HOUR = "1h"
TOMORROW = "tomorrow"
WEEK = "week"
CHOICES = (HOUR, TOMORROW, WEEK)

_MORNING = dt.time(8)


def until_s(choice: str, *, now_s: float, zone: dt.tzinfo) -> float:
    """When a snooze ends, in seconds since the epoch: in an hour, at 8 tomorrow, in a week.

    >>> night = dt.datetime(2026, 3, 28, 23, tzinfo=ZoneInfo("Europe/Berlin"))
    >>> end_s = until_s(TOMORROW, now_s=night.timestamp(), zone=ZoneInfo("Europe/Berlin"))
    >>> (end_s - night.timestamp()) / 3600
    8.0
    """
    if choice == HOUR:
        return now_s + 3600
    now = dt.datetime.fromtimestamp(now_s, tz=zone)
    if choice == TOMORROW:
        morning = dt.datetime.combine(now.date() + dt.timedelta(days=1), _MORNING, tzinfo=zone)
        return morning.timestamp()
    if choice == WEEK:
        return (now + dt.timedelta(days=7)).timestamp()
    raise ValueError(choice)


def zone_of(person: Mapping[str, Any]) -> dt.tzinfo:
    """The time zone in Slack's user object; by its distance from UTC where its name says nothing.

    >>> zone_of({"tz": "Europe/Berlin", "tz_offset": 3600})
    zoneinfo.ZoneInfo(key='Europe/Berlin')
    >>> zone_of({"tz": "Mars/Base", "tz_offset": 19800})
    datetime.timezone(datetime.timedelta(seconds=19800))
    """
    try:
        return ZoneInfo(person["tz"])
    except (KeyError, TypeError, ValueError):  # of the first kind is ZoneInfoNotFoundError too
        return dt.timezone(dt.timedelta(seconds=person.get("tz_offset") or 0))
