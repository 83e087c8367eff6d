"""Tickets: how many were created, and what became of them."""

from __future__ import annotations

from tests.support import ask, one

from .rows import FLOW, answer, ticket


def test_tickets_created_and_what_became_of_them() -> None:
    january = answer("tickets", {"tickets": FLOW}, "2024-01")
    assert (january.value, january.n) == (2, 2)
    assert january.components == {"solved": 2, "open": 0}  # number 2 in February
    february = answer("tickets", {"tickets": FLOW}, "2024-02")
    assert (february.value, february.components) == (3, {"solved": 1, "open": 2})
    march = answer("tickets", {"tickets": FLOW}, "2024-03")
    assert (march.value, march.reason) == (0, None)


def test_tickets_of_a_file_that_does_not_say_when_they_were_solved() -> None:
    rows = [{"ticket_id": "1", "created_at": "2024-03-04T09:00"}]
    result = answer("tickets", {"tickets": rows}, "2024-03")
    assert (result.value, result.components) == (1, {"solved": None, "open": None})


def test_tickets_by_category_is_issue_tracking() -> None:
    rows = [ticket(n, "2024-03-04T09:00", None, category="ab"[n % 2]) for n in range(5)]
    report = ask({"tickets": rows}, ["tickets"], as_of="2024-03-31", by=("category",))
    assert one(report, "tickets", "2024-03", category="a").value == 3
    assert one(report, "tickets", "2024-03", category="b").value == 2
