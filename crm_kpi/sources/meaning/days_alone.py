"""Whether the moments of tickets have a time of day; if none has, durations are whole days."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has
from crm_kpi.sources.parsing.time_columns import midnight
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import day

_BEGIN = "created_at"
_ENDS = ("first_reply_at", "first_solved_at", "solved_at")
_HEAD = 1000
"""Rows that are looked at first: most files have a time of day in the first one."""


class DaysAlone(Question):
    """Which moments of tickets are days."""

    name = "days_alone"
    title = text("meaning.days_alone")
    tables = frozenset({"tickets"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.days = dict.fromkeys((name for name in (_BEGIN, *_ENDS) if name in self.asked), 0)
        """How many values of each column have none so far; one that has some is left out."""

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        ends = tuple(name for name in _ENDS if has(view, name))
        return HeaderAnswer(looks_at=(_BEGIN, *ends) if ends else ())

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return None  # typed Parquet says itself what is a day

    def rows(self, rows: BlockRows) -> None:
        for name in list(self.days):
            moments, days = rows.column(name), rows.column(day(name))
            if moments is None or days is None:
                del self.days[name]
                continue
            for part in (slice(0, _HEAD), slice(_HEAD, None)):
                count = self._without_time(moments[part], days[part])
                if count is None:
                    del self.days[name]
                    break
                self.days[name] += count

    def _without_time(self, moments: pl.Series, days: pl.Series) -> int | None:
        """How many values there are; None where one has a time of day."""
        timed = moments != midnight(days, self.options.timezone)
        return None if timed.any() else moments.count()

    def readings(self) -> Iterable[Reading]:
        for name, count in self.days.items():
            if count:
                header = next(iter(self.block.headers(name)), name)
                yield Reading(
                    header,
                    text("meaning.whole_days"),
                    How.CONVENTIONAL,
                    text("meaning.no_time_of_day"),
                    count,
                    short=text("meaning.whole_days_short", column=header),
                )
