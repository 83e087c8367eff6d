"""Order statistics by numpy against those by windows: the same values of the same types."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from crm_kpi.conditions import compare, flag
from crm_kpi.engine.algebra_narwhals import expressions, prepared
from crm_kpi.engine.backends.polars import Polars
from crm_kpi.engine.kernels import order_statistics
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

STATE: Mapping[str, Aggregate] = {
    "rows": Count(),
    "many": Count(compare("amount", ">", 4)),
    "ended": Count(flag("ended")),
    "sum": Sum("amount"),
    "some": Sum("amount", compare("days", ">", 30)),
    "days": Ordered("days"),
    "amount": Ordered("amount"),
    "top": LargestSum("amount", 20),
    "few": LargestCount("amount", 80),
    "ranked": RankSum("amount"),
    "lasts": Survival("days", "ended"),
}
KEYS = [["period"], ["period", "by:segment"], ["period", "by:segment", "by:region"]]


def rows(seed: int, count: int, digits: int) -> pl.DataFrame:
    """Rows with nulls, many equal values, and groups of one and of many."""
    chance = random.Random(seed)
    most = 10**digits
    made = [
        {
            "period": chance.choice([0, 0, 0, 5, 2, 7]),
            "by:segment": chance.choice(["b", "a", None, "ü"]),
            "by:region": chance.choice(["north", *[None] * 9]),
            "amount": chance.choice(
                [None, Decimal(0), Decimal("1.25"), Decimal(chance.randrange(-most, most)) / 100]
            ),
            "days": chance.choice([None, 0, chance.randrange(90), chance.randrange(-5, 10**6)]),
            "ended": chance.choice([None, True, True, False]),
        }
        for _ in range(count)
    ]
    types: dict[str, Any] = {"period": pl.Int32, "amount": pl.Decimal(38, 4), "days": pl.Int64}
    types |= {"by:segment": pl.String, "by:region": pl.String, "ended": pl.Boolean}
    return pl.DataFrame(made, schema=types)


def by_windows(table: pl.DataFrame, keys: list[str], state: Mapping[str, Aggregate]) -> list[str]:
    wanted: dict[str, nw.Expr] = {}
    for name, aggregate in state.items():
        wanted |= expressions(name, aggregate)
    lazy = Polars().scan(table)
    grouped = prepared(lazy, state.values(), keys).group_by(*keys).agg(**wanted)
    return said(Polars().fetch([grouped])[0])


def said(found: list[dict[str, Any]]) -> list[str]:
    """Values with their types, in any order."""
    return sorted(repr(sorted(row.items())) for row in found)


@pytest.fixture(autouse=True)
def of_few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_statistics, "FEWEST_ROWS", 0)


@pytest.mark.parametrize("count", [0, 1, 2, 40, 2_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_by_every_key(seed: int, count: int) -> None:
    table, backend = rows(seed, count, 7), Polars()
    wanted = [(keys, STATE) for keys in KEYS]
    for (keys, _), found in zip(
        wanted, order_statistics.answers(backend, backend.scan(table), wanted), strict=True
    ):
        assert found is not None
        assert said(found) == by_windows(table, keys, STATE)


@pytest.mark.parametrize(
    ("digits", "answered"),
    [
        (13, {"sum", "amount", "top", "ranked", "lasts"}),
        (15, {"sum", "amount", "lasts"}),
        (19, {"lasts"}),
    ],
)
def test_what_may_not_fit_is_left_to_windows(digits: int, answered: set[str]) -> None:
    """The sum of all, or a value times its rank or a percentage, would not be proved exact."""
    table, backend = rows(4, 3_000, digits), Polars()
    known = set()
    for name in ("sum", "amount", "top", "few", "ranked", "lasts"):
        state = {name: STATE[name], "lasts": STATE["lasts"]}
        (found,) = order_statistics.answers(backend, backend.scan(table), [(KEYS[1], state)])
        if found is not None:
            known.add(name)
            assert said(found) == by_windows(table, KEYS[1], state)
    assert known == answered


def test_each_rank_of_the_interval() -> None:
    """The place of the median's bounds is rounded from a root; of any number it is the same."""
    sizes = range(1, 400)
    numbers = [(n, value) for n in sizes for value in range(n)]
    table = pl.DataFrame(numbers, schema={"period": pl.Int32, "days": pl.Int64}, orient="row")
    state, backend = {"days": Ordered("days")}, Polars()
    (found,) = order_statistics.answers(backend, backend.scan(table), [(["period"], state)])
    assert found is not None
    assert said(found) == by_windows(table, ["period"], state)


def test_few_rows_are_left_to_polars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_statistics, "FEWEST_ROWS", 41)
    backend = Polars()
    answers = order_statistics.answers(backend, backend.scan(rows(1, 40, 7)), [(KEYS[0], STATE)])
    assert answers == [None]
