"""The time between two instants: all of it, or only that in which the business is open.

Open time is counted through a table of days (`frames/open_hours.py`): the open
time before the UTC day of an instant, and the openings inside that day. What
lies between two instants is the difference of what lies before each, so the
cost is one small join per instant, whatever the schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context

SECOND = 1_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Schedule:
    """When the business is open, by the clock on the wall.

    week: from Monday to Sunday, ranges (opens, closes) in minutes of the day,
        in order and apart; 1440 is the midnight at the end of the day.
    holidays: days on which it stays closed.
    zone: of that clock, an IANA name; None is the reporting time zone.
    """

    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date] = frozenset()
    zone: str | None = None


def with_seconds(
    rows: nw.LazyFrame,
    context: Context,
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
                name: context.seconds(nw.col(start), nw.col(end))
                for name, (start, end) in spans.items()
            }
        )
    openings = context.frame("open_hours", schedule=schedule)
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
