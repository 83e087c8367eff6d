"""Retention cost: what it costs to keep a customer, and whether that pays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import ask, one

Row = dict[str, Any]

# 520 at the start, 20 of them lost in January, 30 new: 500 retained.
CUSTOMERS: list[Row] = [
    {"customer_id": f"old {i}", "signup_date": "2023-01-01", "churn_date": None} for i in range(500)
]
CUSTOMERS += [
    {"customer_id": f"lost {i}", "signup_date": "2023-01-01", "churn_date": "2024-01-20"}
    for i in range(20)
]
CUSTOMERS += [
    {"customer_id": f"new {i}", "signup_date": "2024-01-05", "churn_date": None} for i in range(30)
]
COSTS: list[Row] = [
    {"date": "2024-01-15", "amount": 6000, "kind": "retention"},
    {"date": "2024-01-31", "amount": 4000, "kind": "retention"},
    {"date": "2024-01-15", "amount": 9000, "kind": "acquisition"},
    {"date": "2024-01-15", "amount": 700, "kind": "service"},
    {"date": "2024-01-16", "amount": 300, "kind": None},
    {"date": "2024-03-01", "amount": 500, "kind": "retention"},
]


def test_ten_thousand_for_five_hundred_is_twenty() -> None:
    report = ask({"costs": COSTS, "customers": CUSTOMERS}, ["retention_cost"], as_of="2024-03-31")
    january = one(report, "retention_cost", "2024-01")
    assert (january.value, january.n) == (20.0, 500)
    assert january.components == {
        "costs": 10_000,
        "customers_retained": 500,
        "revenue_per_customer": None,
        "ratio": None,
    }
    assert january.reason is None
    february = one(report, "retention_cost", "2024-02")
    assert (february.value, february.reason) == (None, "no retention costs")
    assert one(report, "retention_cost", "2024-03").value == 500 / 530  # 550 less the 20 lost


@pytest.mark.parametrize(
    ("amount", "ratio", "flagged"), [(16, 1.25, True), (20, 1.0, False), (40, 0.5, False)]
)
def test_ratio_to_revenue_per_customer(amount: int, ratio: float, flagged: bool) -> None:
    """Transactions are read when they are there, though the cost can do without them."""
    sales = [{"customer_id": f"old {i}", "date": "2024-01-09", "amount": amount} for i in range(10)]
    tables = {"costs": COSTS, "customers": CUSTOMERS, "transactions": sales}
    result = one(ask(tables, ["retention_cost"], as_of="2024-01-31"), "retention_cost", "2024-01")
    assert result.value == 20.0
    assert result.components["revenue_per_customer"] == amount
    assert result.components["ratio"] == ratio  # 20 / amount
    said = "keeping a customer costs more than the revenue per customer"
    assert result.reason == (said if flagged else None)


def test_refunds_beyond_sales_leave_no_ratio() -> None:
    sales = [
        {"customer_id": "old 1", "date": "2024-01-09", "amount": 10},
        {"customer_id": "old 2", "date": "2024-01-09", "amount": -30},
    ]
    tables = {"costs": COSTS, "customers": CUSTOMERS, "transactions": sales}
    result = one(ask(tables, ["retention_cost"], as_of="2024-01-31"), "retention_cost", "2024-01")
    assert result.components["revenue_per_customer"] == -20  # 10 - 30, of the one who ordered
    assert (result.components["ratio"], result.reason) == (None, None)


def test_nobody_retained() -> None:
    rows = [{"customer_id": "A", "signup_date": "2024-01-02", "churn_date": None}]
    result = one(
        ask({"costs": COSTS, "customers": rows}, ["retention_cost"], as_of="2024-01-31"),
        "retention_cost",
        "2024-01",
    )
    assert (result.value, result.n, result.status) == (None, 0, "no_data")
    assert result.reason == "no customer retained"


def test_retained_by_activity() -> None:
    """A and B bought in January; A bought again in February."""
    sales = [
        {"customer_id": c, "date": d, "amount": 50}
        for c, d in (("A", "2024-01-05"), ("B", "2024-01-06"), ("A", "2024-02-01"))
    ]
    costs = [{"date": "2024-02-10", "amount": 30, "kind": "retention"}]
    report = ask(
        {"costs": costs, "transactions": sales},
        ["retention_cost"],
        as_of="2024-02-29",
        definitions={"retention_cost": "{basis: activity, window: period}"},
    )
    result = one(report, "retention_cost", "2024-02")
    assert (result.value, result.n) == (30.0, 1)
    assert result.components["ratio"] == 0.6  # 30 / 50


def test_segments_need_a_column_of_the_costs() -> None:
    customers = [row | {"region": "north"} for row in CUSTOMERS[:10]]
    report = ask(
        {"costs": COSTS, "customers": customers},
        ["retention_cost"],
        as_of="2024-01-31",
        by=["region"],
    )
    assert [skip.metric for skip in report.skipped] == ["retention_cost"]
    assert "costs has no column region" in report.skipped[0].reason
    costs = [COSTS[0] | {"region": "north"}, COSTS[1] | {"region": "south"}]
    report = ask(
        {"costs": costs, "customers": customers},
        ["retention_cost"],
        as_of="2024-01-31",
        by=["region"],
    )
    north = one(report, "retention_cost", "2024-01", region="north")
    assert (north.value, north.n) == (600.0, 10)  # 6,000 / 10
    south = one(report, "retention_cost", "2024-01", region="south")
    assert (south.value, south.reason) == (None, "no customer retained")
