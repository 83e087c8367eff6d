"""Time between purchases: gaps by the later order, and the gap that is still open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import ask, one

Row = dict[str, Any]


def sales(customer: str | None, *days: str, **more: Any) -> list[Row]:
    return [{"customer_id": customer, "date": day, "amount": 10, **more} for day in days]


def gaps(rows: list[Row], every: str = "month", **options: Any) -> Any:
    return ask({"transactions": rows}, ["time_between_purchases"], every=every, **options)


ROWS = [
    *sales("A", "2024-01-31", "2024-03-01", "2024-03-11", "2024-03-31"),
    *sales("B", "2024-03-05", "2024-03-05"),
    *sales("C", "2024-02-10"),
    *sales(None, "2024-03-01", "2024-03-02"),
]


def test_median_mean_p90_and_open() -> None:
    report = gaps(ROWS, as_of="2024-03-31")
    march = one(report, "time_between_purchases", "2024-03")
    # A: 31 Jan to 1 March is 30 days (2024 is a leap year), then 10, 20; B: 0.
    assert (march.value, march.n, march.unit) == (15.0, 4, "days")
    assert march.components["mean"] == 15.0  # 60 / 4
    assert march.components["p90"] == pytest.approx(27.0)  # rank 0.9 x 3 = 2.7: 20 + 0.7 x 10
    assert march.components["open"] == 3  # A, B and C may all buy again
    assert (march.low, march.high) == (None, None)


def test_half_of_all_gaps_are_closed_after_so_many_days() -> None:
    rows = [*sales("A", "2024-03-01", "2024-03-11", "2024-03-31"), *sales("B", "2024-03-01")]
    # On 1 April: 10 and 20 days closed, 1 and 31 open. At 10 days 1 of 3, at 20 days 1 of 2
    # comes back: 2/3 x 1/2 = 1/3 wait on.
    march = one(gaps(rows, as_of="2024-03-31"), "time_between_purchases", "2024-03")
    assert (march.value, march.components["km_median"]) == (15.0, 20.0)
    # Two more who never do: at 10 days 1 of 5, at 20 days 1 of 4: 4/5 x 3/4 = 3/5.
    rows += [*sales("C", "2024-03-01"), *sales("D", "2024-03-01")]
    march = one(gaps(rows, as_of="2024-03-31"), "time_between_purchases", "2024-03")
    assert (march.value, march.components["km_median"]) == (15.0, None)
    # In the middle of the month nobody knows of the second gap, and two of five wait 15 days.
    early = one(gaps(rows, as_of="2024-03-15"), "time_between_purchases", "2024-03")
    assert (early.components["open"], early.components["km_median"]) == (4, None)


def test_gaps_of_earlier_periods_count_for_the_km_median() -> None:
    rows = sales("A", "2024-01-01", "2024-01-08", "2024-01-15")
    march = one(
        gaps([*rows, *sales("B", "2024-03-31")], as_of="2024-03-31"),
        *("time_between_purchases", "2024-03"),
    )
    # 7 and 7 days closed, 77 and 1 open: at 7 days 2 of 3 come back.
    assert (march.value, march.components["km_median"]) == (None, 7.0)


def test_a_first_order_closes_no_gap() -> None:
    report = gaps(ROWS, as_of="2024-03-31")
    january, february = (
        one(report, "time_between_purchases", period) for period in ("2024-01", "2024-02")
    )
    assert (january.value, january.n, january.components["open"]) == (None, 0, 1)
    assert (january.status, january.reason) == ("no_data", "no second order of a customer")
    assert february.components["open"] == 2


def test_without_orders() -> None:
    report = gaps(sales(None, "2024-01-05"), as_of="2024-01-31")
    result = one(report, "time_between_purchases", "2024-01")
    assert (result.value, result.reason) == (None, "no orders")


def test_one_order_a_day_has_no_gap_of_zero() -> None:
    report = gaps(ROWS, as_of="2024-03-31", definitions={"time_between_purchases": "{order: day}"})
    march = one(report, "time_between_purchases", "2024-03")
    assert (march.value, march.n) == (20.0, 3)  # 10, 20, 30


def test_interval_by_order_statistics() -> None:
    # Gaps of 1, 2 ... 20 days. Ranks 10 -+ 1.96 x sqrt(20) / 2 = 10 -+ 4.38: the 5th and 16th.
    rows = [
        row for n in range(1, 21) for row in sales(f"C{n}", "2024-01-01", f"2024-01-{1 + n:02}")
    ]
    result = one(gaps(rows, as_of="2024-01-31"), "time_between_purchases", "2024-01")
    assert (result.value, result.low, result.high) == (10.5, 5.0, 16.0)


def test_segments_add_up() -> None:
    rows = [
        *sales("A", "2024-01-01", channel="web"),
        *sales("A", "2024-01-11", channel="shop"),
        *sales("B", "2024-01-01", "2024-01-04", channel="shop"),
    ]
    report = gaps(rows, as_of="2024-01-31", by=["channel"])
    web = one(report, "time_between_purchases", "2024-01", channel="web")
    assert (web.value, web.n, web.components["open"]) == (10.0, 1, 1)
    assert one(report, "time_between_purchases", "2024-01", channel="shop").value == 3.0
