"""ARR, ARPA, quick ratio and expansion rate: what is made of MRR and its movements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support import ask, one

Row = dict[str, Any]


def sold(customer: str, start: str, amount: float, end: str | None = None, **more: Any) -> Row:
    return {
        "customer_id": customer,
        "start_date": start,
        "end_date": end,
        "amount": amount,
        **more,
    }


# 100 pay 100 a month, 50 pay 600 a year: an MRR of 100 x 100 + 50 x 50 = 12,500.
MIXED = [sold(f"M{i}", "2023-05-01", 100, interval="month") for i in range(100)]
MIXED += [sold(f"Y{i}", "2023-05-01", 600, interval="year") for i in range(50)]


def test_arr_is_twelve_times_mrr() -> None:
    report = ask({"subscriptions": MIXED}, ["mrr", "arr", "arpa"], as_of="2024-01-31")
    arr = one(report, "arr", "2024-01")
    assert (arr.value, arr.n) == (150_000, 150)
    assert arr.components == {"mrr": one(report, "mrr", "2024-01").value}
    arpa = one(report, "arpa", "2024-01")
    assert float(arpa.value or 0) == pytest.approx(12_500 / 150)
    assert arpa.components == {"mrr": 12_500, "customers": 150}


def test_arr_of_what_does_not_divide_by_twelve() -> None:
    """10 a year is 0.8333... a month, and 10 a year again."""
    rows = [sold("A", "2023-05-01", 10, interval="year")]
    result = one(ask({"subscriptions": rows}, ["arr"], as_of="2023-05-31"), "arr", "2023-05")
    assert result.value == 10


def test_two_subscriptions_are_one_account() -> None:
    rows = [sold("A", "2024-01-01", 30), sold("A", "2024-01-01", 10), sold("B", "2024-01-01", 20)]
    result = one(ask({"subscriptions": rows}, ["arpa"], as_of="2024-01-31"), "arpa", "2024-01")
    assert (result.value, result.n) == (30, 2)  # 60 / 2


def test_after_the_last_has_left() -> None:
    rows = [sold("A", "2024-01-01", 30, "2024-02-10")]
    report = ask({"subscriptions": rows}, ["arr", "arpa"], as_of="2024-03-31")
    # In February everything is lost, which is an answer; in March there is nothing to ask about.
    assert [one(report, "arr", f"2024-0{m}").value for m in (1, 2, 3)] == [360, 0, None]
    assert one(report, "arr", "2024-03").reason == "no paid subscription"
    february = one(report, "arpa", "2024-02")
    assert (february.value, february.n, february.reason) == (None, 0, "no paying customer")


def test_from_customers_and_an_average() -> None:
    rows = [{"customer_id": f"C{i}", "signup_date": "2024-01-01"} for i in range(40)]
    report = ask(
        {"customers": rows},
        ["arr", "arpa"],
        as_of="2024-01-31",
        definitions={"arr": "{arpc: 12.5}", "arpa": "{arpc: 12.5}"},
    )
    arr = one(report, "arr", "2024-01")
    assert (arr.value, arr.n) == (6000, 40)  # 12 x 40 x 12.5
    assert one(report, "arpa", "2024-01").value == Decimal("12.5")


# February: N is new with 600, R comes back with 50, E goes from 100 to 250,
# C from 100 to 50, L with 150 leaves; S stays. Start 100 + 100 + 150 + 40 = 390.
MOVING = [
    sold("N", "2024-02-10", 600),
    sold("R", "2023-06-01", 20, "2023-07-01"),
    sold("R", "2024-02-05", 50),
    sold("E", "2023-06-01", 100),
    sold("E", "2024-02-05", 150),
    sold("C", "2023-06-01", 100, "2024-02-01"),
    sold("C", "2024-02-01", 50),
    sold("L", "2023-06-01", 150, "2024-02-20"),
    sold("S", "2023-06-01", 40),
]


def test_quick_ratio() -> None:
    report = ask({"subscriptions": MOVING}, ["quick_ratio"], as_of="2024-03-31")
    result = one(report, "quick_ratio", "2024-02")
    assert result.value == 4.0  # (600 + 50 + 150) / (50 + 150)
    assert result.n == 5
    assert result.components == {
        "new": 600,
        "reactivated": 50,
        "expansion": 150,
        "contraction": 50,
        "churned": 150,
    }
    # January of 2024 is still; in June of 2023 everybody is new and nothing lost.
    still = one(report, "quick_ratio", "2024-01")
    assert (still.value, still.n, still.reason) == (None, 0, "no movement of recurring revenue")
    first = one(report, "quick_ratio", "2023-06")
    assert (first.value, first.n, first.reason) == (None, 5, "no recurring revenue was lost")
    assert first.status == "no_data"


def test_only_losses() -> None:
    result = one(
        ask({"subscriptions": MOVING}, ["quick_ratio"], as_of="2023-07-31"),
        "quick_ratio",
        "2023-07",
    )
    assert result.value == 0.0  # nothing won / 20 of R


def test_quick_ratio_by_segment() -> None:
    customers = [
        {"customer_id": c, "signup_date": "2023-01-01", "region": "n" if c in "EC" else "s"}
        for c in "NRECLS"
    ]
    report = ask(
        {"subscriptions": MOVING, "customers": customers},
        ["quick_ratio"],
        as_of="2024-02-29",
        by=["region"],
    )
    north = one(report, "quick_ratio", "2024-02", region="n")
    assert (north.value, north.n) == (3.0, 2)  # 150 / 50
    south = one(report, "quick_ratio", "2024-02", region="s")
    assert south.value == pytest.approx(650 / 150)
    assert south.n == 3


def test_expansion_over_the_recurring_revenue_of_the_start() -> None:
    report = ask({"subscriptions": MOVING}, ["expansion_rate"], as_of="2024-02-29")
    result = one(report, "expansion_rate", "2024-02")
    assert result.value == pytest.approx(100 * 150 / 390)
    assert (result.n, result.components) == (4, {"mrr_start": 390, "expansion": 150})
    first = one(report, "expansion_rate", "2023-06")
    assert (first.value, first.reason) == (None, "no recurring revenue at the start")


def test_expansion_as_upselling() -> None:
    rows: list[Row] = [
        {"customer_id": "A", "date": "2024-01-02", "amount": 700, "kind": "sale"},
        {"customer_id": "A", "date": "2024-01-09", "amount": 120, "kind": "upsell"},
        {"customer_id": None, "date": "2024-01-12", "amount": 80, "kind": "cross_sell"},
        {"customer_id": "B", "date": "2024-01-15", "amount": 150, "kind": None},
        {"customer_id": "B", "date": "2024-01-20", "amount": -50, "kind": "refund"},
        {"customer_id": "B", "date": "2024-02-20", "amount": -50, "kind": "refund"},
    ]
    report = ask(
        {"transactions": rows},
        ["expansion_rate"],
        as_of="2024-03-31",
        definitions={"expansion_rate": "{base: revenue}"},
    )
    january = one(report, "expansion_rate", "2024-01")
    assert (january.value, january.n) == (20.0, 5)  # 100 x (120 + 80) / 1,000
    assert january.components == {"revenue": 1000, "upsell": 120, "cross_sell": 80}
    february, march = (one(report, "expansion_rate", period) for period in ("2024-02", "2024-03"))
    assert (february.value, february.reason) == (None, "no revenue above zero")
    assert (march.value, march.reason) == (None, "no transactions")


def test_upselling_needs_the_kind() -> None:
    rows = [{"customer_id": "A", "date": "2024-01-02", "amount": 700}]
    report = ask(
        {"transactions": rows},
        ["expansion_rate"],
        as_of="2024-01-31",
        definitions={"expansion_rate": "{base: revenue}"},
    )
    assert report.skipped[0].reason == "transactions has no column kind"
