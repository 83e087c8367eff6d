"""What must hold within a row, between its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time

import polars as pl

from crm_kpi.sources.csvfile import ROW
from crm_kpi.sources.rejects import (
    BLANK,
    BLANK_CURRENCY,
    END_BEFORE_START,
    NEGATIVE_AMOUNT,
    NO_CLOSING_DATE,
    SCORE_OUT_OF_RANGE,
    Fault,
    Rejects,
)
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import Kind, Table, day

MAY_BE_BLANK = {("transactions", "customer_id"), ("opportunities", "created_at"),
                ("surveys", "score")}  # fmt: skip
"""Required columns of which single values may be blank."""

STAND_INS = {"customers": ("churned", "churn_date")}
"""Per table: a yes or no, and the column that it serves for where the date is not known.

Not `leads.converted`: whether a lead converted within a window cannot be told without the date.
"""

_Rule = tuple[pl.Expr, str, str, str | None]
"""Which rows break it, the reason, the column, a hint."""

col = pl.col


def check(
    frame: pl.DataFrame,
    table: Table,
    options: ReadOptions,
    rejects: Rejects,
) -> None:
    """Reject the rows that break a rule."""
    rules = list(_rules(frame.columns, table, options))
    broken = frame.select(rule.fill_null(False).alias(str(i)) for i, (rule, *_) in enumerate(rules))
    for mask, (_, reason, column, hint) in zip(broken, rules, strict=True):
        if mask.any():
            bad = frame.filter(mask)
            rejects.add([Fault(bad[ROW], reason, column, bad[column], hint, parsed=True)])


def _rules(columns: list[str], table: Table, options: ReadOptions) -> Iterator[_Rule]:
    has = set(columns).__contains__
    for name in table.required:
        if (table.name, name) not in MAY_BE_BLANK and has(name):
            blank = col(name).is_null()
            if (table.name, name) == ("surveys", "answered_at"):
                blank &= col("score").is_not_null()
            yield blank, BLANK, name, None
    for start, end in table.ordered:
        if has(start) and has(end):
            yield col(end) < col(start), END_BEFORE_START, end, _order_hint(table, start, end)
    if table.name == "subscriptions":
        yield col("amount") < 0, NEGATIVE_AMOUNT, "amount", None
    if table.name == "opportunities" and has("outcome") and has("closed_at"):
        closed = col("outcome").is_in(["won", "lost"])
        yield closed & col("closed_at").is_null(), NO_CLOSING_DATE, "closed_at", None
    if "currency" in table and has("currency"):
        yield col("currency").is_null(), BLANK_CURRENCY, "currency", None
    if table.name == "surveys" and has("survey"):
        for survey, (low, high) in options.scales.items():
            mine = col("survey") == survey
            outside = ~col("score").is_between(low, high)
            yield mine & outside, SCORE_OUT_OF_RANGE, "score", f"{survey} goes from {low} to {high}"


def _order_hint(table: Table, start: str, end: str) -> str:
    hint = f"{start} is later"
    if table[end].kind is Kind.TIME:
        hint += "; a date without time of day counts from midnight"
    return hint


def stand_in(frame: pl.DataFrame, table: Table, options: ReadOptions) -> pl.DataFrame:
    """Where only a yes says that something ended, it ended on `as_of`, or as it began if that
    was later on that day."""
    if table.name == "opportunities":
        return _closed_by_the_day(frame, options)
    flag, column = STAND_INS.get(table.name, ("", ""))
    if flag not in frame.columns:
        return frame
    there = column in frame.columns
    unknown = col(flag) & col(column).is_null() if there else col(flag)
    began = [first for first, last in table.ordered if last == column and first in frame.columns]
    ended = pl.max_horizontal(pl.lit(options.as_of, pl.Date), *map(col, began))
    known = col(column) if there else pl.lit(None, pl.Date)
    return frame.with_columns(pl.when(unknown).then(ended).otherwise(known).alias(column))


def _closed_by_the_day(frame: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
    """A deal created and closed on one day, of which a CRM keeps the day of closing alone, was
    not closed at midnight, before it was created: it counts as closed when it was created."""
    if not {"created_at", "closed_at"} <= set(frame.columns):
        return frame
    closed = col("closed_at").dt.replace_time_zone("UTC").dt.convert_time_zone(options.timezone)
    at_once = (
        (col("closed_at") < col("created_at"))
        & (col(day("closed_at")) == col(day("created_at")))
        & (closed.dt.time() == time())
    )
    return frame.with_columns(closed_at=pl.when(at_once).then("created_at").otherwise("closed_at"))


def with_stand_ins(table: Table, columns: Iterable[str]) -> frozenset[str]:
    """These columns, and those that a yes or no among them stands in for."""
    flag, column = STAND_INS.get(table.name, ("", ""))
    names = frozenset(columns)
    return names | {column} if flag in names else names


def future(frame: pl.DataFrame, table: Table, as_of: date) -> pl.Expr | None:
    """The rows that are dated after `as_of`."""
    at = table.dated
    return (col(at) > as_of).fill_null(False) if at in frame.columns else None
