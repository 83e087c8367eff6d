"""Ticket backlog: the tickets open at each end, and their age."""

from __future__ import annotations

import pytest

from tests.support import ask, one

from .rows import FLOW, answer, ticket


def test_at_each_end() -> None:
    january = answer("ticket_backlog", {"tickets": FLOW}, "2024-01")
    assert (january.value, january.n, january.unit) == (1, 1, "count")
    assert january.components == {
        "open_start": 0,
        "created": 2,
        "solved": 1,
        "median_age": 12,  # from 20 January to 1 February
    }
    february = answer("ticket_backlog", {"tickets": FLOW}, "2024-02")
    # 20, 10 and 1.5 days old on 1 March, on which number 4 is solved: open the day before.
    assert february.components == {"open_start": 1, "created": 3, "solved": 1, "median_age": 10}
    assert february.value == 3
    march = answer("ticket_backlog", {"tickets": FLOW}, "2024-03")
    assert (march.value, march.components["solved"]) == (2, 1)
    # 51 and 32.5 days old on 1 April
    assert march.components["median_age"] == (51 + 32.5) / 2


def test_of_a_period_that_is_not_over() -> None:
    result = answer("ticket_backlog", {"tickets": FLOW}, "2024-02", as_of="2024-02-15")
    assert (result.value, result.partial) == (1, True)
    assert result.components["median_age"] == 6  # from 10 to 16 February


def test_no_backlog_is_zero_and_no_tickets_yet_is_null() -> None:
    rows = [ticket(1, "2024-02-01T00:00", "2024-02-02T00:00")]
    since = ["periods.from=2024-01-01"]
    before = answer("ticket_backlog", {"tickets": rows}, "2024-01", set_=since)
    assert (before.value, before.reason) == (
        None,
        "before the first row of tickets, 2024-02-01",
    )
    after = answer("ticket_backlog", {"tickets": rows}, "2024-03", set_=since)
    assert (after.value, after.n, after.components["median_age"]) == (0, 0, None)


def test_across_a_change_of_the_clock() -> None:
    """31 March 2024 has 23 hours in Berlin: 30 days of 24 hours and 23 hours."""
    rows = [ticket(1, "2024-03-01T00:00", None)]
    result = answer("ticket_backlog", {"tickets": rows}, "2024-03", timezone="Europe/Berlin")
    assert result.components["median_age"] == pytest.approx(30 + 23 / 24)


def test_a_lower_backlog_is_better() -> None:
    result = answer(
        "ticket_backlog",
        {"tickets": FLOW},
        "2024-01",
        set_=["thresholds.ticket_backlog={target: 2}"],
    )
    assert result.rating == "met"


def test_by_segment() -> None:
    rows = [row | {"agent": agent} for row, agent in zip(FLOW, "ABABA", strict=True)]
    report = ask({"tickets": rows}, ["ticket_backlog"], as_of="2024-03-31", by=("agent",))
    assert one(report, "ticket_backlog", "2024-02", agent="A").value == 2  # numbers 3 and 5
    assert one(report, "ticket_backlog", "2024-02", agent="B").value == 1  # number 4
