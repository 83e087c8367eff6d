"""When a canceled subscription ends: with the term that is paid for, not on the day of the word."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import MappedBlock
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.spec import ReadOptions

_NEEDS = ("canceled_at", "due_date")


class CanceledEnd(Question):
    """Whether a subscription that was canceled is paid until its term ends."""

    name = "canceled_end"
    title = text("meaning.canceled_end")
    tables = frozenset({"subscriptions"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.filled = 0
        for part in block.parts:  # a file may have no other end than that of the term
            part.has.setdefault("end_date", part.has["due_date"])

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return all(name in part.has for part in block.parts for name in _NEEDS)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return None

    def rows(self, rows: BlockRows) -> None:
        frame = rows.frame
        if not set(_NEEDS) <= set(frame.columns):
            return
        there = "end_date" in frame.columns
        end = pl.col("end_date") if there else pl.lit(None, pl.Date)
        later = (pl.col("due_date") > pl.col("canceled_at")).fill_null(value=False)
        paid_on = end.is_null() & pl.col("canceled_at").is_not_null() & later
        self.filled += int(frame.select(paid_on.sum()).item())
        otherwise = end if there else pl.col("canceled_at")
        until = pl.when(paid_on).then(pl.col("due_date")).otherwise(otherwise)
        rows.frame = frame.with_columns(until.alias("end_date"))

    def readings(self) -> Iterable[Reading]:
        if self.filled:
            what, why = text("meaning.until_term_ends"), text("meaning.canceled_later_end")
            short = text("meaning.paid_until_term_ends", count=self.filled)
            yield Reading("end_date", what, How.CONVENTIONAL, why, self.filled, short=short)
