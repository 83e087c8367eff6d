"""Each aggregate against plain Python, per group, on every engine without a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from statistics import median
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from crm_kpi.conditions import compare, flag
from crm_kpi.engine.algebra_narwhals import expressions, prepared
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
from crm_kpi.metrics._spec import AggregateState
from crm_kpi.metrics._state import OrderStatistics
from tests.metrics.test_spec import JANUARY

Row = Mapping[str, Any]
YES, NO = True, False
ROWS = pl.DataFrame(
    {
        "period": [0] * 13 + [1] * 4 + [2],
        "amount": [50, 3, None, 8, 8, 1, 12, 90, 4, 4, 20, 30, 6, 5, 5, None, -2, None],
        "days": [3, 1, 4, 4, 5, 9, 2, 6, 5, 3, 8, 8, 7, 7, 7, 2, 8, 4],
        "ended": [
            *(YES, YES, YES, NO, YES, NO, YES, NO, NO, YES, YES, NO, YES),
            *(NO, YES, NO, NO),
            NO,
        ],
    }
)


def _values(rows: Sequence[Row], column: str = "amount") -> list[int]:
    return sorted(row[column] for row in rows if row[column] is not None)


def _largest(values: list[int], percent: int) -> list[int]:
    return values[len(values) - ceil(Fraction(len(values) * percent, 100)) :]


def _for_percent(values: list[int], percent: int) -> int:
    taken = 0
    while Fraction(sum(values[len(values) - taken :])) * 100 < sum(values) * percent:
        taken += 1
    return taken


def _km_median(rows: Sequence[Row]) -> int | None:
    share = Fraction(1)
    for day in sorted({row["days"] for row in rows}):
        at_risk = sum(row["days"] >= day for row in rows)
        share *= 1 - Fraction(sum(row["ended"] and row["days"] == day for row in rows), at_risk)
        if share <= Fraction(1, 2):
            return int(day)
    return None


CASES: list[tuple[Aggregate, Callable[[Sequence[Row]], Any]]] = [
    (Sum("amount"), lambda rows: sum(_values(rows))),
    (
        Sum("amount", compare("days", ">", 3)),
        lambda rows: sum(row["amount"] or 0 for row in rows if row["days"] > 3),
    ),
    (Count(), len),
    (Count(flag("ended")), lambda rows: sum(row["ended"] for row in rows)),
    (Count(compare("amount", ">", 4)), lambda rows: sum(v > 4 for v in _values(rows))),
    (LargestSum("amount", 20), lambda rows: sum(_largest(_values(rows), 20))),
    (LargestSum("amount", 34), lambda rows: sum(_largest(_values(rows), 34))),
    (LargestCount("amount", 80), lambda rows: _for_percent(_values(rows), 80)),
    (LargestCount("amount", 33), lambda rows: _for_percent(_values(rows), 33)),
    (RankSum("amount"), lambda rows: sum(r * v for r, v in enumerate(_values(rows), 1))),
    (Survival("days", "ended"), _km_median),
]


def _states(backend: Backend, state: Mapping[str, Aggregate]) -> dict[int, dict[str, Any]]:
    rows = backend.scan(ROWS.sample(fraction=1, shuffle=True, seed=4))
    wanted: dict[str, nw.Expr] = {}
    for name, aggregate in state.items():
        wanted |= expressions(name, aggregate)
    grouped = prepared(rows, state.values(), ["period"]).group_by("period").agg(**wanted)
    (states,) = backend.fetch([grouped])
    return {row["period"]: row for row in states}


@pytest.mark.parametrize(
    ("aggregate", "by_hand"), CASES, ids=[str(aggregate)[:60] for aggregate, _ in CASES]
)
def test_against_plain_python(
    backend: Backend, aggregate: Aggregate, by_hand: Callable[[Sequence[Row]], Any]
) -> None:
    state = _states(backend, {"name": aggregate})
    assert set(state) == {0, 1, 2}
    for period, values in state.items():
        expected = by_hand(ROWS.filter(pl.col("period") == period).rows(named=True))
        found = values["name"]
        assert (found or 0 if expected == 0 else found) == expected, period


def test_all_together(backend: Backend) -> None:
    together = _states(backend, {str(n): aggregate for n, (aggregate, _) in enumerate(CASES)})
    for number, (aggregate, _) in enumerate(CASES):
        for period, values in _states(backend, {"name": aggregate}).items():
            assert together[period][str(number)] == values["name"]


def test_order_statistics(backend: Backend) -> None:
    ordered = Ordered("amount")
    for period, values in _states(backend, {"paid": ordered}).items():
        paid = OrderStatistics(AggregateState(JANUARY, values, ordered.names("paid")), "paid")
        amounts = _values(ROWS.filter(pl.col("period") == period).rows(named=True))
        assert paid.n == len(amounts)
        assert paid.mean == (Fraction(sum(amounts), len(amounts)) if amounts else None)
        assert paid.median == (median(amounts) if amounts else None)
        if period == 0:
            assert amounts == [1, 3, 4, 4, 6, 8, 8, 12, 20, 30, 50, 90]
            assert paid.quantile(9) == 48  # 0.9 x 11 = 9.9: nearly all the way from 30 to 50
            assert paid.interval == (3, 50)  # ranks 6 - 3.4, rounded down, and 7 + 3.4, up
