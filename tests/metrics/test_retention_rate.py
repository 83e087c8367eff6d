"""Retention rate: the worked answers, who is new, and the two bases."""

from __future__ import annotations

from tests.support import ask, one

from .rows import customers

# 20 at the start; 6 join of whom 1 leaves again; 1 of the old ones is lost; 24 at the end.
TWENTY = customers(
    (19, "2023-05-01", None),
    (1, "2023-05-01", "2024-01-20"),
    (5, "2024-01-10", None),
    (1, "2024-01-10", "2024-01-15"),
)


def test_a_joiner_who_leaves_again_is_not_new() -> None:
    result = one(
        ask({"customers": TWENTY}, ["retention_rate"], as_of="2024-03-31"),
        "retention_rate",
        "2024-01",
    )
    assert result.value == 95.0  # (24 - 5) / 20, not (24 - 6) / 20 = 90
    assert result.n == 20
    assert result.components == {
        "customers_start": 20,
        "customers_end": 24,
        "customers_new": 5,
        "customers_returned": 0,
        "customers_lost": 1,
        "joined_and_left": 1,
        "undated": 0,
    }


def test_bounds_of_a_day() -> None:
    """Who joins on the first day is new; who churns on the first day was there the day before."""
    rows = customers(
        (1, "2024-02-01", None), (1, "2023-12-31", "2024-02-01"), (1, "2023-01-01", "2024-03-01")
    )
    result = one(
        ask({"customers": rows}, ["retention_rate"], as_of="2024-03-31"),
        "retention_rate",
        "2024-02",
    )
    assert result.components["customers_start"] == 2
    assert result.components["customers_new"] == 1
    assert result.components["customers_lost"] == 1
    assert result.components["customers_end"] == 2  # the last one leaves on the day after


def test_no_customers_at_the_start_is_null_with_a_reason() -> None:
    rows = customers((3, "2024-01-10", None))
    result = one(
        ask({"customers": rows}, ["retention_rate"], as_of="2024-03-31"),
        "retention_rate",
        "2024-01",
    )
    assert result.value is None
    assert (result.status, result.reason) == ("no_data", "no customers at the start")


def test_activity_with_a_window_of_days() -> None:
    """A purchase makes active for 30 days: bought on 1 January, gone after 31 January."""
    rows = [
        {"customer_id": "A", "date": "2024-01-01", "amount": 10},
        {"customer_id": "A", "date": "2024-02-10", "amount": 10},
        {"customer_id": "B", "date": "2024-01-02", "amount": 10},
    ]
    report = ask(
        {"transactions": rows},
        ["retention_rate"],
        as_of="2024-03-31",
        definitions={"retention_rate": "{basis: activity, window: 30d}"},
    )
    january, february = (one(report, "retention_rate", p) for p in ("2024-01", "2024-02"))
    # Active on 31 January: purchases from 2 to 31 January, so B and not A.
    assert january.components["customers_end"] == 1
    assert february.components["customers_start"] == 1
    assert february.components["customers_lost"] == 1  # B
    assert february.components["customers_returned"] == 1  # A
    assert february.value == 0.0


def test_activity_from_period_to_period() -> None:
    rows = [
        {"customer_id": c, "date": d, "amount": 5}
        for c, d in (
            ("A", "2024-01-05"),
            ("B", "2024-01-06"),
            ("A", "2024-02-01"),
            ("C", "2024-02-02"),
            ("B", "2024-03-03"),
        )
    ]
    report = ask(
        {"transactions": rows},
        ["retention_rate"],
        as_of="2024-03-31",
        definitions={"retention_rate": "{basis: activity, window: period}"},
    )
    february = one(report, "retention_rate", "2024-02")
    assert (february.value, february.n) == (50.0, 2)  # of A and B, A bought again
    march = one(report, "retention_rate", "2024-03")
    assert march.components["customers_returned"] == 1  # B
