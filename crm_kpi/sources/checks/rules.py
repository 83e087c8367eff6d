"""What no row may be: rules as data, the same for whoever has rows to judge.

The loader judges them by `check`; the engine, which counts rows where they lie, puts the
conditions into a query of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.conditions import ColumnRef, Condition, compare, in_range, in_set, is_null
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.messages import Message, text
from crm_kpi.periods import DAY, FIRST, LAST
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Fault, Rejects
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import ROW, Column, Kind, Table

MAY_BE_BLANK = {("opportunities", "created_at"), ("surveys", "score")}
"""Required columns of which single values may be blank."""

_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Rule:
    """A row that meets `broken` is rejected; one of which that is not known is not."""

    broken: Condition
    reason: Reason
    column: str
    hint: Message | None = None


def of_table(
    table: Table, columns: Collection[str], scales: Mapping[str, tuple[int, int]]
) -> Iterator[Rule]:
    """What must hold between the columns of a row, of those that are there; a row is rejected
    for the first rule that it breaks.

    Args:
        scales: the lowest and the highest score of each survey.
    """
    has = set(columns).__contains__
    for name in filter(has, table.required):
        if (table.name, name) not in MAY_BE_BLANK:
            yield Rule(_blank(table, name), Reason.BLANK, name)
    for start, end in table.ordered:
        if has(start) and has(end):
            early = compare(end, "<", ColumnRef(start))
            yield Rule(early, Reason.END_BEFORE_START, end, text("checks.later", column=start))
    if table.name == "subscriptions":
        yield Rule(compare("amount", "<", 0), Reason.NEGATIVE_AMOUNT, "amount")
        if has("interval"):  # of an interval that is not known, an amount says nothing
            yield Rule(is_null("interval"), Reason.BLANK, "interval")
    if table.name == "opportunities" and has("outcome") and has("closed_at"):
        open_ = in_set("outcome", ["won", "lost"]) & is_null("closed_at")
        yield Rule(open_, Reason.NO_CLOSING_DATE, "closed_at")
    if "currency" in table and has("currency"):
        yield Rule(is_null("currency"), Reason.BLANK_CURRENCY, "currency")
    if table.name == "surveys" and has("survey"):
        for survey, (low, high) in scales.items():
            outside = compare("survey", "==", survey) & ~in_range("score", low, high)
            hint = text("checks.scale", survey=survey, low=low, high=high)
            yield Rule(outside, Reason.SCORE_OUT_OF_RANGE, "score", hint)


def of_values(column: Column) -> Iterator[Rule]:
    """What must hold of the values of a typed column. In files of text it is known once a column
    is typed, since only then is there a value."""
    name = column.name
    if column.kind in (Kind.DATE, Kind.TIME):
        yield Rule(outside_calendar(name), Reason.OUTSIDE_CALENDAR, name)
    if column.kind is Kind.CHOICE:
        yield Rule(~in_set(name, column.choices), Reason.UNKNOWN_WORD, name)
    if column.kind is Kind.COUNT:
        yield Rule(compare(name, "<", 0), Reason.NEGATIVE, name)
    if column.kind is Kind.NUMBER:
        # Engines order what is no number after all numbers.
        yield Rule(~in_range(name, -_LARGEST, _LARGEST), Reason.NOT_A_NUMBER, name)
        yield Rule(~in_range(name, 0, 100), Reason.PROBABILITY_OUT_OF_RANGE, name)


def outside_calendar(name: str) -> Condition:
    """The days and the moments that no calendar of ours has."""
    return compare(name, "<", FIRST) | compare(name, ">=", LAST + DAY)


def future(table: Table, options: ReadOptions) -> Condition:
    """The rows that are dated after `as_of`: no fault of theirs, and not counted yet."""
    later = compare(table.dated, ">", options.as_of)
    if options.moment is None or table[table.at].kind is not Kind.TIME:
        return later
    return later | compare(table.at, ">", options.moment)


def check(frame: pl.DataFrame, table: Table, options: ReadOptions, rejects: Rejects) -> None:
    """Reject the rows that break a rule."""
    rules = list(of_table(table, frame.columns, options.scales))
    broken = [expression(rule.broken).alias(str(place)) for place, rule in enumerate(rules)]
    masks = nw.from_native(frame).select(broken).to_native()
    for rule, mask in zip(rules, masks, strict=True):
        if mask.any():
            bad = frame.filter(mask)
            values = bad[rule.column]
            fault = Fault(bad[ROW], rule.reason, rule.column, values, rule.hint, parsed=True)
            rejects.add([fault])


def without_future(frame: pl.DataFrame, table: Table, options: ReadOptions) -> pl.DataFrame:
    """The rows that are dated up to `as_of`, or not at all."""
    if table.dated not in frame.columns:
        return frame
    later = expression(future(table, options)).fill_null(value=False)
    return nw.from_native(frame).filter(~later).to_native()


def _blank(table: Table, name: str) -> Condition:
    if (table.name, name) == ("surveys", "answered_at"):  # a survey that was sent, and no more
        return is_null(name) & ~is_null("score")
    return is_null(name)
