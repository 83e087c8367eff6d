"""Analyses -> tables: each one's rows over the range that is asked for, segment by segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from crm_kpi.engine import ratings
from crm_kpi.engine.aggregate import Segment, aggregate
from crm_kpi.engine.finish import plain, words
from crm_kpi.engine.segments import Split, column
from crm_kpi.frames.context import Context
from crm_kpi.kpi import Definition, Kpi, KpiRequest, of_type
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.periods import DAY, Calendar, Period
from crm_kpi.results import Result, Unit

if TYPE_CHECKING:
    from crm_kpi.analyses._spec import Analysis, Row, Scope

AskByName = Callable[[Sequence[str]], Sequence[KpiRequest[Kpi]]]
"""KPIs by name, with the definitions in force."""

WHO = "value"


def table_answers(
    asked: Sequence[KpiRequest[Analysis]],
    context: Context,
    split: Split,
    by: Sequence[str],
    *,
    custom: int,
    requests: AskByName,
) -> dict[str, list[Row]]:
    """The tables by name.

    Args:
        by: an analysis is made for each value of these columns, as --where would;
            its rows then begin with `segment.COLUMN`.
        custom: how many of the calendar's last periods are custom ones, which overlap
            the others; analyses leave them out.
    """
    regular = context.timeline.calendar.answer[: len(context.timeline.calendar.answer) - custom]
    calendars = {True: regular, False: (_whole(regular),)}
    mains = {request.name: next(iter(request.needs)) for request in asked}
    segments = {main: _segments(context, by, main) for main in dict.fromkeys(mains.values())}
    found: dict[str, list[Row]] = {request.name: [] for request in asked}
    # Segment by segment, so that the rows of one are picked out once for all analyses.
    for segment in sorted(set().union(*segments.values()), key=_order):
        named = {f"segment.{name}": value for name, value in zip(by, segment, strict=True)}
        mine = _part(context, split, dict(zip(by, segment, strict=True)))
        parts = {
            by_period: replace(
                mine,
                timeline=replace(mine.timeline, calendar=Calendar(calendar, len(calendar), {})),
                within=(mine, ()),
                _built={},
            )
            for by_period, calendar in calendars.items()
        }
        for request in asked:
            if segment in segments[mains[request.name]]:
                scope = _scope(parts[request.kpi.by_period], requests)
                for row in request.kpi.rows(scope, request.definition):
                    values = {name: plain(value) for name, value in row.items()}
                    found[request.name].append(named | values)
    return found


def row_count(
    request: KpiRequest[Kpi], rows: Sequence[Row], rules: Iterable[Any], as_of: date
) -> Result:
    """How many rows a table of things to do has, as a result that thresholds can rate."""
    result = Result(
        metric=request.name,
        period=as_of.isoformat(),
        start=as_of,
        end=as_of + DAY,
        partial=False,
        segment={},
        value=len(rows),
        unit=Unit.COUNT.value,
        n=len(rows),
        low=None,
        high=None,
        components={},
        definition=words(request.definition),
    )
    ratings.rate([result], rules, higher_is_better=False)
    return result


def _whole(periods: Sequence[Period]) -> Period:
    """From the first day of the first period to the last known day of the last."""
    first, last = periods[0], periods[-1]
    until = max(first.start, last.until)
    return Period("all", first.start, last.end, until, first.start, last.end > until)


def _part(context: Context, split: Split, values: Mapping[str, str | None]) -> Context:
    """The context of one segment."""
    tables = _Kept(context, split, values)
    # Where a customer's rows are in several segments, a part of their orders is no selection.
    parted = bool(context.own_by("transactions"))
    mine = (context, [_is(name, value) for name, value in values.items()])
    within = None if parted else mine
    return replace(context, tables=tables, bare=tables, by=(), within=within, _built={})


def _is(name: str, value: str | None) -> nw.Expr:
    there = nw.col(column(name))
    return there.is_null() if value is None else there == value


def _segments(context: Context, by: Sequence[str], main: str) -> set[Segment]:
    """The segments that a table has; without `by` all of it is one."""
    if not by:
        return {()}
    keys = [column(name) for name in by]
    rows = context.tables[main]
    theirs = [name for name in keys if name not in context.own[main]]
    if theirs and context.customers is not None and context.has(main, "customer_id"):
        of_customers = ["customer_id", *(name for name in keys if name not in theirs)]
        rows = context.bare[main].select(of_customers).unique(of_customers)
        rows = context.with_theirs(rows, main)
    (found,) = context.adapter.collect([rows.select(keys).unique(keys)])
    return {tuple([row[key] for key in keys]) for row in found}


def _order(segment: Segment) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in segment]


class _Kept(Mapping[str, nw.LazyFrame]):
    """The rows of one segment, table by table, picked out when they are first asked for."""

    def __init__(self, context: Context, split: Split, values: Mapping[str, str | None]) -> None:
        self._context, self._split, self._values = context, split, values
        self._found: dict[str, nw.LazyFrame] = {}

    def __getitem__(self, table: str) -> nw.LazyFrame:
        if table not in self._found:
            rows = self._context.tables[table]
            mine = [
                _is(name, value)
                for name, value in self._values.items()
                if not self._split.lacks(table, [name])
            ]
            self._found[table] = self._context.keep(rows.filter(*mine)) if mine else rows
        return self._found[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._context.tables)

    def __len__(self) -> int:
        return len(self._context.tables)


def _scope(context: Context, requests: AskByName) -> Scope:
    from crm_kpi.analyses._spec import Scope

    def in_force(metric: str) -> Definition:
        (request,) = requests([metric])
        return request.definition

    def measure(
        metrics: Sequence[str], columns: Mapping[str, str]
    ) -> dict[str | None, dict[str, MetricValue]]:
        return _measure(context, of_type(requests(metrics), Metric), columns)

    return Scope(context, measure, in_force)


def _measure(
    context: Context, asked: Sequence[KpiRequest[Metric]], columns: Mapping[str, str]
) -> dict[str | None, dict[str, MetricValue]]:
    """See `crm_kpi.analyses._spec.Measure`."""
    tables = {
        table: context.tables[table].with_columns(**{column(WHO): context.adapter.text(name)})
        for table, name in columns.items()
        if context.has(table, name)
    }
    own = {table: frozenset([column(WHO)]) for table in tables}
    there = {table: context.columns[table] for table in tables}
    ready = [request for request in asked if not request.lacking(there)]
    (period,) = context.timeline.calendar.answer
    split = replace(
        context,
        tables=tables,
        bare=tables,
        by=(column(WHO),),
        own=own,
        customers=None,
        within=None,
        _built={},
    )
    states = aggregate(split, [(r.name, r.kpi.parts(r.definition), [(WHO,)]) for r in ready])
    found: dict[str | None, dict[str, MetricValue]] = {}
    for request in ready:
        names = request.kpi.names(request.definition)
        for (_, (who,)), values in states[request.name, (WHO,)].items():
            state = AggregateState(period, values, names)
            answer = request.kpi.answer(state, request.definition)
            found.setdefault(who, {})[request.name] = answer
    return found
