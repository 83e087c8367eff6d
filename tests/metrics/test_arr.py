"""Annual recurring revenue: twelve times MRR, and as exact as a year's price."""

from __future__ import annotations

from .rows import MIXED, answer, customers, sold


def test_twelve_times_mrr() -> None:
    result = answer("arr", {"subscriptions": MIXED}, "2024-01")
    assert (result.value, result.n) == (150_000, 150)  # 12 x 12,500
    assert result.components == {"mrr": 12_500}


def test_what_does_not_divide_by_twelve() -> None:
    """10 a year is 0.8333... a month, and 10 a year again."""
    rows = [sold("A", "2023-05-01", 10, interval="year")]
    assert answer("arr", {"subscriptions": rows}, "2024-01").value == 10


def test_customers_times_an_average() -> None:
    rows = customers((40, "2024-01-01", None))
    result = answer("arr", {"customers": rows}, "2024-01", "{arpc: 12.5}")
    assert (result.value, result.n) == (6000, 40)  # 12 x 40 x 12.5


def test_after_the_last_has_left() -> None:
    rows = [sold("A", "2024-01-01", 30, "2024-02-10")]
    results = [answer("arr", {"subscriptions": rows}, f"2024-0{m}") for m in (1, 2, 3)]
    assert [result.value for result in results] == [360, 0, 0]
    assert results[2].components == {"mrr": 0}
