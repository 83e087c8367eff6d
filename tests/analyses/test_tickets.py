"""Issues, unresolved tickets and customers to follow up, worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from .support import Row, table


def ticket(number: int, created: str, solved: str | None = None, **more: Any) -> Row:
    return {"ticket_id": f"T{number}", "created_at": created, "solved_at": solved, **more}


def test_unresolved_after_48_hours() -> None:
    rows = [
        ticket(1, "2024-01-28T23:59:59", agent="An", priority="high", customer_id="A"),
        ticket(2, "2024-01-30T00:00:00"),  # 48 hours at the end of the 31st: not longer
        ticket(3, "2024-01-01T00:00:00", "2024-01-31T23:59:59"),
        ticket(4, "2024-01-27T12:00:00", "2024-02-01T00:00:00"),  # solved after as_of
        ticket(5, "2024-02-01T00:00:00"),  # created after as_of
    ]
    first, second = table({"tickets": rows}, "unresolved", as_of="2024-01-31")
    assert first == {
        "ticket_id": "T4",
        "customer_id": None,
        "agent": None,
        "priority": None,
        "hours_open": 108.0,  # from noon on the 27th: 12 + 4 x 24
    }
    assert second == {
        "ticket_id": "T1",
        "customer_id": "A",
        "agent": "An",
        "priority": "high",
        "hours_open": 72 + 1 / 3600,
    }


def test_the_day_of_as_of_ends_where_the_business_is() -> None:
    """In Saigon 31 January ends at 17:00 UTC."""
    rows = [ticket(1, "2024-01-29T16:59:59+00:00"), ticket(2, "2024-01-29T17:00:00+00:00")]
    found = table({"tickets": rows}, "unresolved", as_of="2024-01-31", timezone="Asia/Ho_Chi_Minh")
    assert [row["ticket_id"] for row in found] == ["T1"]


def test_the_limit_is_configured_and_periods_make_no_difference() -> None:
    rows = [ticket(1, "2024-01-31T23:00:00"), ticket(2, "2023-05-01T00:00:00")]
    words = ["periods.from=2024-01"]
    found = table(
        {"tickets": rows}, "unresolved", as_of="2024-01-31", definition="{limit: 30m}", set_=words
    )
    assert [row["ticket_id"] for row in found] == ["T2", "T1"]


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


def test_issues_count_hours_as_resolution_time_does() -> None:
    business = (
        "definitions.resolution_time={hours: business, business_hours: {weekdays: {mon-sun: "
        '"09:00-12:00"}}}'
    )
    billing, _ = table({"tickets": TICKETS}, "issues", as_of="2024-01-31", set_=[business])
    assert billing["slowest_resolution"] == 3.0  # 08:00 to 14:00, open from 9 to 12


def bought(customer: str | None, *days: str) -> list[Row]:
    return [{"customer_id": customer, "date": day, "amount": 5} for day in days]


def contact(customer: str | None, moment: str) -> Row:
    return {"customer_id": customer, "occurred_at": moment}


PURCHASES = [
    *bought("week", "2024-01-24"),
    *bought("six days", "2024-01-25"),
    *bought("called", "2024-01-20"),
    *bought("same day", "2024-01-20"),
    *bought("before", "2024-01-01", "2024-01-20"),
    *bought("old", "2023-01-01"),
    *bought(None, "2024-01-02"),
]
CONTACTS = [
    contact("called", "2024-01-21T00:00:00"),
    contact("same day", "2024-01-20T23:59:59"),
    contact("before", "2024-01-10T12:00:00"),
    contact("old", "2024-02-01T00:00:00"),  # after as_of
    contact(None, "2024-01-30T12:00:00"),
]
SALES = {"transactions": PURCHASES, "interactions": CONTACTS}


def test_follow_up_a_week_after_the_last_purchase() -> None:
    rows = table(SALES, "follow_up", as_of="2024-01-31")
    assert [(row["customer_id"], row["days"]) for row in rows] == [
        ("week", 7),
        ("before", 11),
        ("same day", 11),
        ("old", 395),
    ]
    assert rows[1] == {
        "customer_id": "before",
        "purchased": date(2024, 1, 20),
        "days": 11,
        "last_interaction": date(2024, 1, 10),
    }


def test_follow_up_of_the_first_purchase_within_a_month() -> None:
    definition = "{purchase: first, after: 1 week, within: 30d}"
    rows = table(SALES, "follow_up", as_of="2024-01-31", definition=definition)
    # "before" was contacted after its first purchase, "old" is given up.
    assert [row["customer_id"] for row in rows] == ["week", "same day"]


def test_a_contact_counts_through_whatever_channel() -> None:
    purchases = [row | {"channel": "web"} for row in PURCHASES]
    contacts = [row | {"channel": "phone"} for row in CONTACTS]
    tables = {"transactions": purchases, "interactions": contacts}
    rows = table(tables, "follow_up", as_of="2024-01-31", where={"channel": ["web"]})
    assert "called" not in {row["customer_id"] for row in rows}


@pytest.mark.parametrize("name", ["unresolved", "issues"])
def test_no_tickets_no_rows(name: str) -> None:
    assert table({"tickets": []}, name, as_of="2024-01-31") == []
