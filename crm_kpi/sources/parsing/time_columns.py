"""Columns of dates and of times: text becomes local days and moments in UTC."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from crm_kpi import messages
from crm_kpi.messages import Message
from crm_kpi.periods import FIRST, LAST
from crm_kpi.readings import How, Reading
from crm_kpi.sources.parsing import dates
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.date_formats import DAY_FIRST, DAY_FORMATS
from crm_kpi.sources.parsing.date_spelling import BUDDHIST
from crm_kpi.sources.parsing.text_ops import first_of
from crm_kpi.sources.reasons import Reason
from crm_kpi.tables import day

US = pl.Datetime("us")


def as_date(text: pl.Series, context: ColumnContext) -> TypedColumn:
    """Local days. A time of day is converted to the reporting zone, and then left out; a day
    without one is that day wherever it was written."""
    stamps, typed = _stamps(text, context)
    parts = [stamps.days] if stamps.days is not None else []
    if stamps.local is not None:
        parts.append(stamps.local.dt.date())
    if stamps.instants is not None:
        parts.append(local(stamps.instants, context.timezone).dt.date())
    typed.series = [first_of(parts, len(text), pl.Date).alias(context.name)]
    return in_calendar(typed, stamps.text, context)


def as_time(text: pl.Series, context: ColumnContext) -> TypedColumn:
    """Moments in UTC, and their local days. A date alone means its local midnight."""
    stamps, typed = _stamps(text, context)
    moments, days = [], []
    if stamps.days is not None:
        moments.append(midnight(stamps.days, context.timezone))
        days.append(stamps.days)
    if stamps.local is not None:
        moments.append(_instants(stamps.local, stamps, typed, context))
        days.append(stamps.local.dt.date())
    if stamps.instants is not None:
        moments.append(stamps.instants)
        days.append(local(stamps.instants, context.timezone).dt.date())
    typed.series = [
        first_of(moments, len(text), US).alias(context.name),
        first_of(days, len(text), pl.Date).alias(day(context.name)),
    ]
    return in_calendar(typed, stamps.text, context)


def in_calendar(typed: TypedColumn, text: pl.Series, context: ColumnContext) -> TypedColumn:
    """The same without the days that no calendar of ours has; they are faults.

    `text` is what is shown of them. The days are the last of the series.
    """
    days = typed.series[-1]
    outside = (days < FIRST) | (days > LAST)
    if not outside.any():
        return typed
    hint = messages.text("parsing.declare_missing", table=context.spec.table)
    typed.faults += context.fault(outside, Reason.OUTSIDE_CALENDAR, text, hint)
    typed.series = [series.set(outside.fill_null(False), None) for series in typed.series]
    return typed


def _instants(
    moments: pl.Series, stamps: dates.ParsedDates, typed: TypedColumn, context: ColumnContext
) -> pl.Series:
    """Local times of the file in UTC; those that clocks skip are faults."""
    instants = utc(moments, context.zone)
    skipped = moments.is_not_null() & instants.is_null()
    hint = messages.text("parsing.clocks_put_forward", zone=context.zone)
    typed.faults += context.fault(skipped, Reason.NO_SUCH_TIME, stamps.text, hint)
    return instants


def utc(moments: pl.Series, timezone: str) -> pl.Series:
    """UTC without zone, of local time: the first of two that it may be, null if it is none."""
    if timezone == "UTC":
        return moments
    zoned = moments.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def local(moments: pl.Series, timezone: str) -> pl.Series:
    """Local time without zone, of UTC."""
    if timezone == "UTC":
        return moments
    return (
        moments.dt.replace_time_zone("UTC")
        .dt.convert_time_zone(timezone)
        .dt.replace_time_zone(None)
    )


def midnight(days: pl.Series, timezone: str) -> pl.Series:
    """When days begin, in UTC."""
    begins = days.cast(US)
    moments = utc(begins, timezone)
    if moments.null_count() > days.null_count():
        # Where clocks skip midnight, the day starts an hour later.
        later = utc(begins + timedelta(hours=1), timezone)
        moments = moments.zip_with(moments.is_not_null(), later)
    return moments


def _stamps(text: pl.Series, context: ColumnContext) -> tuple[dates.ParsedDates, TypedColumn]:
    option = context.option("dates")
    if text.dtype == pl.Date:
        stamps = _common(dates.ParsedDates(text, days=text), text)
    elif text.dtype == US:
        stamps = _common(dates.ParsedDates(text, local=text), text)
    else:
        stamps = dates.parse(
            text,
            context.dates,
            tidy=context.tidy,
            place=lambda i: context.place(context.rows[i]),
            column=context.name,
            option=option,
            order=context.order,
            wall=context.wall,
        )
    typed = TypedColumn(
        [],
        readings=_readings(stamps, context),
        offsets=frozenset(stamps.offsets),
        header=context.header,
        dated=True,
    )
    bad = stamps.text.is_not_null()
    for part in (stamps.days, stamps.local, stamps.instants):
        bad = bad if part is None else bad & part.is_null()
    if bad.any():
        hint = dates.hint(stamps.text.filter(bad), context.dates, option)
        typed.faults = context.fault(bad, Reason.NOT_A_DATE, stamps.text, hint)
    if text.dtype == pl.Date:
        return stamps, typed
    if stamps.local is not None and context.zone != context.timezone:
        there, stamps.local = stamps.local, None
        stamps.add("instants", _instants(there, stamps, typed, context))
    written = stamps.instants is not None and stamps.text.dtype == pl.String
    offset = _offset(stamps.text) if written else None
    if offset and context.timezone == "UTC":
        note = messages.text("parsing.on_utc_days", column=context.name, offset=offset)
        typed.notes.append(note)
    proved = stamps.written is not None and not stamps.by_convention
    if proved and context.dates is None:
        note = messages.text("parsing.proved", column=context.name, way=stamps.written)
        typed.notes.append(note)
    return stamps, typed


def _common(stamps: dates.ParsedDates, values: pl.Series) -> dates.ParsedDates:
    """Dates that were typed at once, in the common calendar."""
    first, last = values.min(), values.max()
    years = [value.year for value in (first, last) if isinstance(value, date)]
    if not years or not all(year in _BUDDHIST for year in years):
        return stamps
    stamps.buddhist = True
    kind = "days" if stamps.days is not None else "local"
    setattr(stamps, kind, values.dt.offset_by(f"-{BUDDHIST}y"))
    return stamps


_BUDDHIST = range(2400, 2700)
"""Years of it that are of our time."""


def _readings(stamps: dates.ParsedDates, context: ColumnContext) -> list[Reading]:
    """What was taken of how the dates are written, though their rows do not say."""
    text = stamps.text
    rows, readings = len(text) - text.null_count(), []
    if stamps.buddhist:
        cell = text.first(ignore_nulls=True)
        readings.append(
            Reading(
                context.header,
                messages.text("parsing.buddhist"),
                How.PROVED,
                messages.text("parsing.buddhist_evidence", cell=str(cell)),
                rows,
                short=messages.text("parsing.buddhist_short", column=context.header),
            )
        )
    if stamps.written is not None and (stamps.by_convention or stamps.short_years):
        order = context.order
        other = order.of if order is not None else None
        way = stamps.written.replace("%Y", "%y") if stamps.short_years else stamps.written
        taken = messages.text("parsing.read_as", way=way)
        how, why = context.why_vietnamese
        if other is not None:
            how, why = How.PROVED, messages.text("parsing.as_column", column=other)
        short = short_way(stamps.written)
        readings.append(Reading(context.header, taken, how, why, rows, short=short))
    return readings


_EXAMPLE = date(2024, 12, 31)


def short_way(way: str) -> Message:
    """How dates are read, in few words."""
    example = f"{_EXAMPLE:{way}}"
    if DAY_FORMATS[way][0] == DAY_FIRST:
        return messages.text("loading.day_first", example=example)
    return messages.text("loading.month_first", example=example)


def _offset(text: pl.Series) -> str | None:
    """The first offset from UTC that is written, if it is one."""
    offsets = text.str.extract(r"([+-](?:0[0-9]|1[0-9]):?[0-9]{2})\z").drop_nulls()
    return next((o for o in offsets.unique(maintain_order=True) if o.strip("+-0:")), None)
