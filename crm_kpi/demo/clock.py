"""Days and minutes as whole numbers, and how the exports write them.

A day is its `date.toordinal()`; an instant is day * 1440 + minute of the day,
local time of the company. Months count from January 2023.
"""

from __future__ import annotations

from datetime import date

MINUTES = 24 * 60
MONTHS = 24
NEVER = date(2027, 1, 1).toordinal()
"""The last day of what has not ended."""
_FIRST = date(2018, 1, 1).toordinal()
_ISO = [*(date.fromordinal(day).isoformat() for day in range(_FIRST, NEVER)), ""]
_VIETNAMESE = ["/".join(reversed(iso.split("-"))) for iso in _ISO]
_CLOCK = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]
_MONTHS = [date(2023 + m // 12, m % 12 + 1, 1).toordinal() for m in range(MONTHS + 1)]


def month_days(month: int) -> tuple[int, int]:
    """The first day of the month, and the first one after it."""
    return _MONTHS[month], _MONTHS[month + 1]


def at(day: int, hour: int, minute: int = 0) -> int:
    """The instant at that time of the day."""
    return day * MINUTES + hour * 60 + minute


def by_day(instant: int) -> int:
    """The instant, or when it falls into the night, the next morning."""
    day, minute = divmod(instant, MINUTES)
    if 8 * 60 <= minute < 21 * 60:
        return instant
    return at(day + (minute >= 21 * 60), 8, minute % 60)


def year_later(day: int) -> int:
    """The same date of the next year; 28 February after a leap day."""
    then = date.fromordinal(day)
    days = 28 if then.month == 2 else 31
    return date(then.year + 1, then.month, min(then.day, days)).toordinal()


def iso(day: int | None) -> str:
    """2024-06-15; nothing for None and NEVER."""
    return "" if day is None else _ISO[day - _FIRST]


def iso_time(instant: int | None) -> str:
    """2024-06-15 09:30:00; nothing for None."""
    if instant is None:
        return ""
    day, minute = divmod(instant, MINUTES)
    return f"{_ISO[day - _FIRST]} {_CLOCK[minute]}:00"


def dmy(day: int) -> str:
    """15/06/2024; nothing for NEVER."""
    return _VIETNAMESE[day - _FIRST]


def dmy_time(instant: int) -> str:
    """15/06/2024 09:30"""
    day, minute = divmod(instant, MINUTES)
    return f"{_VIETNAMESE[day - _FIRST]} {_CLOCK[minute]}"
