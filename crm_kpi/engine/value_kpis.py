"""Metrics and models -> results: the states of all together, then each one's values, rated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.config.threshold import Threshold
from crm_kpi.engine.aggregate import Grouping, States, aggregate
from crm_kpi.engine.coverage import Coverage, coverages
from crm_kpi.engine.finish import assert_sums, results, segments_of
from crm_kpi.engine.fit import Parameters, fit
from crm_kpi.engine.segments import lacks, segments_of_table
from crm_kpi.engine.thresholds import rate
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.kpi import Kpi, KpiRequest, of_type
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

    @property
    def main_table(self) -> str:
        """The first table that the KPI needs."""
        return next(iter(self.request.needs))


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
    context: FrameContext,
    whole: Sequence[Period],
    open_since: Mapping[str, date],
    *,
    low_n: int,
) -> list[Result]:
    """Every value of every task, by KPI, period and segment.

    whole: all whole periods of the data's time.
    open_since: as `coverages` takes it.
    """
    covered = coverages(context, (each.main_table for each in tasks), whole, open_since)
    states = aggregate(
        context,
        [
            (each.request.name, each.request.kpi.parts(each.request.definition), each.groupings)
            for each in tasks
        ],
    )
    values: list[Result] = []
    for task in tasks:
        mine = [*_results(task, context, states, covered[task.main_table], low_n)]
        higher_is_better = task.request.kpi.higher_is_better
        if higher_is_better is not None:
            rate(mine, task.thresholds, higher_is_better=higher_is_better)
        assert_sums(mine)
        values += mine
    order = {period.label: i for i, period in enumerate(context.timeline.calendar.answer)}
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
    day = nw.col(TABLES[task.main_table].dated)
    rows = context.tables.filtered[task.main_table].select(first=day.min())
    ((found,),) = context.backend.fetch([rows])
    if found["first"] is None:
        return []
    calendar = calendar_from(found["first"])
    timeline = replace(context.timeline, calendar=calendar, bounds=calendar.bounds)
    there = FrameContext(context.tables, timeline, context.backend)
    return value_results([task], there, whole, open_since, low_n=low_n) if calendar.shown else []


def _results(
    task: Task,
    context: FrameContext,
    states: Mapping[tuple[str, Grouping], States],
    coverage: Coverage,
    low_n: int,
) -> Iterator[Result]:
    calendar = context.timeline.calendar
    parameters: Parameters | None = None
    for model in of_type([task.request], Model):
        parameters = fit(model, states[task.request.name, ()], calendar)
    for grouping in task.groupings:
        mine = states[task.request.name, grouping]
        everybody = (
            segments_of_table(context, grouping, task.main_table)
            if task.request.kpi.is_total
            else ()
        )
        named = [(word,) for t in task.thresholds if (t.by,) == grouping for word in t.segments()]
        segments = segments_of(mine, grouping, [*everybody, *named])
        yield from results(
            task.request,
            parameters,
            grouping,
            segments,
            mine,
            calendar,
            coverage,
            low_n=low_n,
            currency=task.currency,
        )
