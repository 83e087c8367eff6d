"""Unresolved tickets, worked out by hand."""

from __future__ import annotations

from typing import Any

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


def test_no_tickets_no_rows() -> None:
    assert table({"tickets": []}, "unresolved", as_of="2024-01-31") == []
