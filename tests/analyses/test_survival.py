"""The Kaplan-Meier curve against its worked example, and what counts as time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_kpi.analyses.survival import curve

from .support import Row, table

START = date(2024, 1, 1)


def lives(*found: tuple[int, bool]) -> list[Row]:
    """(days, left): who is still there signed up so many days before the end of as_of."""
    known = START + timedelta(days=100)
    rows = []
    for number, (days, left) in enumerate(found):
        signup = START if left else known - timedelta(days=days)
        churn = START + timedelta(days=days) if left else None
        rows.append({"customer_id": f"C{number}", "signup_date": signup, "churn_date": churn})
    return rows


AS_OF = START + timedelta(days=99)
EXAMPLE = lives((1, True), (2, True), (3, False), (4, True), (5, False))


def test_the_worked_example() -> None:
    rows = table({"customers": EXAMPLE}, "survival", as_of=AS_OF)
    assert [row["time"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["survival"] for row in rows] == [0.8, 0.6, 0.6, 0.3, 0.3]
    assert [row["at_risk"] for row in rows] == [5, 4, 3, 2, 1]
    assert [row["events"] for row in rows] == [1, 1, 0, 1, 0]
    assert {row["median"] for row in rows} == {4}


def test_greenwood() -> None:
    first, second, *_ = table({"customers": EXAMPLE}, "survival", as_of=AS_OF)
    # Variance at 1: 0.8^2 x 1 / (5 x 4) = 0.032; its root 0.178885, x 1.959964 = 0.350609
    assert first["low"] == pytest.approx(0.8 - 0.350609, abs=1e-6)
    assert first["high"] == 1.0  # 1.15, cut
    # At 2: 0.6^2 x (1/20 + 1/12) = 0.048; its root 0.219089, x 1.959964 = 0.429407
    assert second["low"] == pytest.approx(0.6 - 0.429407, abs=1e-6)


def test_nobody_left_has_no_band_and_no_loss_has_a_narrow_one() -> None:
    first, last = table({"customers": lives((3, True), (9, True))}, "survival", as_of=AS_OF)
    assert (first["survival"], first["median"]) == (0.5, 3)  # one half is reached
    assert (last["survival"], last["low"], last["high"]) == (0.0, None, None)
    (only,) = table({"customers": lives((7, False))}, "survival", as_of=AS_OF)
    assert (only["survival"], only["low"], only["high"], only["median"]) == (1.0, 1.0, 1.0, None)


def test_who_leaves_at_a_time_comes_before_who_is_still_there() -> None:
    rows = table({"customers": lives((5, True), (5, False))}, "survival", as_of=AS_OF)
    assert [(row["at_risk"], row["events"], row["survival"]) for row in rows] == [(2, 1, 0.5)]


def test_months_are_completed_and_whole_calendar_months_are_whole() -> None:
    rows: list[Row] = [
        {"customer_id": "A", "signup_date": "2024-01-15", "churn_date": "2024-02-15"},  # 1
        {"customer_id": "B", "signup_date": "2023-02-28", "churn_date": "2024-02-28"},  # 12
        {"customer_id": "C", "signup_date": "2024-01-15", "churn_date": "2024-03-14"},  # 1
        {"customer_id": "D", "signup_date": "2024-03-15", "churn_date": None},  # 17 days
    ]
    found = table({"customers": rows}, "survival", as_of="2024-03-31", definition="{unit: months}")
    assert [(r["time"], r["at_risk"], r["events"]) for r in found] == [
        (0, 4, 0),
        (1, 3, 2),
        (12, 1, 1),
    ]


def test_what_is_dated_after_as_of_has_not_happened() -> None:
    rows: list[Row] = [
        {"customer_id": "A", "signup_date": "2024-01-01", "churn_date": "2024-01-11"},
        {"customer_id": "B", "signup_date": "2024-01-02", "churn_date": None},
    ]
    (b, a) = table({"customers": rows}, "survival", as_of="2024-01-10")
    assert (a["time"], a["events"], b["time"], b["events"]) == (10, 0, 9, 0)


def test_who_came_back_counts_once_per_stay() -> None:
    rows: list[Row] = [
        {"customer_id": "A", "signup_date": "2024-01-01", "churn_date": "2024-01-03"},
        {"customer_id": "A", "signup_date": "2024-01-05", "churn_date": "2024-01-08"},
    ]
    found = table({"customers": rows}, "survival", as_of="2024-12-31")
    assert [(r["time"], r["at_risk"], r["survival"]) for r in found] == [(2, 2, 0.5), (3, 1, 0.0)]


def test_periods_make_no_difference() -> None:
    words = ["periods.from=2024-03", "periods.to=2024-03"]
    cut = table({"customers": EXAMPLE}, "survival", as_of=AS_OF, set_=words)
    assert cut == table({"customers": EXAMPLE}, "survival", as_of=AS_OF)


def test_thousands_of_times_are_quick_and_exact() -> None:
    """5,000 leave one by one: after the k-th, (5000 - k) / 5000 are left, to the last digit."""
    found = curve([{"time": t, "all": 1, "events": 1} for t in range(5000)])
    assert [row["survival"] for row in found] == [(4999 - t) / 5000 for t in range(5000)]


def test_who_left_nobody_knows_when_is_no_life() -> None:
    """One of 101 is left out; two of 102 leave no curve."""
    stay = [row | {"churned": False} for row in lives(*[(5, False)] * 98, (3, True), (7, True))]
    gone = {"signup_date": START, "churn_date": None, "churned": True}
    rows = table({"customers": [*stay, gone | {"customer_id": "X"}]}, "survival", as_of=AS_OF)
    assert [(r["time"], r["at_risk"], r["events"]) for r in rows] == [
        (3, 100, 1),
        (5, 99, 0),
        (7, 1, 1),
    ]
    assert (rows[0]["survival"], rows[0]["undated"]) == (0.99, 1)
    two = [gone | {"customer_id": "X"}, gone | {"customer_id": "Y"}]
    (first, *_) = table({"customers": [*stay, *two]}, "survival", as_of=AS_OF)
    assert (first["survival"], first["low"], first["median"], first["undated"]) == (*(None,) * 3, 2)
