"""The opening hours of a schedule, laid on UTC days.

One row per UTC day, from the first that is needed to the last known:

    date                  the UTC day
    before                open microseconds of all rows before it
    opens_1, closes_1 ... its openings, in microseconds of the day; 0, 0 for none

Laid on UTC days, every opening has its true length: one that runs through a
change of the clock is an hour longer or shorter, and 00:00-24:00 is always the
whole day. A bound inside an hour that the clock skips is the moment at which it
does; one inside an hour that comes twice is in the first of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames._elapsed import Schedule
from crm_kpi.periods import DAY

MICROSECOND = timedelta(microseconds=1)


def build(context: Context, *, schedule: Schedule) -> nw.LazyFrame:
    # No zone is a whole day or more away from UTC.
    first, last = context.first_day - DAY, context.known + DAY
    openings: dict[date, list[tuple[int, int]]] = {}
    zone = ZoneInfo(schedule.zone or context.timezone)
    for opens, closes in _openings(schedule, zone, first - DAY, last + DAY):
        for day, opened, closed in _by_day(opens, closes):
            openings.setdefault(day, []).append((opened, closed))
    days = [first + DAY * number for number in range((last - first).days + 1)]
    columns: dict[str, list[Any]] = {"date": days, "before": []}
    before = 0
    for day in days:
        columns["before"].append(before)
        before += sum(closed - opened for opened, closed in openings.get(day, ()))
    for number in range(max((len(found) for found in openings.values()), default=0)):
        ranges = [[*openings.get(day, ()), *[(0, 0)] * (number + 1)][number] for day in days]
        columns[f"opens_{number + 1}"] = [opened for opened, _ in ranges]
        columns[f"closes_{number + 1}"] = [closed for _, closed in ranges]
    types = {name: nw.Date if name == "date" else nw.Int64 for name in columns}
    return context.adapter.table(columns, types)


def _openings(
    schedule: Schedule, zone: ZoneInfo, first: date, last: date
) -> Iterator[tuple[datetime, datetime]]:
    """The openings of the local days, in UTC, in order and apart."""
    for number in range((last - first).days + 1):
        day = first + DAY * number
        if day in schedule.holidays:
            continue
        for bounds in schedule.week[day.weekday()]:
            opens, closes = (_instant(day, minutes, zone) for minutes in bounds)
            if opens < closes:
                yield opens, closes


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """When the clock on the wall shows so many minutes past that day's midnight."""
    days, minute = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + DAY * days, time(minute // 60, minute % 60, tzinfo=zone))
    instant, other = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    # A time that comes twice is later when it is read as the second; one that is
    # skipped is earlier then, and the clock is set forward between the two.
    while (instant - other) // MICROSECOND > 1:
        between = other + (instant - other) / 2
        if between.astimezone(zone).utcoffset() == instant.astimezone(zone).utcoffset():
            instant = between
        else:
            other = between
    return instant


def _by_day(opens: datetime, closes: datetime) -> Iterator[tuple[date, int, int]]:
    """One opening cut at UTC midnights: the day, and the microseconds of it."""
    while opens < closes:
        midnight = datetime.combine(opens.date(), time(), UTC)
        end = min(closes, midnight + DAY)
        yield opens.date(), (opens - midnight) // MICROSECOND, (end - midnight) // MICROSECOND
        opens = end
