"""Monthly recurring revenue: the month of any interval, and the five movements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from .rows import MIXED, MOVING, Row, answer, customers, sold


def mrr(rows: list[Row], period: str, **options: Any) -> Any:
    return answer("mrr", {"subscriptions": rows}, period, **options)


def test_a_hundred_by_the_month_and_fifty_by_the_year() -> None:
    result = mrr(MIXED, "2024-03")
    assert (result.value, result.n) == (12_500, 150)  # 100 x 100 + 50 x 600 / 12


@pytest.mark.parametrize(
    ("more", "month"),
    [
        ({}, 12),
        ({"interval": "year"}, 1),
        ({"interval": "quarter"}, 4),
        ({"interval": "week"}, 52),  # 12 / (12 / 52)
        ({"interval": "day"}, 365),
        ({"interval": "month", "interval_count": 2}, 6),
    ],
)
def test_twelve_of_each_interval(more: Row, month: int) -> None:
    assert mrr([sold("A", "2024-03-01", 12, **more)], "2024-03").value == month


def test_movements_add_up() -> None:
    result = mrr(MOVING, "2024-02")
    assert (result.value, result.n) == (990, 5)  # 390 + 600 + 50 + 150 - 50 - 150
    assert result.components == {
        "mrr_start": 390,
        "new": 600,
        "reactivated": 50,
        "expansion": 150,
        "contraction": 50,
        "churned": 150,
    }


def test_a_second_subscription_is_expansion_and_losing_it_contraction() -> None:
    rows = [sold("A", "2024-01-01", 30), sold("A", "2024-02-10", 20, "2024-03-10")]
    moved = [mrr(rows, f"2024-0{month}").components for month in (1, 2, 3)]
    assert [c["new"] for c in moved] == [30, 0, 0]
    assert [c["expansion"] for c in moved] == [0, 20, 0]
    assert [c["contraction"] for c in moved] == [0, 0, 20]


def test_a_trial_counts_from_its_end_on_and_the_end_date_no_more() -> None:
    rows = [sold("A", "2024-01-10", 30, "2024-03-31", trial_end="2024-02-05")]
    rows.append(sold("B", "2024-01-01", 1))
    assert [mrr(rows, f"2024-0{month}").value for month in (1, 2, 3)] == [1, 31, 1]
    assert mrr(rows, "2024-02").components["new"] == 30


def test_customers_times_an_average() -> None:
    rows = customers((40, "2024-01-01", None), (5, "2024-01-01", "2024-02-10"))
    result = answer("mrr", {"customers": rows}, "2024-03", "{arpc: 12.5}")
    assert (result.value, result.n) == (500, 40)
    assert result.components == {"customers": 40, "arpc": Decimal("12.5")}


def test_before_and_after_all_subscriptions() -> None:
    rows = [sold("A", "2024-01-01", 30, "2024-02-10")]
    since = ["periods.from=2023-12-01"]
    before, lost, after = (
        answer("mrr", {"subscriptions": rows}, month, set_=since)
        for month in ("2023-12", "2024-02", "2024-03")
    )
    assert (before.value, before.status) == (None, "no_data")
    assert before.reason == "before the first row of subscriptions, 2024-01-01"
    assert (lost.value, lost.components["churned"]) == (0, 30)
    assert (after.value, after.n, after.reason) == (0, 0, None)
