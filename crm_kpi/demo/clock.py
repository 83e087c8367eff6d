"""Days and minutes as whole numbers, and how the exports write them.

A day is its `date.toordinal()`; an instant is day * 1440 + minute of the day,
local time of the company.
"""

from __future__ import annotations

from datetime import date

MINUTES = 24 * 60
FIRST = date(2018, 1, 1).toordinal()
LAST = date(2026, 12, 31).toordinal()

_ISO = [date.fromordinal(day).isoformat() for day in range(FIRST, LAST + 1)]
_VIETNAMESE = [f"{iso[8:]}/{iso[5:7]}/{iso[:4]}" for iso in _ISO]
_CLOCK = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]


def at(day: int, hour: int, minute: int = 0) -> int:
    """The instant at that time of the day."""
    return day * MINUTES + hour * 60 + minute


def day_of(instant: int) -> int:
    return instant // MINUTES


def year_later(day: int) -> int:
    """The same date of the next year; 28 February after a leap day."""
    then = date.fromordinal(day)
    leap_day = (then.month, then.day) == (2, 29)
    return then.replace(year=then.year + 1, day=28 if leap_day else then.day).toordinal()


def by_day(instant: int) -> int:
    """The instant, or when it falls into the night, the next morning."""
    hour = instant % MINUTES // 60
    if 8 <= hour < 21:
        return instant
    morning = day_of(instant) + (hour >= 21)
    return at(morning, 8, instant % 60)


def iso(day: int) -> str:
    """2024-06-15"""
    return _ISO[day - FIRST]


def iso_time(instant: int) -> str:
    """2024-06-15 09:30:00"""
    day, minute = divmod(instant, MINUTES)
    return f"{_ISO[day - FIRST]} {_CLOCK[minute]}:00"


def dmy(day: int) -> str:
    """15/06/2024"""
    return _VIETNAMESE[day - FIRST]


def dmy_time(instant: int) -> str:
    """15/06/2024 09:30"""
    day, minute = divmod(instant, MINUTES)
    return f"{_VIETNAMESE[day - FIRST]} {_CLOCK[minute]}"
