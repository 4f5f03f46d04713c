import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.snooze_times import CHOICES, HOUR, TOMORROW, WEEK, until_s, zone_of

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def end(choice, zone, *now, fold=0):
    """When a snooze that begins then, by the clock on the wall, ends by that clock."""
    begun = dt.datetime(*now, tzinfo=zone, fold=fold)
    return dt.datetime.fromtimestamp(until_s(choice, now_s=begun.timestamp(), zone=zone), tz=zone)


def hours(choice, zone, *now, fold=0):
    """How many hours a snooze that begins then lasts."""
    begun = dt.datetime(*now, tzinfo=zone, fold=fold)
    return (until_s(choice, now_s=begun.timestamp(), zone=zone) - begun.timestamp()) / 3600


@pytest.mark.parametrize(
    ("zone", "now", "lasts_hours"),
    [
        (BERLIN, (2026, 3, 28, 20), 11),  # the clock is put forward in the night
        (BERLIN, (2026, 3, 29, 20), 12),
        (BERLIN, (2026, 10, 24, 20), 13),  # and back
        (BERLIN, (2026, 10, 25, 20), 12),
        (NEW_YORK, (2026, 3, 7, 20), 11),
        (NEW_YORK, (2026, 10, 31, 20), 13),
        (NEW_YORK, (2026, 11, 1, 20), 12),
        (BERLIN, (2026, 7, 1, 0, 30), 31.5),
        (BERLIN, (2026, 12, 31, 23, 59), 8 + 1 / 60),
    ],
)
def test_until_tomorrow(zone, now, lasts_hours):
    """Tomorrow is eight in the morning of the next day, however long the night between is."""
    assert hours(TOMORROW, zone, *now) == pytest.approx(lasts_hours)
    assert end(TOMORROW, zone, *now).hour == 8


@pytest.mark.parametrize(
    ("zone", "now", "lasts_hours"),
    [
        (BERLIN, (2026, 3, 25, 9), 167),
        (BERLIN, (2026, 10, 21, 9), 169),
        (NEW_YORK, (2026, 3, 4, 9), 167),
        (NEW_YORK, (2026, 10, 28, 9), 169),
        (NEW_YORK, (2026, 6, 1, 9), 168),
    ],
)
def test_week(zone, now, lasts_hours):
    """A week ends at the same time of the day, also where the clock was changed meanwhile."""
    assert hours(WEEK, zone, *now) == lasts_hours
    assert end(WEEK, zone, *now).hour == 9


def test_week_into_missing_hour():
    """A week that would end in the hour that is left out ends an hour later by the clock."""
    assert str(end(WEEK, BERLIN, 2026, 3, 22, 2, 30)) == "2026-03-29 03:30:00+02:00"


@pytest.mark.parametrize("fold", [0, 1])
def test_hour_where_clock_goes_back(fold):
    """An hour is an hour, also in the night that has one of them twice."""
    assert hours(HOUR, BERLIN, 2026, 10, 25, 2, 30, fold=fold) == 1
    assert hours(HOUR, BERLIN, 2026, 3, 29, 1, 30) == 1


@given(
    now_s=st.floats(1.6e9, 2.2e9),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]),
    choice=st.sampled_from(CHOICES),
)
def test_snooze_ends_later(now_s, zone, choice):
    """Every snooze ends, after now and within eight days."""
    assert now_s < until_s(choice, now_s=now_s, zone=ZoneInfo(zone)) < now_s + 8 * 86400


def test_unknown_choice():
    """What is not offered is refused."""
    with pytest.raises(ValueError, match="year"):
        until_s("year", now_s=0.0, zone=BERLIN)


@pytest.mark.parametrize(
    ("person", "offset_s"),
    [
        ({"tz": "Asia/Kolkata", "tz_offset": 0}, 19800),
        ({"tz": "Mars/Base", "tz_offset": -7200}, -7200),
        ({"tz": "../etc/passwd", "tz_offset": 60}, 60),
        ({"tz": None}, 0),
        ({}, 0),
    ],
)
def test_zone_of_person(person, offset_s):
    """A person's zone is the one that Slack names, else its distance from UTC, else UTC."""
    assert zone_of(person).utcoffset(dt.datetime(2026, 7, 1)).total_seconds() == offset_s  # noqa: DTZ001 - asked of the zone
