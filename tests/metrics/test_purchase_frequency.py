"""Purchase frequency: orders per buyer."""

from __future__ import annotations

import pytest

from .rows import answer, sale

ROWS = [
    *(sale("A", f"2024-01-{day:02}", 50, transaction_id=f"A{day}") for day in range(1, 8)),
    sale("B", "2024-01-09", 50, transaction_id="B1"),
    sale(None, "2024-01-09", 50, transaction_id="X1"),  # of nobody known
    sale("C", "2024-01-09", -50, transaction_id="R1"),  # a return is no order
]


def test_eight_orders_by_two() -> None:
    result = answer("purchase_frequency", {"transactions": ROWS}, "2024-01")
    assert (result.value, result.n, result.unit) == (4, 2, "ratio")
    assert result.components == {"orders": 8, "customers": 2}


@pytest.mark.parametrize(
    ("definition", "value"), [("{order: id}", 2), ("{order: day}", 1), ("{order: row}", 3)]
)
def test_what_an_order_is(definition: str, value: float) -> None:
    rows = [sale("A", "2024-01-05", 10, transaction_id=number) for number in ("1", "1", "2")]
    result = answer("purchase_frequency", {"transactions": rows}, "2024-01", definition)
    assert result.value == value


def test_only_the_orders_of_the_period_count() -> None:
    rows = [sale("A", "2024-01-05", 10), sale("A", "2024-02-05", 10), sale("B", "2024-02-06", 10)]
    quarter = answer("purchase_frequency", {"transactions": rows}, "2024-Q1", every="quarter")
    assert (quarter.value, quarter.n) == (1.5, 2)  # 3 / 2
    assert answer("purchase_frequency", {"transactions": rows}, "2024-02").value == 1


def test_a_month_without_a_known_buyer() -> None:
    rows = [*ROWS[:1], sale(None, "2024-02-05", 9)]
    result = answer("purchase_frequency", {"transactions": rows}, "2024-02")
    assert (result.value, result.n, result.reason) == (None, 0, "no customer with an order")
