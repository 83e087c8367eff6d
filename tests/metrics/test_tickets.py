"""Tickets, their backlog and how many came back."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def ticket(number: int, created: str, solved: str | None, **more: Any) -> Row:
    return {"ticket_id": str(number), "created_at": created, "solved_at": solved, **more}


def answer(metric: str, rows: list[Row], period: str, **options: Any) -> Result:
    options = {"as_of": "2024-03-31"} | options
    return one(ask({"tickets": rows}, [metric], **options), metric, period)


FLOW = [
    ticket(1, "2024-01-10T12:00", "2024-01-11T12:00"),
    ticket(2, "2024-01-20T00:00", "2024-02-03T00:00"),
    ticket(3, "2024-02-10T00:00", None),
    ticket(4, "2024-02-20T00:00", "2024-03-01T00:00"),
    ticket(5, "2024-02-28T12:00", "2024-04-05T00:00"),  # after as_of
]


def test_tickets_created_and_what_became_of_them() -> None:
    january = answer("tickets", FLOW, "2024-01")
    assert (january.value, january.n) == (2, 2)
    assert january.components == {"solved": 2, "open": 0}  # number 2 in February
    february = answer("tickets", FLOW, "2024-02")
    assert (february.value, february.components) == (3, {"solved": 1, "open": 2})
    march = answer("tickets", FLOW, "2024-03")
    assert (march.value, march.reason) == (None, "no tickets")


def test_tickets_of_a_file_that_does_not_say_when_they_were_solved() -> None:
    rows = [{"ticket_id": "1", "created_at": "2024-03-04T09:00"}]
    result = answer("tickets", rows, "2024-03")
    assert (result.value, result.components) == (1, {"solved": None, "open": None})


def test_tickets_by_category_is_issue_tracking() -> None:
    rows = [ticket(n, "2024-03-04T09:00", None, category="ab"[n % 2]) for n in range(5)]
    report = ask({"tickets": rows}, ["tickets"], as_of="2024-03-31", by=("category",))
    assert one(report, "tickets", "2024-03", category="a").value == 3
    assert one(report, "tickets", "2024-03", category="b").value == 2


def test_backlog_at_each_end() -> None:
    january = answer("ticket_backlog", FLOW, "2024-01")
    assert (january.value, january.n, january.unit) == (1, 1, "count")
    assert january.components == {
        "open_start": 0,
        "created": 2,
        "solved": 1,
        "median_age": 12,  # from 20 January to 1 February
    }
    february = answer("ticket_backlog", FLOW, "2024-02")
    # 20, 10 and 1.5 days old on 1 March, on which number 4 is solved: open the day before.
    assert february.components == {"open_start": 1, "created": 3, "solved": 1, "median_age": 10}
    assert february.value == 3
    march = answer("ticket_backlog", FLOW, "2024-03")
    assert (march.value, march.components["solved"]) == (2, 1)
    # 51 and 32.5 days old on 1 April
    assert march.components["median_age"] == (51 + 32.5) / 2


def test_backlog_of_a_period_that_is_not_over() -> None:
    result = answer("ticket_backlog", FLOW, "2024-02", as_of="2024-02-15")
    assert (result.value, result.partial) == (1, True)
    assert result.components["median_age"] == 6  # from 10 to 16 February


def test_no_backlog_is_zero_and_no_tickets_yet_is_null() -> None:
    rows = [ticket(1, "2024-02-01T00:00", "2024-02-02T00:00")]
    options = {"set_": ["periods.from=2024-01-01"]}
    before = answer("ticket_backlog", rows, "2024-01", **options)
    assert (before.value, before.reason) == (None, "no tickets yet")
    after = answer("ticket_backlog", rows, "2024-03", **options)
    assert (after.value, after.n, after.components["median_age"]) == (0, 0, None)


def test_backlog_across_a_change_of_the_clock() -> None:
    """31 March 2024 has 23 hours in Berlin: 30 days of 24 hours and 23 hours."""
    rows = [ticket(1, "2024-03-01T00:00", None)]
    result = answer("ticket_backlog", rows, "2024-03", timezone="Europe/Berlin")
    assert result.components["median_age"] == pytest.approx(30 + 23 / 24)


def test_a_lower_backlog_is_better() -> None:
    result = answer(
        "ticket_backlog", FLOW, "2024-01", set_=["thresholds.ticket_backlog={target: 2}"]
    )
    assert result.rating == "met"


def test_backlog_by_segment() -> None:
    rows = [row | {"agent": agent} for row, agent in zip(FLOW, "ABABA", strict=True)]
    report = ask({"tickets": rows}, ["ticket_backlog"], as_of="2024-03-31", by=("agent",))
    assert one(report, "ticket_backlog", "2024-02", agent="A").value == 2  # numbers 3 and 5
    assert one(report, "ticket_backlog", "2024-02", agent="B").value == 1  # number 4


def test_reopen_rate() -> None:
    rows = [
        ticket(n, "2024-03-04T00:00", "2024-03-05T00:00", reopens=reopens)
        for n, reopens in enumerate((0, 0, 1, 4, None))
    ]
    rows.append(ticket(9, "2024-03-04T00:00", None, reopens=1))  # open
    result = answer("reopen_rate", rows, "2024-03")
    assert (result.value, result.n) == (50, 4)
    assert result.components == {"reopened": 2, "solved": 4, "unknown": 1}
    blank = answer("reopen_rate", rows[4:5], "2024-03")
    assert (blank.value, blank.reason) == (None, "no solved ticket says whether it was reopened")
    assert answer("reopen_rate", rows[5:], "2024-03").reason == "no ticket solved"


def test_three_of_sixty_reopened() -> None:
    rows = [
        ticket(n, "2024-03-04T00:00", "2024-03-05T00:00", reopens=int(n < 3), agent="AB"[n % 2])
        for n in range(60)
    ]
    report = ask({"tickets": rows}, ["reopen_rate"], as_of="2024-03-31", by=("agent",))
    assert one(report, "reopen_rate", "2024-03").value == 5
    assert one(report, "reopen_rate", "2024-03", agent="A").value == pytest.approx(200 / 30)
    assert one(report, "reopen_rate", "2024-03", agent="B").value == pytest.approx(100 / 30)
