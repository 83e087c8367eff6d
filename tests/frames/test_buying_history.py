"""Buying history: a day is a purchase, and nothing after the period's last day counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from crm_kpi import catalogue
from tests.support import ask, one

ROWS: list[dict[str, Any]] = [
    {"customer_id": who, "date": day, "amount": amount}
    for who, day, amount in [
        ("A", "2024-01-02", -5),  # before the first purchase
        ("A", "2024-01-10", 20),
        ("A", "2024-01-10", 10),  # the same day
        ("A", "2024-02-09", 40),
        ("A", "2024-02-20", -15),  # a day that comes to less than nothing
        ("B", "2024-02-01", 8),
        ("B", "2024-03-02", 3),
        ("B", "2024-03-02", -3),  # a day that comes to nothing
        ("C", "2024-03-05", -9),  # no purchase
        (None, "2024-03-06", 70),
    ]
]


def details(monkeypatch: pytest.MonkeyPatch, engine: str, free: str) -> dict[str, list[Any]]:
    """By month, the rows that a model sees of it as a whole, in order."""
    seen: dict[str, list[Any]] = {}
    kpi: Any = catalogue.load("clv_predicted")

    def fit(state: Any, definition: Any) -> Any:
        names = ("repeats", "recency", "age", "count", "paid")
        # The part of February that March is compared with comes later, under the same label.
        rows = [] if state.table("buyers") is None else state.table("buyers").select(*names).rows()
        seen.setdefault(state.period.label, sorted(rows))
        return kpi.fit(state, definition)

    watched = replace(kpi, fit=fit)
    load = catalogue.load
    monkeypatch.setattr(
        catalogue, "load", lambda name: watched if name == "clv_predicted" else load(name)
    )
    found = ask(
        {"transactions": ROWS},
        ["clv_predicted"],
        as_of="2024-03-20",
        definitions={"clv_predicted": f"{{free_orders: {free}}}"},
        set_=[f"engine={engine}"],
    )
    assert one(found, "clv_predicted", "2024-03").n == 2
    return seen


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_what_was_bought_by_the_end_of_each_month(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = details(monkeypatch, engine, "drop")
    assert seen["2024-01"] == [(0, 0, 21, 1, Decimal(0))]
    assert seen["2024-02"] == [
        (0, 0, 28, 1, Decimal(0)),
        (1, 30, 50, 1, Decimal(40)),
    ]
    # The month is not over: 20 March is its last known day.
    assert seen["2024-03"] == [
        (0, 0, 48, 1, Decimal(0)),
        (1, 30, 70, 1, Decimal(40)),
    ]


def test_a_day_that_comes_to_nothing_counts_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = details(monkeypatch, "polars", "count")
    assert seen["2024-03"] == [
        (1, 30, 48, 1, Decimal(0)),
        (1, 30, 70, 1, Decimal(40)),
    ]
