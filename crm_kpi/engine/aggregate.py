"""All parts of all metrics -> one aggregation per frame and grouping -> states.

Metrics that read the same frame share one group-by. The answer that comes home
is small: one row per period (or day, for a stock) and segment.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.engine.segments import column
from crm_kpi.frames._context import Context
from crm_kpi.metrics._spec import Frame, Part
from crm_kpi.periods import Period

Grouping = tuple[str, ...]
"""The segment columns, by the user's names; empty for the totals."""
Segment = tuple[str | None, ...]
Values = dict[str, Any]
States = dict[tuple[int, Segment], Values]
"""By period index and segment."""


@dataclass
class _Job:
    """One group-by: a frame, its keys, and the state of everybody who reads it."""

    frame: Frame
    stock: bool
    curve: tuple[str, ...]
    grouping: Grouping
    ranked: set[str] = field(default_factory=set)
    cumulated: set[str] = field(default_factory=set)
    survival: set[str] = field(default_factory=set)
    state: dict[str, nw.Expr] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        time = "day" if self.stock else "period"
        return [time, *(column(name) for name in self.grouping)]

    def query(self, context: Context) -> nw.LazyFrame:
        rows = context.frame(self.frame.name, **dict(self.frame.options))
        if self.ranked:
            rows = rows.with_columns(
                **{f"{c}.rank": nw.col(c).rank("ordinal").over(*self.keys) for c in self.ranked},
                **{f"{c}.count": nw.col(c).count().over(*self.keys) for c in self.ranked},
            ).with_columns(
                nw.col(f"{c}.{name}").cast(nw.Int64)
                for c in self.ranked
                for name in ("rank", "count")
            )
        if self.cumulated:
            rows = rows.with_columns(
                **{
                    f"{c}.above": nw.col(c).cum_sum(reverse=True).over(*self.keys, order_by=c)
                    - nw.col(c)
                    for c in self.cumulated
                },
                **{f"{c}.total": nw.col(c).sum().over(*self.keys) for c in self.cumulated},
            )
        if self.survival:
            rows = rows.with_columns(
                **{
                    f"{c}.survival": _kept(c).cum_prod().over(*self.keys, order_by=f"{c}.rank")
                    for c in self.survival
                }
            )
        return rows.group_by(*self.keys, *self.curve).agg(**self.state)


def _kept(column: str) -> nw.Expr:
    """The factor by which one row lowers the Kaplan-Meier curve."""
    at_risk = nw.col(f"{column}.count") - nw.col(f"{column}.rank") + 1
    return nw.when(nw.col(f"{column}.ended")).then((at_risk - 1) / at_risk).otherwise(1.0)


def aggregate(
    context: Context, wanted: Iterable[tuple[str, Sequence[Part], Sequence[Grouping]]]
) -> dict[tuple[str, Grouping], States]:
    """The states of every request (name, parts, groupings), computed together."""
    requests = list(wanted)
    jobs: dict[Any, _Job] = {}
    for name, parts, groupings in requests:
        for grouping in groupings:
            for number, part in enumerate(parts):
                key = (part.frame, part.stock, part.curve, grouping)
                job = jobs.setdefault(key, _Job(*key))
                job.ranked.update(part.ranked)
                job.cumulated.update(part.cumulated)
                job.survival.update(part.survival)
                job.state |= {f"{name}/{number}/{k}": e for k, e in part.state.items()}
    rows = dict(
        zip(jobs, context.adapter.collect([j.query(context) for j in jobs.values()]), strict=True)
    )
    states: dict[tuple[str, Grouping], States] = {}
    for name, parts, groupings in requests:
        for grouping in groupings:
            found: States = defaultdict(dict)
            for number, part in enumerate(parts):
                part_rows = rows[(part.frame, part.stock, part.curve, grouping)]
                prefix = f"{name}/{number}/"
                if part.stock:
                    _add_stock(found, part_rows, part, grouping, prefix, context.calendar.periods)
                elif part.curve:
                    _add_curve(found, part_rows, part, grouping, prefix)
                else:
                    for row in part_rows:
                        here = found[row["period"], _segment(row, grouping)]
                        here |= {k: row[prefix + k] for k in part.state}
            states[name, grouping] = dict(found)
    return states


def _segment(row: Mapping[str, Any], grouping: Grouping) -> Segment:
    return tuple(row[column(name)] for name in grouping)


def _add_curve(
    found: States, rows: Sequence[Mapping[str, Any]], part: Part, grouping: Grouping, prefix: str
) -> None:
    for row in rows:
        point = {key: row[key] for key in part.curve} | {k: row[prefix + k] for k in part.state}
        here = found[row["period"], _segment(row, grouping)]
        here.setdefault(part.as_, []).append(point)


def _add_stock(
    found: States,
    rows: Sequence[Mapping[str, Any]],
    part: Part,
    grouping: Grouping,
    prefix: str,
    periods: Sequence[Period],
) -> None:
    """Running totals over the days, read off at each period's start and end."""
    by_segment: dict[Segment, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_segment[_segment(row, grouping)].append(row)
    for segment, changes in by_segment.items():
        changes.sort(key=lambda row: row["day"])
        days: list[date] = [row["day"] for row in changes]
        for name in part.state:
            totals = [0, *accumulate(row[prefix + name] for row in changes)]
            for i, period in enumerate(periods):
                if period.begun:
                    here = found[i, segment]
                    here[f"{name}_start"] = totals[bisect_left(days, period.start)]
                    here[f"{name}_end"] = totals[bisect_left(days, period.until)]
