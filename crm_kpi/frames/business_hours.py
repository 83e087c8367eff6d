"""The time between two instants: all of it, or only that in which the business is open.

Open time is counted through a table of days, `open_hours`: the open time before the UTC day of
an instant, and the openings inside that day. What lies between two instants is the difference
of what lies before each, so the cost is one small join per instant, whatever the schedule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm_kpi import public_holidays
from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.periods import DAY

SECOND = 1_000_000
"""Microseconds."""

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Schedule:
    """When the business is open, by the clock on the wall.

    week: from Monday to Sunday, ranges (opens, closes) in minutes of the day,
        in order and apart; 1440 is the midnight at the end of the day.
    holidays: days on which it stays closed.
    countries: whose public holidays it keeps too, such as VN or DE-BY.
    zone: of that clock, an IANA name; None is the reporting time zone.
    """

    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date] = frozenset()
    countries: frozenset[str] = frozenset()
    zone: str | None = None


def with_elapsed_seconds(
    rows: nw.LazyFrame,
    context: FrameContext,
    schedule: Schedule | None,
    **spans: tuple[str, str],
) -> nw.LazyFrame:
    """The rows with a column of whole seconds for each span (from column, to column).

    With a schedule, open seconds. Null where one of the instants is, or lies
    after the last known day.
    """
    if schedule is None:
        return rows.with_columns(
            **{
                name: context.backend.seconds_between(nw.col(start), nw.col(end))
                for name, (start, end) in spans.items()
            }
        )
    openings = context.frame(open_hours, schedule=schedule)
    for instant in sorted({instant for span in spans.values() for instant in span}):
        rows = _with_open_time(rows, openings, instant)
    return rows.with_columns(
        **{
            name: (nw.col(f"{end}:open") - nw.col(f"{start}:open")) // SECOND
            for name, (start, end) in spans.items()
        }
    )


def _with_open_time(rows: nw.LazyFrame, openings: nw.LazyFrame, instant: str) -> nw.LazyFrame:
    """The rows with INSTANT:open: the open microseconds of the table before the instant."""
    names = [name for name in openings.columns if name != "date"]
    mine = openings.select("date", **{f"{instant}:{name}": nw.col(name) for name in names})
    at = nw.col(instant).dt
    hours, minutes = at.hour().cast(nw.Int64), at.minute().cast(nw.Int64)
    second, micro = at.second().cast(nw.Int64), at.microsecond().cast(nw.Int64)
    now = ((hours * 60 + minutes) * 60 + second) * SECOND + micro
    passed = nw.col(f"{instant}:before")
    for number in range(1, (len(names) - 1) // 2 + 1):
        opens, closes = (nw.col(f"{instant}:{end}_{number}") for end in ("opens", "closes"))
        until = nw.when(now < closes).then(now).otherwise(closes)
        passed = passed + nw.when(now > opens).then(until - opens).otherwise(0)
    return (
        rows.with_columns(**{f"{instant}:date": at.date()})
        .join(mine, left_on=f"{instant}:date", right_on="date", how="left")
        .with_columns(**{f"{instant}:open": passed})
    )


def open_hours(context: FrameContext, *, schedule: Schedule) -> nw.LazyFrame:
    """The opening hours of a schedule, laid on UTC days.

    So every opening has its true length: one that runs through a change of the clock is an hour
    longer or shorter, and 00:00-24:00 is always the whole day. A bound inside an hour that the
    clock skips is the moment at which it does; one inside an hour that comes twice is in the first
    of the two.

    Grain: one row per UTC day, from the first that is needed to the last known.

    Columns:
        date                  date, the UTC day
        before                int, open microseconds of all rows before it
        opens_1, closes_1 ... int, its openings, in microseconds of the day; 0, 0 for none

    Source: the schedule.
    """
    # No zone is a whole day or more away from UTC.
    first, last = context.timeline.first_day - DAY, context.timeline.first_unknown_day + DAY
    openings: dict[date, list[tuple[int, int]]] = {}
    zone = ZoneInfo(schedule.zone or context.timeline.timezone)
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
    return context.backend.from_columns(columns, types)


def _openings(
    schedule: Schedule, zone: ZoneInfo, first: date, last: date
) -> Iterator[tuple[datetime, datetime]]:
    """The openings of the local days, in UTC, in order and apart."""
    years = range(first.year, last.year + 1)
    closed = schedule.holidays | public_holidays.days(schedule.countries, years)
    for number in range((last - first).days + 1):
        day = first + DAY * number
        if day in closed:
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
