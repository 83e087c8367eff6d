"""Elapsed time: all of it, or what lies inside business hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction

from .common import local_day, utc

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Week:
    """By weekday from 0, Monday: (hour, minute) of opening and closing; (24, 0) is midnight."""

    hours: Mapping[int, Sequence[tuple[tuple[int, int], tuple[int, int]]]]
    zone: tzinfo
    holidays: frozenset[date] = frozenset()


def elapsed(start: datetime, end: datetime, week: Week | None) -> Fraction:
    """Hours from start to end; with a week, those of its openings."""
    start, end = utc(start), utc(end)
    if week is None:
        return _hours(end - start)
    total = timedelta()
    day = local_day(start, week.zone) - DAY
    while day <= local_day(end, week.zone) + DAY:
        if day not in week.holidays:
            for opening, closing in week.hours.get(day.weekday(), ()):
                opened = max(start, at(day, opening, week.zone))
                closed = min(end, at(day, closing, week.zone))
                total += max(closed - opened, timedelta())
        day += DAY
    return _hours(total)


def at(day: date, clock: tuple[int, int], zone: tzinfo) -> datetime:
    hour, minute = clock
    if hour == 24:
        day, hour = day + DAY, 0
    return utc(datetime.combine(day, time(hour, minute), zone))


def midnight(day: date, zone: tzinfo) -> datetime:
    """The beginning of a local day."""
    return at(day, (0, 0), zone)


def _hours(time: timedelta) -> Fraction:
    return Fraction(time // MICROSECOND, HOUR // MICROSECOND)
