"""What a column means where the file does not write it so, for the loader and every engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.conditions import ColumnRef, Condition, compare, flag, is_null
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.tables import Kind, Table, day

STAND_INS = {"customers": ("churned", "churn_date")}
"""Per table: a yes or no, and the column that it serves for where the date is not known.

Not `leads.converted`: whether a lead converted within a window cannot be told without the date.
"""

POSITIVE_REFUND = compare("kind", "==", "refund") & compare("amount", ">", 0)

LocalTime = Callable[[str], nw.Expr]
"""A column of moments on the clock of the report, without a zone."""


def stand_ins(
    table: Table, columns: Collection[str], as_of: date, local: LocalTime
) -> dict[str, nw.Expr]:
    """The columns in which something stands for a date that the file does not have, or that it
    has by the day alone."""
    flagged, column = STAND_INS.get(table.name, ("", ""))
    ends = _end(table, columns, flagged, column, as_of) if flagged in columns else {}
    return _ending_on_the_day(table, columns, local) | ends


def with_stand_ins(table: Table, columns: Iterable[str]) -> frozenset[str]:
    """These columns, and those that a yes or no among them stands in for."""
    flagged, column = STAND_INS.get(table.name, ("", ""))
    names = frozenset(columns)
    return names | {column} if flagged in names else names


def negative_refunds(table: Table, columns: Collection[str]) -> dict[str, nw.Expr]:
    """Refunds are negative, however the file writes them."""
    if not may_have_refunds(table, columns):
        return {}
    return {"amount": _corrected("amount", POSITIVE_REFUND, -nw.col("amount"))}


def may_have_refunds(table: Table, columns: Collection[str]) -> bool:
    """Whether the rows say of themselves that they are refunds."""
    return table.name == "transactions" and "kind" in columns


def refunds_note(positive: int) -> str:
    """What is said of refunds that the file writes as positive amounts."""
    return f"refunds with a positive amount, counted as negative: {positive}"


def _end(
    table: Table, columns: Collection[str], flagged: str, column: str, as_of: date
) -> dict[str, nw.Expr]:
    """Where only a yes says that something ended, it ended on `as_of`, or as it began if that
    was later on that day."""
    began = [first for first, last in table.ordered if last == column and first in columns]
    ended = nw.max_horizontal(nw.lit(as_of, nw.Date), *began)
    if column in columns:
        return {column: _corrected(column, flag(flagged) & is_null(column), ended)}
    return {column: nw.when(expression(flag(flagged))).then(ended)}


def _ending_on_the_day(
    table: Table, columns: Collection[str], local: LocalTime
) -> dict[str, nw.Expr]:
    """What began and ended on one day, such as a deal or a lead of which a CRM keeps the day of
    the end alone, did not end at midnight, before it began: it ended when it began."""
    ends: dict[str, nw.Expr] = {}
    for start, end in table.ordered:
        if table[end].kind is not Kind.TIME or not {start, end} <= set(columns):
            continue
        same_day = compare(day(end), "==", ColumnRef(day(start)))
        before = compare(end, "<", ColumnRef(start)) & same_day
        ended, began, known = local(end), nw.col(start), ends.get(end, nw.col(end))
        at_midnight = expression(before) & (ended == ended.dt.truncate("1d"))
        # Of several beginnings the latest.
        ends[end] = nw.when(at_midnight & (known < began)).then(began).otherwise(known)
    return ends


def _corrected(column: str, where: Condition, value: nw.Expr) -> nw.Expr:
    return nw.when(expression(where)).then(value).otherwise(nw.col(column))
