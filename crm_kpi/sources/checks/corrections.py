"""What a column means where the file does not write it so, for the loader and every engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import narwhals.stable.v2 as nw

from crm_kpi.conditions import ColumnRef, Condition, compare
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.messages import Message, text
from crm_kpi.tables import Kind, Table, day

STAND_INS = {"customers": ("churned", "churn_date")}
"""Per table: a yes or no, and the column of dates that is blank where a file has only that.

Not `leads.converted`: whether a lead converted within a window cannot be told without the date.
"""

KINDS = {"transactions": "kind"}
"""Per table: a column of which a blank is told by the rest of its row."""

POSITIVE_REFUND = compare("kind", "==", "refund") & compare("amount", ">", 0)

LocalTime = Callable[[str], nw.Expr]
"""A column of moments on the clock of the report, without a zone."""


def stand_ins(table: Table, columns: Collection[str], local: LocalTime) -> dict[str, nw.Expr]:
    """The columns in which something stands for a date that the file does not have, or that it
    has by the day alone, or for the amount of all seats."""
    endings: dict[str, nw.Expr] = {}
    if table.name in STAND_INS:
        for name in with_stand_ins(table, columns) - {*columns}:
            endings[name] = nw.lit(None, nw.Date)
    if table.name == "subscriptions" and "unit_amount" in columns:
        seats = nw.col("quantity").fill_null(1) if "quantity" in columns else nw.lit(1)
        endings["amount"] = nw.col("unit_amount") * seats.cast(nw.Int64)
    return _ending_on_the_day(table, columns, local) | endings


def with_stand_ins(table: Table, columns: Iterable[str]) -> frozenset[str]:
    """These columns, and the one of dates that a yes or no among them stands in for."""
    flagged, column = STAND_INS.get(table.name, ("", ""))
    names = frozenset(columns)
    names |= {made for made, others in table.instead if not names.isdisjoint(others)}
    return names | {column} if flagged in names else names


def common(table: Table, files: Iterable[frozenset[str]]) -> frozenset[str]:
    """The columns that all files have, which may have stand-ins. A yes or no that some have is
    blank in those that have the dates; a kind that some have, such as those of returns beside
    those of sales, is blank in the others, whose rows are what their amounts say."""
    every = [*files]
    names = frozenset.intersection(*every)
    if table.name in KINDS:
        names |= {KINDS[table.name]} & frozenset.union(*every)
    flagged, column = STAND_INS.get(table.name, ("", ""))
    return names | {flagged} if column in names and any(flagged in f for f in every) else names


def may_be_lacking(table: Table, name: str) -> bool:
    """Whether rows of a file that lacks the column are what rows with a blank in it are. A ticket
    of a file that does not tell of replies is not one without a reply."""
    if table.name == "transactions" or table[name].kind in (Kind.ID, Kind.TEXT):
        return True
    return table.name == "subscriptions" and name in ("interval", "interval_count", "quantity")


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
