"""All parts of all metrics -> one aggregation per frame and grouping -> states.

Metrics that read the same frame share one group-by. The answer that comes home
is small: one row per period (or slot, for a stock) and segment. Where a state is
made of sums, the totals are added up from the segments and not asked for again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.engine.algebra_narwhals import expressions, prepared
from crm_kpi.engine.kernels import order_statistics
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import segment_column
from crm_kpi.metrics._algebra import Aggregate, Aggregation, Frame, value_names

Grouping = tuple[str, ...]
"""The segment columns, by the user's names; empty for the totals."""
Segment = tuple[str | None, ...]
Rows = list[dict[str, Any]]
Values = dict[str, Any]
States = dict[tuple[int, Segment], Values]
"""By period index and segment."""


@dataclass
class _Job:
    """One group-by: a frame, its keys, and the state of everybody who reads it."""

    frame: Frame
    running_total: bool
    detail_keys: tuple[str, ...]
    by_column: bool
    grouping: Grouping
    state: dict[str, Aggregate] = field(default_factory=dict)

    @property
    def is_additive(self) -> bool:
        """Order statistics of a whole cannot be told from those of its parts; sums can."""
        return not self.by_column and all(each.additive for each in self.state.values())

    @property
    def keys(self) -> list[str]:
        time = "slot" if self.running_total else "period"
        return [time, *(segment_column(name) for name in self.grouping)]

    @property
    def all_keys(self) -> list[str]:
        return [*self.keys, *self.detail_keys]

    def query(self, context: FrameContext) -> nw.LazyFrame:
        rows = context.frame(self.frame.build, **dict(self.frame.options))
        if self.running_total:
            rows = _in_slots(rows, context)
        rows = prepared(rows, self.state.values(), self.keys)
        state: dict[str, nw.Expr] = {}
        for name, aggregate in self.state.items():
            state |= expressions(name, aggregate)
        return rows.group_by(*self.all_keys).agg(**state)


def _in_slots(rows: nw.LazyFrame, context: FrameContext) -> nw.LazyFrame:
    """Changes of a stock by slot, as its level is asked for at the bounds of periods alone. What
    lies before the first known day counts with the first slot, and later ones with the last."""
    if "slot" in rows.columns:
        return rows
    later = nw.col("day") >= context.timeline.first_unknown_day
    slot = nw.when(later).then(len(context.timeline.bounds)).otherwise(nw.col("slot").fill_null(0))
    placed = rows.join(context.timeline.slots, on="day", how="left")
    return placed.with_columns(slot=slot.cast(nw.Int32))


def aggregate(
    context: FrameContext, wanted: Iterable[tuple[str, Sequence[Aggregation], Sequence[Grouping]]]
) -> dict[tuple[str, Grouping], States]:
    """The states of every request (name, parts, groupings), computed together."""
    requests = list(wanted)
    jobs: dict[Any, _Job] = {}
    for name, parts, groupings in requests:
        for grouping in groupings:
            for number, part in enumerate(parts):
                key = _key(part, grouping)
                job = jobs.setdefault(key, _Job(*key))
                job.state |= {f"{name}/{number}/{k}": each for k, each in part.state.items()}
    rows = _collected(jobs, context)
    states: dict[tuple[str, Grouping], States] = {}
    for name, parts, groupings in requests:
        for grouping in groupings:
            found: States = defaultdict(dict)
            for number, part in enumerate(parts):
                mine = rows[_key(part, grouping)]
                if part.by_column:
                    _add_tables(found, mine, part, grouping, f"{name}/{number}/")
                    continue
                _add(found, mine, part, grouping, f"{name}/{number}/", context)
            states[name, grouping] = dict(found)
    return states


def _key(part: Aggregation, grouping: Grouping) -> tuple[Any, ...]:
    """What the jobs have in common that are one group-by; the grouping comes last."""
    return part.frame, part.running_total, part.detail_keys, part.by_column, grouping


def _collected(jobs: Mapping[Any, _Job], context: FrameContext) -> dict[Any, Any]:
    """The rows of every job, or the table of one by column. Where a finer grouping of the same sums
    is asked for, it serves."""
    finest = {key: _finest(key, jobs) if job.is_additive else key for key, job in jobs.items()}
    by_frame: dict[Frame, list[Any]] = defaultdict(list)
    # From the last on: metrics name a stock before the frames that are made of it.
    for key in reversed([key for key in jobs if finest[key] == key]):
        by_frame[jobs[key].frame].append(key)
    rows: dict[Any, Any] = {}
    for frame, keys in by_frame.items():
        few = [key for key in keys if not jobs[key].by_column]
        if few:
            rows |= zip(few, _fetched([jobs[key] for key in few], context), strict=True)
        for key in keys:
            if jobs[key].by_column:
                rows[key] = context.backend.fetch_table(jobs[key].query(context))
        context.release(frame.build, frame.options)
    return {
        key: rows[key] if key in rows else _added_up(rows[finest[key]], job)
        for key, job in jobs.items()
    }


def _fetched(jobs: Sequence[_Job], context: FrameContext) -> list[Rows]:
    """The rows of jobs over one frame: by numpy where that is the faster way, else by a query."""
    frame = jobs[0].frame
    wanted = [(job.all_keys, job.state) for job in jobs]
    rows = context.frame(frame.build, **dict(frame.options))
    known = order_statistics.answers(context.backend, rows, wanted)
    asked = [job.query(context) for job, rows in zip(jobs, known, strict=True) if rows is None]
    fetched = iter(context.backend.fetch(asked))
    return [next(fetched) if rows is None else rows for rows in known]


def _finest(key: Any, jobs: Mapping[Any, _Job]) -> Any:
    """The job over the same rows with the most segment columns, all of this one among them, and
    all that this one counts."""
    *rows, grouping = key
    names = {*value_names(jobs[key].state)}
    same = [
        k
        for k, job in jobs.items()
        if [*k[:-1]] == rows
        and set(k[-1]) >= set(grouping)
        and names.issubset(value_names(job.state))
    ]
    return max(same, key=lambda k: len(k[-1]))


def _added_up(rows: Rows, job: _Job) -> Rows:
    keys, names = [*job.keys, *job.detail_keys], value_names(job.state)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        place = tuple([row[key] for key in keys])
        total = found.get(place)
        if total is None:
            total = found[place] = dict.fromkeys(names, 0)
        for name in names:
            total[name] += row[name] or 0
    return [dict(zip(keys, place, strict=True)) | total for place, total in found.items()]


def _segments(rows: Rows, grouping: Grouping) -> Iterator[tuple[Segment, dict[str, Any]]]:
    """Each row with the segment that it is of."""
    columns = [segment_column(name) for name in grouping]
    for row in rows:
        yield tuple([row[name] for name in columns]), row


def _add(
    states: States,
    rows: Rows,
    part: Aggregation,
    grouping: Grouping,
    prefix: str,
    context: FrameContext,
) -> None:
    """What one part says, into the states of its metric."""
    if part.running_total:
        _add_stock(states, rows, part, grouping, prefix, context)
        return
    names = {name: prefix + name for name in value_names(part.state)}
    for segment, row in _segments(rows, grouping):
        here = states[row["period"], segment]
        values = {name: row[theirs] for name, theirs in names.items()}
        if part.detail_keys:
            point = {key: row[key] for key in part.detail_keys} | values
            here.setdefault(part.name, []).append(point)
        else:
            here |= values


def _add_tables(
    states: States, rows: nw.DataFrame[Any], part: Aggregation, grouping: Grouping, prefix: str
) -> None:
    """What one part says in columns, into the states of its metric, in order of its keys."""
    keys = ["period", *(segment_column(name) for name in grouping)]
    names = {name: prefix + name for name in value_names(part.state)}
    whole = [name for name, kind in rows.schema.items() if kind.is_integer()]
    rows = rows.with_columns(nw.col(name).cast(nw.Int64) for name in whole)
    for place, mine in rows.group_by(*keys):
        period, *segment = place
        states[period, tuple(segment)][part.name] = mine.select(
            *part.detail_keys, **{name: nw.col(theirs) for name, theirs in names.items()}
        ).sort(*part.detail_keys)


def _add_stock(
    states: States,
    rows: Rows,
    part: Aggregation,
    grouping: Grouping,
    prefix: str,
    context: FrameContext,
) -> None:
    """Running totals over the slots, read off at each period's start and end."""
    by_segment: dict[Segment, Rows] = defaultdict(list)
    for segment, row in _segments(rows, grouping):
        by_segment[segment].append(row)
    places = [
        (i, context.timeline.slot(period.start), context.timeline.slot(period.until))
        for i, period in enumerate(context.timeline.calendar.periods)
        if period.begun
    ]
    for segment, changes in by_segment.items():
        if part.detail_keys:
            _add_stock_details(states, changes, part, segment, prefix, places)
            continue
        for name in value_names(part.state):
            by_slot: list[Any] = [0] * (len(context.timeline.bounds) + 1)
            for row in changes:
                by_slot[row["slot"]] = row[prefix + name]
            totals = [0, *accumulate(by_slot)]
            for i, start, end in places:
                here = states[i, segment]
                here[f"{name}_start"], here[f"{name}_end"] = totals[start], totals[end]


def _add_stock_details(
    states: States,
    changes: Rows,
    part: Aggregation,
    segment: Segment,
    prefix: str,
    places: Sequence[tuple[int, int, int]],
) -> None:
    """Running totals key by key, read off at each period's end; keys that are at nothing stay
    away."""
    names = value_names(part.state)
    waiting = sorted(changes, key=lambda row: row["slot"], reverse=True)
    totals: dict[tuple[Any, ...], list[Any]] = {}
    for i, _, end in sorted(places, key=lambda place: place[2]):
        while waiting and waiting[-1]["slot"] < end:
            row = waiting.pop()
            total = totals.setdefault(
                tuple([row[key] for key in part.detail_keys]), [0] * len(names)
            )
            for at, name in enumerate(names):
                total[at] += row[prefix + name] or 0
        states[i, segment][part.name] = [
            dict(zip((*part.detail_keys, *names), (*key, *total), strict=True))
            for key, total in totals.items()
            if any(total)
        ]
