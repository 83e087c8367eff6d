"""Interactions: with whom, and where."""

from __future__ import annotations

from typing import Any

from tests.support import ask, one

NAME = "interactions"


def touch(customer: str | None, lead: str | None, channel: str, kind: str = "call") -> Any:
    return {
        "occurred_at": "2024-01-09T10:00",
        "customer_id": customer,
        "lead_id": lead,
        "channel": channel,
        "kind": kind,
    }


ROWS = [
    *(touch("A", None, "phone") for _ in range(3)),
    touch("A", "1", "web", "visit"),
    touch("B", "2", "web", "visit"),
    touch(None, "3", "web", "chat"),
    *(touch(None, None, "web", "visit") for _ in range(4)),
]


def test_with_and_without_lead_and_customer() -> None:
    january = one(ask({NAME: ROWS}, [NAME], as_of="2024-01-31"), NAME, "2024-01")
    assert (january.value, january.n, january.unit) == (10, 10, "count")
    assert january.components == {
        "with_lead": 3,
        "without_lead": 7,
        "with_customer": 5,
        "without_customer": 5,
        "per_customer": 2.5,  # 5 of A and B
    }


def test_by_channel_and_kind() -> None:
    """A customer who is in two channels counts in both."""
    report = ask({NAME: ROWS}, [NAME], as_of="2024-01-31", by=("channel",))
    phone, web = (one(report, NAME, "2024-01", channel=name) for name in ("phone", "web"))
    assert (phone.value, phone.components["per_customer"]) == (3, 3.0)
    assert (web.value, web.components["per_customer"]) == (7, 1.0)
    assert one(report, NAME, "2024-01").components["per_customer"] == 2.5
    report = ask({NAME: ROWS}, [NAME], as_of="2024-01-31", by=("channel", "kind"))
    assert one(report, NAME, "2024-01", channel="web", kind="visit").value == 6


def test_nobody_known() -> None:
    rows = [{"occurred_at": "2024-01-09", "channel": "web"}]
    report = ask({NAME: rows}, [NAME], as_of="2024-02-29")
    january, february = (one(report, NAME, f"2024-0{month}") for month in (1, 2))
    assert (january.value, january.components["per_customer"]) == (1, None)
    assert january.components["without_customer"] == 1
    assert (february.value or 0, february.n) == (0, 0)
