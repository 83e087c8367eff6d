"""Issues by category, worked out by hand."""

from __future__ import annotations

from typing import Any

from .support import Row, table


def ticket(number: int, created: str, solved: str | None = None, **more: Any) -> Row:
    return {"ticket_id": f"T{number}", "created_at": created, "solved_at": solved, **more}


TICKETS = [
    ticket(1, "2024-01-01T08:00", "2024-01-01T10:00", category="billing", reopens=0),
    ticket(2, "2024-01-02T08:00", "2024-01-02T14:00", category="billing", reopens=2),
    ticket(3, "2024-01-03T08:00", "2024-02-20T08:00", category="billing", reopens=None),
    ticket(4, "2024-01-03T08:00", "2024-01-03T09:00", category=None, reopens=1),
]
CUSTOMERS: list[Row] = [
    {"customer_id": "A", "signup_date": "2024-01-31", "churn_date": None},
    {"customer_id": "B", "signup_date": "2023-01-01", "churn_date": "2024-01-02"},
    {"customer_id": "C", "signup_date": "2023-01-01", "churn_date": "2024-01-01"},
    {"customer_id": "D", "signup_date": "2024-02-01", "churn_date": None},
    {"customer_id": "E", "signup_date": "2024-01-01", "churn_date": "2024-01-05"},
]


def test_issues_by_category() -> None:
    # In January there were A, B and E: C left before its first day, D came after.
    billing, blank = table(
        {"tickets": TICKETS, "customers": CUSTOMERS},
        "issues",
        as_of="2024-01-31",
        set_=["periods.from=2024-01"],
    )
    assert billing == {
        "category": "billing",
        "tickets": 3,
        "previous": None,  # no ticket is older
        "change": None,
        "share": 75.0,
        "open": 1,
        "reopened": 1,
        "per_100_customers": 100.0,
        "median_resolution": 4.0,
        "slowest_resolution": 6.0,
    }
    assert (blank["category"], blank["tickets"], blank["median_resolution"]) == (None, 1, 1.0)


def test_issues_without_customers_or_reopenings() -> None:
    rows = [{k: v for k, v in row.items() if k != "reopens"} for row in TICKETS]
    billing, _ = table({"tickets": rows}, "issues", as_of="2024-01-31")
    assert (billing["per_100_customers"], billing["reopened"]) == (None, None)


def test_issues_against_the_period_before() -> None:
    """As many months before, and of them as much as is over of these."""
    rows = [
        ticket(1, "2023-11-30T12:00", category="old"),  # of three months ago
        ticket(2, "2023-12-05T12:00", category="billing"),
        ticket(3, "2024-01-20T12:00", category="billing"),
        ticket(4, "2024-01-21T12:00", category="billing"),
        ticket(5, "2024-01-22T00:00", category="gone"),
        ticket(6, "2024-02-20T12:00", category="billing"),
        ticket(7, "2024-02-21T23:59", category="new"),
    ]
    words = ["periods.last=1"]
    found = table({"tickets": rows}, "issues", as_of="2024-02-21", set_=words)
    # 1 to 21 February beside 1 to 21 January
    shown = [(r["category"], r["tickets"], r["previous"], r["change"], r["share"]) for r in found]
    assert shown == [("billing", 1, 2, -1, 50.0), ("new", 1, 0, 1, 50.0)]
    found = table({"tickets": rows}, "issues", as_of="2024-02-29", set_=["periods.last=2"])
    shown = [(r["category"], r["tickets"], r["previous"], r["change"], r["share"]) for r in found]
    assert shown == [
        ("billing", 3, 1, 2, 60.0),
        ("gone", 1, 0, 1, 20.0),
        ("new", 1, 0, 1, 20.0),
        ("old", 0, 1, -1, 0.0),
    ]


def test_issues_against_as_many_days() -> None:
    rows = [ticket(1, "2024-01-09T12:00"), ticket(2, "2024-01-10T12:00")]
    rows = [row | {"category": None} for row in rows]
    words = ["periods.from=2024-01-10", "periods.to=2024-01-12"]
    (row,) = table({"tickets": rows}, "issues", as_of="2024-01-31", every="all", set_=words)
    assert (row["tickets"], row["previous"]) == (1, 1)  # 7 to 9 January


def test_issues_count_hours_as_resolution_time_does() -> None:
    business = (
        "definitions.resolution_time={hours: business, business_hours: {weekdays: {mon-sun: "
        '"09:00-12:00"}}}'
    )
    billing, _ = table({"tickets": TICKETS}, "issues", as_of="2024-01-31", set_=[business])
    assert billing["slowest_resolution"] == 3.0  # 08:00 to 14:00, open from 9 to 12


def test_no_tickets_no_rows() -> None:
    assert table({"tickets": []}, "issues", as_of="2024-01-31") == []
