"""What a column means where the file does not write it so, for the loader and every engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import narwhals.stable.v2 as nw

from crm_kpi.conditions import ColumnRef, Condition, compare
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.messages import Message, text
from crm_kpi.tables import Table, day

STAND_INS = {"customers": ("churned", "churn_date")}
"""Per table: a yes or no, and the column of dates that is blank where a file has only that.

Not `leads.converted`: whether a lead converted within a window cannot be told without the date.
"""

POSITIVE_REFUND = compare("kind", "==", "refund") & compare("amount", ">", 0)

LocalTime = Callable[[str], nw.Expr]
"""A column of moments on the clock of the report, without a zone."""


def stand_ins(table: Table, columns: Collection[str], local: LocalTime) -> dict[str, nw.Expr]:
    """The columns in which something stands for a date that the file does not have, or that it
    has by the day alone."""
    if table.name == "opportunities":
        return _closing_on_the_day(columns, local)
    return {name: nw.lit(None, nw.Date) for name in with_stand_ins(table, columns) - {*columns}}


def with_stand_ins(table: Table, columns: Iterable[str]) -> frozenset[str]:
    """These columns, and the one of dates that a yes or no among them stands in for."""
    flagged, column = STAND_INS.get(table.name, ("", ""))
    names = frozenset(columns)
    return names | {column} if flagged in names else names


def common(table: Table, files: Iterable[frozenset[str]]) -> frozenset[str]:
    """The columns that all files have, which may have stand-ins. A yes or no that some have is
    blank in those that have the dates."""
    every = [*files]
    names = frozenset.intersection(*every)
    flagged, column = STAND_INS.get(table.name, ("", ""))
    return names | {flagged} if column in names and any(flagged in f for f in every) else names


def negative_refunds(table: Table, columns: Collection[str]) -> dict[str, nw.Expr]:
    """Refunds are negative, however the file writes them."""
    if not may_have_refunds(table, columns):
        return {}
    return {"amount": _corrected("amount", POSITIVE_REFUND, -nw.col("amount"))}


def may_have_refunds(table: Table, columns: Collection[str]) -> bool:
    """Whether the rows say of themselves that they are refunds."""
    return table.name == "transactions" and "kind" in columns


def refunds_note(positive: int) -> Message:
    """The note of refunds that the file writes as positive amounts."""
    return text("checks.positive_refunds", number=positive)


def _closing_on_the_day(columns: Collection[str], local: LocalTime) -> dict[str, nw.Expr]:
    """A deal created and closed on one day, of which a CRM keeps the day of closing alone, was
    not closed at midnight, before it was created: it counts as closed when it was created."""
    if not {"created_at", "closed_at"} <= set(columns):
        return {}
    same_day = compare(day("closed_at"), "==", ColumnRef(day("created_at")))
    before = compare("closed_at", "<", ColumnRef("created_at")) & same_day
    closed = local("closed_at")
    at_midnight = expression(before) & (closed == closed.dt.truncate("1d"))
    created = nw.col("created_at")
    return {"closed_at": nw.when(at_midnight).then(created).otherwise(nw.col("closed_at"))}


def _corrected(column: str, where: Condition, value: nw.Expr) -> nw.Expr:
    return nw.when(expression(where)).then(value).otherwise(nw.col(column))
