"""Until when is known: the end of a day, or a moment of it; declared, today, or what the data
say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from crm_kpi.frames.backend import Backend
from crm_kpi.periods import DAY, KnownUntil
from crm_kpi.sources.loading.loaded_table import ScannedTable, TableInput
from crm_kpi.tables import TABLES, Kind, day

if TYPE_CHECKING:
    from crm_kpi.config import Config

TO_COME = frozenset({"end_date", "trial_end", "due_date", "expected_close"})
"""Dates that are set before anything happens: the data may end long before them."""


def today(timezone: str) -> date:
    """The day that it is now in a time zone."""
    return datetime.now(ZoneInfo(timezone)).date()


def declared(config: Config) -> KnownUntil:
    """What the config says; today, where it says nothing or leaves it to the data."""
    if config.as_of is None or isinstance(config.as_of, str):
        return KnownUntil(today(config.timezone))
    if isinstance(config.as_of, datetime):
        return KnownUntil(config.as_of.date(), config.as_of, config.timezone)
    return KnownUntil(config.as_of)


def newest(backend: Backend, loaded: Mapping[str, TableInput], until: date) -> date | None:
    """The newest day up to `until` on which something happened, in all tables that are read."""
    return max(_newest(backend, loaded, until), default=None)


def _newest(backend: Backend, loaded: Mapping[str, TableInput], until: date) -> Iterator[date]:
    for table, found in loaded.items():
        columns = _events(table, found)
        if isinstance(found, ScannedTable):
            known = [nw.when(nw.col(c) <= until).then(nw.col(c)).max().alias(c) for c in columns]
            ((row,),) = backend.fetch([found.rows.select(*known)])
            yield from filter(None, row.values())
            continue
        for name in columns:
            days = found.frame[name]
            last = days.filter(days <= until).max()
            if isinstance(last, date):
                yield last


def _events(table: str, rows: TableInput) -> list[str]:
    """The days of a table on which something happened."""
    there = rows.rows.columns if isinstance(rows, ScannedTable) else rows.frame.columns
    passed = TO_COME
    if "churned" in there:  # where a yes stands for the day of leaving, that is today
        passed |= {"churn_date"}
    names = {c.name: c.kind for c in TABLES[table].columns if c.name not in passed}
    days = [day(n) if kind is Kind.TIME else n for n, kind in names.items() if kind in _DATED]
    return [name for name in days if name in there]


_DATED = (Kind.DATE, Kind.TIME)


def as_known(rows: nw.LazyFrame, table: str, as_of: KnownUntil, read_until: date) -> nw.LazyFrame:
    """The rows of a table as they are known: what comes later on the day of `as_of` comes on
    the day after it, as far as days are asked for.

    read_until: the day that the tables were read as of, on which those left of whom a yes alone
        says that they did.
    """
    there, changed = rows.columns, {}
    moment = as_of.moment
    for column in TABLES[table].columns if moment else ():
        if column.kind is Kind.TIME and column.name in there:
            on = nw.col(day(column.name))
            later = (nw.col(column.name) > moment) & (on == as_of.day)
            changed[day(column.name)] = nw.when(later).then(as_of.day + DAY).otherwise(on)
    if read_until > as_of.day and {"churned", "churn_date"} <= set(there):
        left = nw.col("churn_date")
        changed["churn_date"] = (
            nw.when(nw.col("churned") & (left == read_until)).then(as_of.day).otherwise(left)
        )
    return rows.with_columns(**changed) if changed else rows
