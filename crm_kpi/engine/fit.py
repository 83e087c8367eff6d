"""Models -> parameters: fitted once for a run and segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.engine.aggregate import Grouping, Segment
from crm_kpi.engine.algebra_narwhals import expressions, prepared
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import segment_column
from crm_kpi.kpi import KpiRequest
from crm_kpi.metrics._algebra import Aggregation, value_names
from crm_kpi.models._spec import Columns, Model

Parameters = dict[Segment, Any]
"""What a model has learnt of each segment."""


def fit(
    context: FrameContext,
    request: KpiRequest[Model],
    grouping: Grouping,
    segments: Collection[Segment],
) -> Parameters:
    """The parameters of each of the segments, also of those without anything to learn from."""
    statistics = request.kpi.statistics(request.definition)
    keys = [segment_column(name) for name in grouping]
    names = [*statistics.detail_keys, *value_names(statistics.state)]
    columns = context.backend.fetch_columns(_summary(context, statistics, keys))
    places: dict[Segment, list[int]] = defaultdict(list)
    for place, segment in enumerate(zip(*(columns[key] for key in keys), strict=True)):
        places[segment].append(place)

    def learnt_from(segment: Segment) -> Columns:
        if not keys:
            return {name: columns[name] for name in names}
        return {name: [columns[name][place] for place in places[segment]] for name in names}

    return {
        segment: request.kpi.fit(learnt_from(segment), request.definition) for segment in segments
    }


def _summary(context: FrameContext, statistics: Aggregation, keys: Sequence[str]) -> nw.LazyFrame:
    """The statistics by segment and detail keys."""
    by = [*keys, *statistics.detail_keys]
    rows = context.frame(statistics.frame.build, **dict(statistics.frame.options))
    rows = prepared(rows, statistics.state.values(), by)
    state: dict[str, nw.Expr] = {}
    for name, aggregate in statistics.state.items():
        state |= expressions(name, aggregate)
    return rows.group_by(*by).agg(**state) if by else rows.select(**state)
