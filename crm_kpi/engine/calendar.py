"""The time that the data cover: the calendar of a run, and what is odd about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_kpi import periods
from crm_kpi.engine.usual import WINDOW
from crm_kpi.errors import UsageError
from crm_kpi.frames.backend import Backend
from crm_kpi.frames.timeline import Timeline
from crm_kpi.messages import Message, text
from crm_kpi.periods import KnownUntil
from crm_kpi.sources.loading.loaded_table import ScannedTable, TableInput
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.config.model import Periods

STALE = timedelta(days=45)
"""Data that end so long before today are an old export."""


def old_data(newest: Mapping[str, date], as_of: date) -> Iterator[Message]:
    """What to mind where the data end long before today; `newest` is the last day of each table."""
    last = max(newest.values(), default=as_of)
    if last < as_of - STALE:
        yield text("engine.old_data", last=last, as_of=as_of)


def first_day(loaded: Mapping[str, TableInput], as_of: date) -> date:
    """The earliest day on which any row that was read counts."""
    return min(_days(loaded, min).values(), default=as_of)


def newest_days(loaded: Mapping[str, TableInput]) -> dict[str, date]:
    """The last day on which a row of each table counts, of tables that have one."""
    return _days(loaded, max)


def _days(loaded: Mapping[str, TableInput], which: Callable[..., Any]) -> dict[str, date]:
    days = {}
    for name, table in loaded.items():
        day: Any = None
        if isinstance(table, ScannedTable):
            day = table.first if which is min else table.last
        elif TABLES[name].dated in table.frame.columns:
            column = table.frame[TABLES[name].dated]
            day = column.min() if which is min else column.max()
        if isinstance(day, date):
            days[name] = day
    return days


def timeline(
    wanted: Periods,
    timezone: str,
    loaded: Mapping[str, TableInput],
    as_of: KnownUntil,
    backend: Backend,
) -> Timeline:
    """The calendar of a run, in tables of a backend."""
    calendar = _calendar(wanted, loaded, as_of)
    return Timeline(
        calendar=calendar,
        bounds=calendar.bounds,
        first_day=first_day(loaded, as_of.day),
        first_unknown_day=as_of.day + periods.DAY,
        timezone=timezone,
        from_columns=backend.from_columns,
        moment=as_of.moment,
    )


def whole_periods(wanted: Periods, known: Timeline) -> list[periods.Period]:
    """All whole periods of the data's time, whichever of them are asked for."""
    if wanted.every == "all":
        return []
    try:
        calendar = periods.build(
            wanted.every,
            start=min(known.first_day, known.first_unknown_day - periods.DAY),
            end=known.first_unknown_day,
            as_of=KnownUntil(known.first_unknown_day - periods.DAY),
            fiscal=wanted.fiscal_year_start,
            sunday=wanted.week_start == "sunday",
        )
    except UsageError:  # more of them than any data fill, whatever few are asked for
        return []
    return [period for period in calendar.answer if not period.partial]


def past_calendar(
    wanted: Periods, known: Timeline, whole: Sequence[periods.Period], first: date
) -> periods.Calendar:
    """The whole periods from `wanted.from_` on, or from the first row on; up to `wanted.to`,
    whatever `wanted.last` says.

    whole: all whole periods of the data's time.
    """
    start, end = _bounds(wanted)
    start, end = start or first, min(end or date.max, known.first_unfinished_day)
    shown = tuple(each for each in whole if start <= each.start and each.end <= end)
    return periods.Calendar(shown, len(shown), {}, known.calendar.rhythm)


def _bounds(wanted: Periods) -> tuple[date | None, date | None]:
    """The first day that is asked for, and the first day after all that is.

    Raises:
        UsageError: --from or --to is no moment in time.
    """
    fiscal, sunday = wanted.fiscal_year_start, wanted.week_start == "sunday"
    start = end = None
    try:
        if wanted.from_ is not None:
            start, _ = periods.parse_moment(str(wanted.from_), fiscal, sunday=sunday)
        if wanted.to is not None:
            _, end = periods.parse_moment(str(wanted.to), fiscal, sunday=sunday)
    except ValueError as error:
        raise UsageError(error.args[0], hint=text("engine.check_range")) from error
    return start, end


def _calendar(
    wanted: Periods, loaded: Mapping[str, TableInput], as_of: KnownUntil
) -> periods.Calendar:
    """
    Raises:
        UsageError: --from or --to is no moment in time.
    """
    fiscal, sunday = wanted.fiscal_year_start, wanted.week_start == "sunday"
    start, end = _bounds(wanted)
    first = first_day(loaded, as_of.day)
    until = end or as_of.day + periods.DAY
    return periods.build(
        wanted.every,
        start=start or min(first, until - periods.DAY),
        end=until,
        as_of=as_of,
        clipped=(start is not None, end is not None),
        last=wanted.last,
        fiscal=fiscal,
        sunday=sunday,
        custom=[periods.Range(c.name, c.start, c.end) for c in wanted.custom],
        earlier=WINDOW,
    )
