"""Gross revenue retention: what was lost, whatever else was gained.

What it shares with NRR, the same customers at two points in time, is in
`test_revenue_retention.py`.
"""

from __future__ import annotations

from .rows import answer, sold


def test_a_loss_of_ten_and_ten_less() -> None:
    rows = [
        sold("leaves", "2023-01-01", 10, "2023-12-01"),
        sold("halves", "2023-01-01", 20, "2023-12-01"),
        sold("halves", "2023-12-01", 10),
        sold("stays", "2023-01-01", 70),
    ]
    result = answer("grr", {"subscriptions": rows}, "2024-01")
    assert (result.value, result.n) == (80, 3)  # (100 - 10 - 10) / 100
    assert result.components["churned"] == result.components["contraction"] == 10


def test_expansion_never_makes_up_for_a_loss() -> None:
    rows = [
        sold("A", "2023-01-01", 100),
        sold("A", "2023-06-01", 900),
        sold("B", "2023-01-01", 100, "2023-06-01"),
    ]
    assert answer("grr", {"subscriptions": rows}, "2024-01").value == 50  # 100 / 200
    assert answer("nrr", {"subscriptions": rows}, "2024-01").value == 500  # 1,000 / 200


def test_who_came_back_counts_up_to_what_was_paid_before() -> None:
    rows = [sold("A", "2023-01-01", 100, "2023-06-10"), sold("A", "2023-08-05", 130)]
    assert answer("grr", {"subscriptions": rows}, "2024-01").value == 100


def test_from_the_start_of_the_period() -> None:
    rows = [sold("A", "2023-06-01", 100, "2024-02-10"), sold("B", "2024-01-01", 100)]
    result = answer("grr", {"subscriptions": rows}, "2024-02", "{window: period}")
    assert (result.value, result.n) == (50, 2)
    year = answer("grr", {"subscriptions": rows}, "2024-02")
    assert (year.value, year.reason) == (None, "no customer paid 12 months before the end")


def test_nobody_paid_at_the_start_of_the_period() -> None:
    rows = [sold("A", "2024-02-01", 100)]
    result = answer("grr", {"subscriptions": rows}, "2024-02", "{window: period}")
    assert (result.value, result.n, result.reason) == (None, 0, "no customer paid at the start")
