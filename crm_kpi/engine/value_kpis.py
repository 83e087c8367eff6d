"""KPIs that are values -> results: the answers of all together, then each one's results, rated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.config.threshold import Threshold
from crm_kpi.engine.aggregate import Grouping
from crm_kpi.engine.finish import assert_sums, results
from crm_kpi.engine.kpi_answers import Contexts, KpiAnswers, main_table
from crm_kpi.engine.own_kpis import FormulaKpi
from crm_kpi.engine.segments import lacks
from crm_kpi.engine.thresholds import rate
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.kpi import Kpi, KpiRequest, of_type
from crm_kpi.messages import Message
from crm_kpi.metrics._spec import ValueKpi
from crm_kpi.models._spec import Model
from crm_kpi.periods import Calendar, Period
from crm_kpi.results import Result
from crm_kpi.tables import TABLES


@dataclass(frozen=True)
class Task:
    """A KPI, what it is split by, and its goals."""

    request: KpiRequest[ValueKpi]
    groupings: Sequence[Grouping]
    thresholds: Sequence[Threshold]
    currency: str | None


def groupings(
    request: KpiRequest[Kpi],
    by: Grouping,
    thresholds: Iterable[Threshold],
    tables: SegmentedTables,
) -> list[Grouping]:
    """The totals, what is asked for, and the columns that its goals are set by."""
    wanted = [(), by]
    for threshold in thresholds:
        if threshold.by and not any(lacks(tables, t, [threshold.by]) for t in request.needs):
            wanted.append((threshold.by,))
    return list(dict.fromkeys(wanted))


def value_results(
    tasks: Sequence[Task],
    contexts: Contexts,
    whole: Sequence[Period],
    open_since: Mapping[str, date],
    *,
    low_n: int,
) -> list[Result]:
    """Every value of every task, by KPI, period and segment.

    whole: all whole periods of the data's time.
    open_since: as `coverages` takes it.
    """
    asked = [(task.request, task.groupings) for task in tasks]
    answered = KpiAnswers(asked, contexts, whole, open_since)
    calendar = contexts(()).timeline.calendar
    values: list[Result] = []
    for task in tasks:
        mine: list[Result] = []
        for grouping in task.groupings:
            named = {
                (word,) for t in task.thresholds if (t.by,) == grouping for word in t.segments()
            }
            segments = answered.segments(task.request, grouping) | named
            mine += results(
                task.request,
                answered,
                grouping,
                segments,
                calendar,
                low_n=low_n,
                currency=task.currency,
            )
        higher_is_better = task.request.kpi.higher_is_better
        if higher_is_better is not None:
            rate(mine, task.thresholds, higher_is_better=higher_is_better)
        if not isinstance(task.request.kpi, FormulaKpi):
            assert_sums(mine)
        values += mine
    order = {period.label: i for i, period in enumerate(calendar.answer)}
    return sorted(
        values, key=lambda r: (r.metric, r.start, r.end, order[r.period], bool(r.segment))
    )


def past_of(
    context: FrameContext,
    request: KpiRequest[ValueKpi],
    *,
    calendar_from: Callable[[date], Calendar],
    whole: Sequence[Period],
    open_since: Mapping[str, date],
    low_n: int,
    currency: str | None,
) -> list[Result]:
    """A KPI in the periods of a calendar, unsplit; none where its main table has no row.

    calendar_from: the calendar, by the day of the first row of the main table.
    """
    task = Task(request, [()], (), currency)
    day = nw.col(TABLES[main_table(request)].dated)
    rows = context.tables.filtered[main_table(request)].select(first=day.min())
    ((found,),) = context.backend.fetch([rows])
    if found["first"] is None:
        return []
    calendar = calendar_from(found["first"])
    timeline = replace(context.timeline, calendar=calendar, bounds=calendar.bounds)
    there = FrameContext(context.tables, timeline, context.backend)
    if not calendar.shown:
        return []
    return value_results([task], lambda where: there, whole, open_since, low_n=low_n)


def backtests(tasks: Sequence[Task], context: FrameContext) -> dict[str, Message]:
    """How each model has predicted the past, by its name: as of the last period that it predicts
    at."""
    calendar = context.timeline.calendar
    ends = [calendar.periods[i].until for i in calendar.predicted]
    whole = context.for_segment({})
    return {
        request.name: request.kpi.backtest(whole, max(ends), request.definition)
        for request in of_type([task.request for task in tasks], Model)
        if request.kpi.backtest is not None and ends
    }
