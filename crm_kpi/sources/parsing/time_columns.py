"""Columns of dates and of times: text becomes local days and moments in UTC."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from crm_kpi.periods import FIRST, LAST
from crm_kpi.sources.parsing import dates
from crm_kpi.sources.parsing.column_context import Reading, Typed
from crm_kpi.sources.parsing.text_ops import first_of
from crm_kpi.sources.reasons import Reason
from crm_kpi.tables import day

US = pl.Datetime("us")


def as_date(text: pl.Series, how: Reading) -> Typed:
    """Local days. A time of day is converted to the reporting zone, and then left out; a day
    without one is that day wherever it was written."""
    stamps, typed = _stamps(text, how)
    parts = [stamps.days] if stamps.days is not None else []
    if stamps.local is not None:
        parts.append(stamps.local.dt.date())
    if stamps.instants is not None:
        parts.append(local(stamps.instants, how.timezone).dt.date())
    typed.series = [first_of(parts, len(text), pl.Date).alias(how.name)]
    return in_calendar(typed, stamps.text, how)


def as_time(text: pl.Series, how: Reading) -> Typed:
    """Moments in UTC, and their local days. A date alone means its local midnight."""
    stamps, typed = _stamps(text, how)
    moments, days = [], []
    if stamps.days is not None:
        moments.append(_midnight(stamps.days, how.timezone))
        days.append(stamps.days)
    if stamps.local is not None:
        moments.append(_instants(stamps.local, stamps, typed, how))
        days.append(stamps.local.dt.date())
    if stamps.instants is not None:
        moments.append(stamps.instants)
        days.append(local(stamps.instants, how.timezone).dt.date())
    typed.series = [
        first_of(moments, len(text), US).alias(how.name),
        first_of(days, len(text), pl.Date).alias(day(how.name)),
    ]
    return in_calendar(typed, stamps.text, how)


def in_calendar(typed: Typed, text: pl.Series, how: Reading) -> Typed:
    """The same without the days that no calendar of ours has; they are faults.

    `text` is what is shown of them. The days are the last of the series.
    """
    days = typed.series[-1]
    outside = (days < FIRST) | (days > LAST)
    if not outside.any():
        return typed
    hint = f'if it stands for none: sources.{how.spec.table}.missing: ["9999-12-31"]'
    typed.faults += how.fault(outside, Reason.OUTSIDE_CALENDAR, text, hint)
    typed.series = [series.set(outside.fill_null(False), None) for series in typed.series]
    return typed


def _instants(moments: pl.Series, stamps: dates.Stamps, typed: Typed, how: Reading) -> pl.Series:
    """Local times of the file in UTC; those that clocks skip are faults."""
    instants = utc(moments, how.zone)
    skipped = moments.is_not_null() & instants.is_null()
    hint = f"clocks in {how.zone} were put forward over it"
    typed.faults += how.fault(skipped, Reason.NO_SUCH_TIME, stamps.text, hint)
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


def _midnight(days: pl.Series, timezone: str) -> pl.Series:
    midnight = days.cast(US)
    moments = utc(midnight, timezone)
    if moments.null_count() > days.null_count():
        # Where clocks skip midnight, the day starts an hour later.
        later = utc(midnight + timedelta(hours=1), timezone)
        moments = moments.zip_with(moments.is_not_null(), later)
    return moments


def _stamps(text: pl.Series, how: Reading) -> tuple[dates.Stamps, Typed]:
    option = how.option("dates")
    if text.dtype == pl.Date:
        return dates.Stamps(text, days=text), Typed([])
    stamps = (
        dates.Stamps(text, local=text)
        if text.dtype == US
        else dates.parse(
            text,
            how.dates,
            tidy=how.tidy,
            place=lambda i: how.place(how.rows[i]),
            what=f"column {how.name}",
            option=option,
        )
    )
    typed = Typed([])
    bad = stamps.text.is_not_null()
    for part in (stamps.days, stamps.local, stamps.instants):
        bad = bad if part is None else bad & part.is_null()
    if bad.any():
        hint = dates.hint(stamps.text.filter(bad), how.dates, option)
        typed.faults = how.fault(bad, Reason.NOT_A_DATE, stamps.text, hint)
    if stamps.local is not None and how.zone != how.timezone:
        there, stamps.local = stamps.local, None
        stamps.add("instants", _instants(there, stamps, typed, how))
    written = stamps.instants is not None and stamps.text.dtype == pl.String
    offset = _offset(stamps.text) if written else None
    if offset and how.timezone == "UTC":
        typed.notes.append(
            f"{how.name}: times at {offset} are counted on UTC days; "
            "timezone: says on whose else, such as Asia/Ho_Chi_Minh"
        )
    if stamps.written is not None and how.dates is None:
        typed.notes.append(f"{how.name}: read as {stamps.written}, which its rows prove")
    return stamps, typed


def _offset(text: pl.Series) -> str | None:
    """The first offset from UTC that is written, if it is one."""
    found = (
        text.str.extract(r"([+-](?:0[0-9]|1[0-9]):?[0-9]{2})\z")
        .drop_nulls()
        .unique(maintain_order=True)
    )
    return next((one for one in found if one.strip("+-0:")), None)
