"""Columns of Parquet as the columns that metrics read, and which of their values cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.errors import DataError
from crm_kpi.frames.backend import Backend
from crm_kpi.frames.segmented_tables import stored_name
from crm_kpi.messages import text
from crm_kpi.periods import DAY, FIRST, LAST
from crm_kpi.sources.checks.rules import outside_calendar
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.columns import choice_words
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import MONEY, Column, Kind, Table, day

WANTED = {
    Kind.ID: text("engine.a_string_or_whole"),
    Kind.TEXT: text("engine.a_string"),
    Kind.CHOICE: text("engine.a_string"),
    Kind.DATE: text("engine.a_date"),
    Kind.TIME: text("engine.a_timestamp"),
    Kind.MONEY: text("engine.a_decimal"),
    Kind.NUMBER: text("engine.a_number"),
    Kind.SCORE: text("general.whole_number"),
    Kind.COUNT: text("general.whole_number"),
    Kind.FLAG: text("engine.a_boolean"),
}
DECIMAL = nw.Decimal(*MONEY)
MOST_WORDS = 10_000
"""Of a column of choices: more are something else."""
UTC_NAMES = {"UTC", "Etc/UTC"}


@dataclass(frozen=True)
class ScannedColumns:
    """A table in place, in our columns."""

    rows: nw.LazyFrame
    local: Mapping[str, nw.Expr]
    """The columns of moments on the clock of the report."""


def scan_columns(
    backend: Backend,
    raw: nw.LazyFrame,
    table: Table,
    has: Mapping[str, str],
    options: ReadOptions,
) -> ScannedColumns:
    """Our columns, typed as `tables.Kind` says, and the texts that somebody asks for.

    has: ours: theirs.
    Raises:
        DataError: a column is of another type.
    """
    schema = raw.collect_schema()
    asked = options.texts.get(table.name, frozenset())
    columns = {
        name: _value(table[name], header, schema[header], options)
        for name, header in has.items()
        if table[name].kind is not Kind.TEXT or name in asked or name == "currency"
    }
    for header in sorted(asked - set(columns)):
        if header in schema:
            columns[stored_name(header)] = _text(Kind.ID, header, schema[header])
    rows = raw.select(**columns)
    choices = [name for name in columns if name in table and table[name].kind is Kind.CHOICE]
    if choices:
        rows = rows.with_columns(**_in_our_words(backend, rows, table, choices))
    times = [name for name in columns if name in table and table[name].kind is Kind.TIME]
    local = _local(backend, rows, times, ZoneInfo(options.timezone)) if times else {}
    days = {day(name): moment.dt.date() for name, moment in local.items()}
    return ScannedColumns(rows.with_columns(**days) if days else rows, local)


def _value(column: Column, header: str, type_: nw.dtypes.DType, options: ReadOptions) -> nw.Expr:
    value, kind = nw.col(header), column.kind
    whole = type_.is_integer()
    decimal = isinstance(type_, nw.Decimal)
    places = type_.scale if isinstance(type_, nw.Decimal) else 0
    if kind is Kind.ID:
        return _id(_text(kind, header, type_))
    if kind in (Kind.TEXT, Kind.CHOICE):
        return _text(kind, header, type_)
    if kind is Kind.DATE and isinstance(type_, nw.Date):
        return value
    # Without a zone beside it, a time is on the clock of the report.
    zoned = isinstance(type_, nw.Datetime) and (type_.time_zone or options.timezone in UTC_NAMES)
    if kind is Kind.TIME and isinstance(type_, nw.Datetime) and zoned:
        return _tellable(value, type_).cast(nw.Datetime("us"))
    if kind is Kind.MONEY and (whole or (decimal and places <= DECIMAL.scale)):
        return value.cast(DECIMAL)
    if kind is Kind.NUMBER and (whole or decimal or type_.is_float()):
        return value.cast(nw.Float64)
    if kind in (Kind.SCORE, Kind.COUNT) and whole:
        return value.cast(nw.Int64)
    if kind is Kind.FLAG and isinstance(type_, nw.Boolean):
        return value
    raise _other_type(kind, header, type_)


def _id(text: nw.Expr) -> nw.Expr:
    """An apostrophe that kept a spreadsheet from taking it for a number is none of it."""
    quoted = text.str.starts_with("'") & text.str.slice(1, 1).is_in([*"0123456789+"])
    return nw.when(quoted).then(text.str.slice(1)).otherwise(text)


def _text(kind: Kind, header: str, type_: nw.dtypes.DType) -> nw.Expr:
    value = nw.col(header)
    if type_.is_integer() and kind is Kind.ID:
        return value.cast(nw.String)
    if not isinstance(type_, nw.String):
        raise _other_type(kind, header, type_)
    bare = value.str.strip_chars()
    return nw.when(bare != "").then(bare)


def _other_type(kind: Kind, header: str, type_: nw.dtypes.DType) -> DataError:
    return DataError(
        text("engine.other_type", column=header, found=type_, wanted=WANTED[kind]),
        hint=text("engine.write_or_load"),
    )


def _in_our_words(
    backend: Backend, rows: nw.LazyFrame, table: Table, names: Sequence[str]
) -> dict[str, nw.Expr]:
    """Choices in the words of ours that the loader takes theirs for; others as they stand."""
    words = [rows.select(name).unique([name]).head(MOST_WORDS + 1) for name in names]
    columns = {}
    for name, found in zip(names, backend.fetch(words), strict=True):
        column, known = table[name], choice_words(table[name])
        if len(found) > MOST_WORDS:
            raise DataError(
                text(
                    "engine.too_many_words",
                    column=name,
                    table=table.name,
                    most=MOST_WORDS,
                    choices=", ".join(column.choices),
                ),
                hint=text("engine.name_header", table=table.name, column=name),
            )
        theirs = [row[name] for row in found if row[name] is not None]
        value = nw.col(name)
        for choice in column.choices:
            meant = [word for word in theirs if known.get(key(word)) == choice != word]
            if meant:
                value = nw.when(nw.col(name).is_in(meant)).then(nw.lit(choice)).otherwise(value)
        columns[name] = value
    return columns


def _tellable(value: nw.Expr, type_: nw.Datetime) -> nw.Expr:
    """The moment, and in place of one outside of our calendar another: a large one may be none
    in microseconds."""
    zone = UTC if type_.time_zone else None
    first, after = (datetime.combine(d, time(), zone) for d in (FIRST, LAST + DAY))
    return (
        nw.when(value < first)
        .then(nw.lit(first - DAY))
        .otherwise(nw.when(value >= after).then(nw.lit(after)).otherwise(value))
    )


def _local(
    backend: Backend, rows: nw.LazyFrame, times: list[str], zone: ZoneInfo
) -> dict[str, nw.Expr]:
    """Moments in the zone, by the offsets that it had between the first and the last."""
    known = {
        name: nw.when(~expression(outside_calendar(name))).then(nw.col(name)) for name in times
    }
    bounds = {f"{n}:{end}": getattr(known[n], end)() for n in times for end in ("min", "max")}
    ((found,),) = backend.fetch([rows.select(**bounds)])
    instants = sorted(value for value in found.values() if value is not None)
    shifts = offsets(instants[0], instants[-1], zone) if instants else {}
    moments = {}
    for name in times:
        local = instant = nw.col(name)
        for since, offset in shifts.items():
            seconds = int(offset.total_seconds())
            shifted = instant.dt.offset_by(f"{seconds}s") if seconds else instant
            local = nw.when(instant >= since).then(shifted).otherwise(local)
        moments[name] = local
    return moments


def offsets(first: datetime, last: datetime, zone: ZoneInfo) -> dict[datetime, timedelta]:
    """From which instant on, in UTC, the zone has which offset."""

    def offset(instant: datetime) -> timedelta:
        return instant.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()

    found, instant = {first: offset(first)}, first
    while instant < last:
        following = min(instant + timedelta(days=1), last)
        if offset(following) != offset(instant):
            low, high = instant, following
            while high - low > timedelta(microseconds=1):
                middle = low + (high - low) / 2
                low, high = (low, middle) if offset(middle) != offset(low) else (middle, high)
            found[high] = offset(high)
        instant = following
    return found
