"""What time the rows of each table cover, and what that makes of a result.

A count or a sum is 0 from the table's first row on, and nothing before it. A period in which a
table of events has no row at all, while each other one has some, looks like a missing file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import narwhals.stable.v2 as nw

from crm_kpi.frames.context import FrameContext
from crm_kpi.messages import Message, joined, text
from crm_kpi.metrics._spec import MetricValue
from crm_kpi.periods import Period
from crm_kpi.results import Status, Unit
from crm_kpi.tables import TABLES

EVENTS = frozenset({"transactions", "tickets", "surveys", "leads", "interactions"})
"""Tables whose rows come steadily, so that none at all in a period is odd."""
STEADY = 3
"""So many rows in each other whole period are steady."""


@dataclass(frozen=True)
class Coverage:
    """The time that the rows of a table cover.

    first: the day of the first row; None where there is none.
    missing: the periods, as (start, until), of which a file seems to be missing.
    open_since: the first day of rows that are left out until it is known what becomes of them.
    """

    table: str
    first: date | None
    missing: frozenset[tuple[date, date]] = frozenset()
    open_since: date | None = None

    def settle(
        self, answer: MetricValue, period: Period, unit: Unit, *, is_total: bool
    ) -> MetricValue:
        """The answer of a period, as the rows of the table bear it.

        is_total: it is a count or a sum.
        """
        nothing = not answer.value and not answer.n and answer.status is None
        if is_total and nothing:
            if self.first is None or period.until <= self.first:
                return replace(answer, value=None, reason=self._no_row_yet())
            zero = Decimal(0) if unit is Unit.MONEY else 0
            answer = replace(answer, value=zero, reason=None)
        if (period.start, period.until) in self.missing:
            lacking = text("engine.rows_missing", table=self.table, period=period.label)
            reason = joined([answer.reason, lacking] if answer.reason else [lacking])
            status = answer.status if answer.value is None else Status.PENDING
            return replace(answer, status=status, reason=reason)
        still_open = self.open_since is not None and period.until > self.open_since
        if still_open and answer.value is not None and answer.status is None:
            reason = text("engine.orders_still_open", since=self.open_since)
            return replace(answer, status=Status.PENDING, reason=reason)
        return answer

    def _no_row_yet(self) -> Message:
        if self.first is None:
            return text("engine.no_rows", table=self.table)
        return text("engine.before_first_row", table=self.table, first=self.first)


def coverages(
    context: FrameContext,
    tables: Iterable[str],
    whole: Sequence[Period],
    open_since: Mapping[str, date],
) -> dict[str, Coverage]:
    """The coverage of these tables, with all their rows.

    whole: the whole periods between the first day of the data and the last known one.
    open_since: by table the first day of rows of which it is not known what becomes of them.
    """
    names = list(dict.fromkeys(tables))
    days = [_rows_by_day(context, name) for name in names]
    found = context.backend.fetch(days)
    return {
        name: replace(
            _coverage(name, {row["day"]: int(row["n"]) for row in rows}, whole),
            open_since=open_since.get(name),
        )
        for name, rows in zip(names, found, strict=True)
    }


def _rows_by_day(context: FrameContext, table: str) -> nw.LazyFrame:
    day = nw.col(TABLES[table].dated)
    rows = context.tables.unfiltered[table].select(day=day).filter(~nw.col("day").is_null())
    if table in EVENTS:
        return rows.group_by("day").agg(n=nw.len())
    return rows.select(nw.col("day").min(), n=nw.len()).filter(nw.col("n") > 0)


def _coverage(table: str, days: Mapping[date, int], whole: Sequence[Period]) -> Coverage:
    first = min(days, default=None)
    if first is None or table not in EVENTS:
        return Coverage(table, first)
    periods = [period for period in whole if period.until > first]
    counts: Counter[Period] = Counter()
    at = 0
    for day in sorted(days):
        while at < len(periods) and periods[at].until <= day:
            at += 1
        if at < len(periods) and periods[at].start <= day:
            counts[periods[at]] += days[day]
    empty = [period for period in periods if not counts[period]]
    if len(empty) != 1 or len(periods) == 1 or min(counts.values()) < STEADY:
        return Coverage(table, first)
    return Coverage(table, first, frozenset((each.start, each.until) for each in empty))
