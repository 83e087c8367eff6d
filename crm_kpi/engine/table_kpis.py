"""Analyses -> tables: each one's rows over the range that is asked for, segment by segment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_kpi.engine.aggregate import Segment, aggregate
from crm_kpi.engine.finish import normalize_row, to_plain_values
from crm_kpi.engine.segments import segments_of_table
from crm_kpi.engine.thresholds import rate
from crm_kpi.errors import UsageError
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import segment_column
from crm_kpi.kpi import Definition, Kpi, KpiRequest, of_type
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue, ValueKpi
from crm_kpi.periods import DAY, Calendar, Period, Rhythm, range_before
from crm_kpi.results import Aside, Refused, Result, Skipped, Unit

if TYPE_CHECKING:
    from crm_kpi.analyses._spec import Analysis, ComparePeriods, Row, Scope

AskByName = Callable[[Sequence[str]], Sequence[KpiRequest[Kpi]]]
"""KPIs by name, with the definitions in force."""
NamedByGoals = Callable[[str], Collection[str]]
"""The values of a column that have goals of their own."""
PastOfRequest = Callable[[FrameContext, KpiRequest[ValueKpi]], Sequence[Result]]
"""A KPI over all whole periods."""

WHO = "value"


def table_rows(
    asked: Sequence[KpiRequest[Analysis]],
    context: FrameContext,
    by: Sequence[str],
    *,
    custom: int,
    requests: AskByName,
    with_goals: NamedByGoals,
    past: PastOfRequest,
    compare: ComparePeriods,
    must: Collection[str] = (),
) -> tuple[dict[str, list[Row]], dict[str, Aside], list[Skipped]]:
    """The tables by name, what stands beside them, and those that refuse to be made.

    Args:
        by: an analysis is made for each value of these columns, as --where would;
            its rows then begin with `segment.COLUMN`. One that gives accounts by
            columns gives one by each of these too.
        custom: how many of the calendar's last periods are custom ones, which overlap
            the others; analyses leave them out.
        with_goals: the values of a column that have goals of their own.
        past: a KPI over all whole periods, of the rows of a context.
        compare: what sets two periods of a metric side by side.
        must: those whose refusal is an error.

    Raises:
        UsageError: one that must be made refuses.
    """
    rhythm = context.timeline.calendar.rhythm
    periods = context.timeline.calendar.answer
    regular = periods[: len(periods) - custom]
    calendars = {
        span: _calendar(regular, rhythm, *span)
        for span in {(request.kpi.by_period, request.kpi.compared) for request in asked}
    }
    mains = {request.name: next(iter(request.needs)) for request in asked}
    apart = [r.name for r in asked if r.kpi.accounts(r.definition) is None]
    segments = {
        main: segments_of_table(context, by, main)
        for main in dict.fromkeys(mains[name] for name in apart)
    }
    theirs = {name: segments[mains[name]] if name in apart else {()} for name in mains}
    tables: dict[str, list[Row]] = {request.name: [] for request in asked}
    asides = {request.name: Aside() for request in asked}
    refused: dict[str, Skipped] = {}
    # Segment by segment, so that the rows of one are picked out once for all analyses.
    for segment in sorted(set().union(*theirs.values()), key=_order):
        values = dict(zip(by if segment else (), segment, strict=True))
        named = {f"segment.{name}": value for name, value in values.items()}
        mine = context.for_segment({segment_column(name): v for name, v in values.items()})
        parts = {span: mine.for_calendar(calendar) for span, calendar in calendars.items()}
        for request in asked:
            if segment in theirs[request.name]:
                span = request.kpi.by_period, request.kpi.compared
                aside = asides[request.name]
                scope = _scope(
                    parts[span], requests, with_goals, compare, request, past, rhythm, aside, values
                )
                try:
                    rows = request.kpi.rows(scope, request.definition)
                except UsageError as error:
                    if request.name in must:
                        raise
                    refused[request.name] = Skipped(request.name, (Refused(error.message),))
                    continue
                for row in rows:
                    tables[request.name].append(named | normalize_row(row))
    made = {name: rows for name, rows in tables.items() if name not in refused}
    return made, {name: asides[name] for name in made}, [*refused.values()]


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
        definition=to_plain_values(request.definition),
    )
    rate([result], rules, higher_is_better=False)
    return result


def _calendar(
    periods: Sequence[Period], rhythm: Rhythm | None, by_period: bool, compared: bool
) -> Calendar:
    """The time that an analysis looks at, and the range before it where it compares."""
    answer = periods if by_period else [_whole(periods)]
    before = range_before(periods, rhythm) if compared and answer[0].begun else None
    return Calendar((*answer, *([before] if before else [])), len(answer), {})


def _whole(periods: Sequence[Period]) -> Period:
    """From the first day of the first period to the last known day of the last."""
    first, last = periods[0], periods[-1]
    until = max(first.start, last.until)
    return Period("all", first.start, last.end, until, first.start, last.end > until)


def _order(segment: Segment) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in segment]


def _scope(
    context: FrameContext,
    requests: AskByName,
    with_goals: NamedByGoals,
    compare: ComparePeriods,
    asked: KpiRequest[Analysis],
    past: PastOfRequest,
    rhythm: Rhythm | None,
    aside: Aside,
    segment: Mapping[str, str | None],
) -> Scope:
    from crm_kpi.analyses._spec import Scope

    def in_force(metric: str) -> Definition:
        (request,) = requests([metric])
        return request.definition

    def measure(
        metrics: Sequence[str], columns: Mapping[str, str]
    ) -> dict[str | None, dict[str, MetricValue]]:
        return _measure(context, of_type(requests(metrics), Metric), columns)

    def past_of(name: str) -> Sequence[Result]:
        request = of_type([each for each in asked.parts() if each.name == name], ValueKpi)[0]
        return past(context, request)

    return Scope(context, measure, compare, in_force, with_goals, past_of, rhythm, aside, segment)


def _measure(
    context: FrameContext, asked: Sequence[KpiRequest[Metric]], columns: Mapping[str, str]
) -> dict[str | None, dict[str, MetricValue]]:
    """See `crm_kpi.analyses._spec.Measure`."""
    who = segment_column(WHO)
    rows = {
        table: context.tables.filtered[table].with_columns(**{who: context.backend.as_text(name)})
        for table, name in columns.items()
        if context.has(table, name)
    }
    tables = replace(
        context.tables.with_rows(rows),
        by=(who,),
        own={table: frozenset([who]) for table in rows},
        customer_segments=None,
    )
    there = {table: context.tables.columns[table] for table in rows}
    ready = [request for request in asked if not request.lacking(there)]
    (period,) = context.timeline.calendar.answer
    states = aggregate(
        FrameContext(tables, context.timeline, context.backend),
        [(r.name, r.kpi.parts(r.definition), [(WHO,)]) for r in ready],
    )
    values: dict[str | None, dict[str, MetricValue]] = {}
    for request in ready:
        names = request.kpi.names(request.definition)
        for (_, (value_of_column,)), state in states[request.name, (WHO,)].items():
            value = request.kpi.answer(AggregateState(period, state, names), request.definition)
            values.setdefault(value_of_column, {})[request.name] = value
    return values
