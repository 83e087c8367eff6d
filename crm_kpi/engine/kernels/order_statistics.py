"""Which states numpy answers: those with an order, of many rows.

It knows no numpy: that takes longer to import than polars takes for a few rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.frames.backend import Backend
from crm_kpi.metrics._algebra import (
    Aggregate,
    Count,
    LargestCount,
    LargestSum,
    Ordered,
    RankSum,
    Sum,
    Survival,
)

FEWEST_ROWS = 50_000

_ORDERED = (Ordered, Survival, LargestSum, LargestCount, RankSum)
_COVERED = (*_ORDERED, Sum, Count)


def answers(
    backend: Backend,
    rows: nw.LazyFrame,
    wanted: Sequence[tuple[Sequence[str], Mapping[str, Aggregate]]],
) -> list[list[dict[str, Any]] | None]:
    """The groups of rows by each of the keys, with each state; None for one that is to be asked
    of the engine."""
    mine = [each if _covers(each[1]) else None for each in wanted]
    columns: dict[str, nw.Expr] = {}
    for each in filter(None, mine):
        columns |= _columns(*each)
    there = backend.in_memory(rows.select(**columns)) if columns else None
    if there is None or there.height < FEWEST_ROWS:
        return [None] * len(wanted)
    from crm_kpi.engine.kernels import arrays  # noqa: F401  (numpy, as it sets it up)
    from crm_kpi.engine.kernels.aggregates import NumberedRows, aggregated

    table = NumberedRows(there)
    return [each and aggregated(table, *each) for each in mine]


def _covers(state: Mapping[str, Aggregate]) -> bool:
    """Whatever has no order polars adds up as fast."""
    aggregates = state.values()
    return any(isinstance(each, _ORDERED) for each in aggregates) and all(
        isinstance(each, _COVERED) for each in aggregates
    )


def _columns(keys: Iterable[str], state: Mapping[str, Aggregate]) -> dict[str, nw.Expr]:
    """What a state is computed from, by name: columns of the frame, and conditions by `repr`."""
    names, conditions = [*keys], {}
    for each in state.values():
        names += [getattr(each, name) for name in ("column", "ended") if hasattr(each, name)]
        where = getattr(each, "where", None)
        if where is not None:
            conditions[repr(where)] = expression(where)
    return {name: nw.col(name) for name in names} | conditions
