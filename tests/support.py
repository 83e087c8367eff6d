"""Runs the engine on rows typed in a test, past the reading of files.

report = ask({"customers": [...]}, ["retention_rate"], as_of="2024-12-31")
one(report, "retention_rate", "2024-01").value
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, Specs, compute
from crm_kpi.results import Report, Result, SourceAudit
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import PLACE, TABLES, Kind, day

Row = Mapping[str, Any]

TYPES = {
    Kind.ID: pl.String,
    Kind.TEXT: pl.String,
    Kind.CHOICE: pl.String,
    Kind.DATE: pl.Date,
    Kind.TIME: pl.Datetime("us"),
    Kind.MONEY: pl.Decimal(38, 4),
    Kind.NUMBER: pl.Float64,
    Kind.SCORE: pl.Int64,
    Kind.COUNT: pl.Int64,
    Kind.FLAG: pl.Boolean,
}


@dataclass
class Typed:
    """What `sources.load_all` gives per table."""

    frame: pl.DataFrame
    audit: SourceAudit
    columns: frozenset[str]
    headers: tuple[str, ...] = ()
    currency: str | None = None
    unique: frozenset[str] = frozenset()
    rejected: pl.DataFrame = field(default_factory=pl.DataFrame)


def typed(
    name: str, rows: Sequence[Row], zone: str, as_of: date, moment: datetime | None = None
) -> Typed:
    """Rows with Python values as a typed table; text dates and times are read as ISO.

    A column that no row has does not exist, but an empty table has them all. Rows dated
    after `as_of` are left out.
    """
    table = TABLES[name]
    given = {key for row in rows for key in row}
    known = [c for c in table.columns if c.required or c.name in given or not rows]
    others = given - set(table.names)
    data: dict[str, list[Any]] = {}
    types: dict[str, Any] = {}
    for column in known:
        values = [_value(row.get(column.name), column.kind, zone) for row in rows]
        types[column.name] = TYPES[column.kind]
        if column.kind is Kind.TIME:
            data[day(column.name)] = [v and v.astimezone(ZoneInfo(zone)).date() for v in values]
            types[day(column.name)] = pl.Date
            values = [v and v.astimezone(UTC).replace(tzinfo=None) for v in values]
        data[column.name] = values
    for key in sorted(others):
        data[key] = [row.get(key) for row in rows]
        types[key] = pl.String
    if name == "surveys":
        data[PLACE], types[PLACE] = list(range(len(rows))), pl.Int64
    frame = pl.DataFrame(data, schema=types)
    at = table.dated
    frame = frame.filter(pl.col(at).is_null() | (pl.col(at) <= as_of))
    if moment and table[table.at].kind is Kind.TIME:
        frame = frame.filter(pl.col(table.at).is_null() | (pl.col(table.at) <= moment))
    audit = SourceAudit(name, rows=len(rows), used=len(frame), future=len(rows) - len(frame))
    return Typed(frame, audit, frozenset(c.name for c in known), tuple(data))


def _value(value: Any, kind: Kind, zone: str) -> Any:
    if value is None:
        return None
    if kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is Kind.TIME:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return Decimal(str(value)) if kind is Kind.MONEY else value


def ask(
    tables: Mapping[str, Sequence[Row]],
    metrics: Sequence[str],
    *,
    as_of: str | date,
    every: str = "month",
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str | None]] | None = None,
    definitions: Mapping[str, str] | None = None,
    set_: Sequence[str] = (),
    timezone: str = "UTC",
    **query: Any,
) -> Report:
    """The report on these rows; `definitions` are YAML texts by metric or variant name."""
    words = [f"as_of={as_of}", f"periods.every={every}", f"timezone={timezone}", *set_]
    words += [f"definitions.{name}={text}" for name, text in (definitions or {}).items()]
    config = load_config(None, words, env={})

    def read(specs: Specs, options: ReadOptions) -> dict[str, Any]:
        return {t: typed(t, tables[t], timezone, options.as_of, options.moment) for t in specs}

    specs = {name: (SourceSpec(name, (f"{name}.csv",)),) for name in tables}
    return compute(config, KpiQuery(metrics, tuple(by), where or {}, **query), specs, read=read)


def one(report: Report, metric: str, period: str, **segment: str | None) -> Result:
    """The one result of this metric, period and segment."""
    found = [
        result
        for result in report.results
        if (result.metric, result.period, result.segment) == (metric, period, segment)
    ]
    assert len(found) == 1, f"{len(found)} results for {metric} {period} {segment}"
    return found[0]
