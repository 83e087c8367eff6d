"""Average order value: what an order is, and when it was placed."""

from __future__ import annotations

import pytest

from .rows import answer, sale


def test_ten_thousand_from_two_hundred_orders() -> None:
    rows = [sale(f"C{i}", "2024-01-10", 50, transaction_id=str(i)) for i in range(200)]
    result = answer("average_order_value", {"transactions": rows}, "2024-01")
    assert (result.value, result.n) == (50, 200)


LINES = [
    sale("A", "2024-01-05", 60, transaction_id="1"),
    sale("A", "2024-01-05", 40, transaction_id="1"),
    sale("A", "2024-01-05", 20, transaction_id="2"),
]


@pytest.mark.parametrize(
    ("definition", "value", "n"),
    [
        ("{}", 60, 2),  # 120 / 2: the file has ids
        ("{order: id}", 60, 2),
        ("{order: day}", 120, 1),
        ("{order: row}", 40, 3),
    ],
)
def test_what_an_order_is(definition: str, value: float, n: int) -> None:
    result = answer("average_order_value", {"transactions": LINES}, "2024-01", definition)
    assert (result.value, result.n) == (value, n)


def test_revenue_is_net_and_an_order_that_was_sent_back_is_none() -> None:
    back = sale("A", "2024-01-20", -20, transaction_id="2")
    result = answer("average_order_value", {"transactions": [*LINES, back]}, "2024-01")
    assert (result.value, result.n) == (100, 1)  # 100 / 1
    other = sale("A", "2024-01-20", -20, transaction_id="R")  # under a number of its own
    result = answer("average_order_value", {"transactions": [*LINES, other]}, "2024-01")
    assert (result.value, result.n) == (50, 2)  # 100 / 2


def test_an_order_is_placed_on_the_day_of_its_first_row() -> None:
    rows = [
        sale("A", "2024-01-31", 60, transaction_id="1"),
        sale("A", "2024-02-01", 40, transaction_id="1"),
    ]
    january, february = (
        answer("average_order_value", {"transactions": rows}, f"2024-0{m}") for m in (1, 2)
    )
    assert (january.value, january.n) == (60, 1)  # what was paid in January
    assert (february.value, february.n, february.reason) == (None, 0, "no orders")
    assert february.components["revenue"] == 40


def test_a_month_without_rows() -> None:
    result = answer("average_order_value", {"transactions": LINES}, "2024-02")
    assert (result.value, result.status, result.reason) == (None, "no_data", "no orders")
