"""First contact resolution: what counts as first, the window, the blanks, the bands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def ticket(number: int, replies: int | None, reopens: int | None, **more: Any) -> Row:
    return {
        "ticket_id": str(number),
        "created_at": "2024-03-04T09:00",
        "solved_at": "2024-03-04T10:00",
        "agent_replies": replies,
        "reopens": reopens,
        "customer_id": f"C{number}",
        "category": "billing",
        **more,
    }


def fcr(rows: list[Row], definition: str = "{}", **options: Any) -> Result:
    options = {"as_of": "2024-03-31"} | options
    found = ask({"tickets": rows}, ["fcr"], definitions={"fcr": definition}, **options)
    return one(found, "fcr", "2024-03")


def test_at_most_one_reply_and_no_reopening() -> None:
    rows = [
        ticket(1, 1, 0),
        ticket(2, 0, 0),  # solved without a reply
        ticket(3, 2, 0),
        ticket(4, 1, 1),
        ticket(5, 1, 0, solved_at=None),  # open: not in the denominator
        ticket(6, 1, 0, solved_at="2024-04-01T00:00"),  # after as_of
    ]
    result = fcr(rows)
    assert (result.value, result.n) == (50, 4)
    assert result.components == {"first_contact": 2, "solved": 4, "pending": 0, "unknown": 0}


def test_the_denominator_is_what_was_solved_in_the_period() -> None:
    rows = [
        ticket(1, 1, 0, created_at="2024-01-01T00:00"),
        ticket(2, 1, 0, solved_at="2024-04-02T00:00"),
    ]
    result = fcr(rows, as_of="2024-04-30")
    assert (result.value, result.n) == (100, 1)


def test_blanks_that_leave_it_undecided_count_in_neither() -> None:
    rows = [
        ticket(1, 1, None),
        ticket(2, None, 0),
        ticket(3, None, 1),  # reopened: decided
        ticket(4, 2, None),  # two replies: decided
        ticket(5, 1, 0),
    ]
    result = fcr(rows)
    assert (result.value, result.n, result.components["unknown"]) == (100 / 3, 3, 2)
    nothing = fcr([ticket(1, None, None)])
    assert (nothing.value, nothing.reason) == (None, "no ticket with replies and reopenings")
    assert fcr([ticket(1, 1, 0, solved_at=None)]).reason == "no ticket solved"


SOLVED = "2024-03-04T10:00"


@pytest.mark.parametrize(
    ("again", "value"),
    [
        ({"created_at": "2024-03-04T10:00:01"}, 0),
        ({"created_at": "2024-03-11T23:59"}, 0),  # the seventh day after
        ({"created_at": "2024-03-12T00:00"}, 100),  # the eighth
        ({"created_at": "2024-03-04T10:00"}, 100),  # not after it was solved
        ({"created_at": "2024-03-04T09:30"}, 100),
        ({"created_at": "2024-03-05T00:00", "customer_id": "C2"}, 100),
        ({"created_at": "2024-03-05T00:00", "category": "delivery"}, 100),
        ({"created_at": "2024-03-05T00:00", "category": None}, 100),
    ],
)
def test_window(again: Row, value: float) -> None:
    rows = [ticket(1, 1, 0), ticket(2, 1, 0, solved_at=None) | {"customer_id": "C1"} | again]
    result = fcr(rows, "{window: 7d}")
    assert (result.value, result.n) == (value, 1)
    assert fcr(rows).value == 100  # 0d does not look


def test_blank_categories_are_one_and_unknown_customers_nobody() -> None:
    same = {"customer_id": "C1", "category": None}
    again = {"solved_at": None, "created_at": "2024-03-05T00:00"}
    rows = [ticket(1, 1, 0, **same), ticket(2, 1, 0, **(same | again))]
    assert fcr(rows, "{window: 7d}").value == 0
    nobody = [row | {"customer_id": None} for row in rows]
    assert fcr(nobody, "{window: 7d}").value == 100


def test_without_categories_any_new_ticket_counts() -> None:
    rows = [ticket(1, 1, 0), ticket(2, 1, 0, solved_at=None, created_at="2024-03-05T00:00")]
    rows[1]["customer_id"] = "C1"
    for row in rows:
        del row["category"]
    assert fcr(rows, "{window: 7d}").value == 0


def test_a_follow_up_that_where_leaves_out_still_counts() -> None:
    rows = [
        ticket(1, 1, 0, channel="email"),
        ticket(2, 1, 0, solved_at=None, created_at="2024-03-05T00:00", channel="phone"),
    ]
    rows[1]["customer_id"] = "C1"
    result = fcr(rows, "{window: 7d}", where={"channel": ["email"]})
    assert (result.value, result.n) == (0, 1)


def test_tickets_younger_than_the_window_are_pending() -> None:
    rows = [
        ticket(1, 1, 0, solved_at="2024-03-24T23:59"),  # 7 days to 31 March: over
        ticket(2, 5, 1, solved_at="2024-03-25T00:00"),  # failed, but as young as the next
        ticket(3, 1, 0, solved_at="2024-03-31T12:00"),
    ]
    result = fcr(rows, "{window: 7d}")
    assert (result.value, result.n, result.components["pending"]) == (100, 1, 2)
    assert result.status == "pending"
    assert result.reason == "2 solved less than 7d ago left out: the customer may come back"
    young = fcr(rows[1:], "{window: 1 week}")
    assert (young.value, young.status) == (None, "pending")
    assert young.reason == "no ticket was solved 7d ago or earlier"


@pytest.mark.parametrize(
    ("first", "rating"), [(9, "met"), (8, "warning"), (5, "warning"), (4, "missed")]
)
def test_the_bands_of_the_article_are_the_default_thresholds(first: int, rating: str) -> None:
    """Above 90 good, below 50 poor; at a bound is on its better side."""
    result = fcr([ticket(n, 1 if n < first else 2, 0) for n in range(10)])
    assert (result.target, result.warning, result.rating) == (90, 50, rating)


def test_a_configured_threshold_replaces_them() -> None:
    result = fcr([ticket(1, 1, 0)], set_=["thresholds.fcr={target: 75.5}"])
    assert (result.target, result.warning, result.rating) == (Decimal("75.5"), None, "met")


def test_window_in_days_only() -> None:
    with pytest.raises(ConfigError) as found:
        fcr([], "{window: 12h}")
    assert "should be a number of days such as 7d" in str(found.value.problems[0])


def test_segments() -> None:
    rows = [ticket(1, 1, 0, agent="An"), ticket(2, 3, 0, agent="Bình")]
    report = ask({"tickets": rows}, ["fcr"], as_of="2024-03-31", by=("agent",))
    assert one(report, "fcr", "2024-03", agent="An").value == 100
    assert one(report, "fcr", "2024-03", agent="Bình").value == 0
    assert one(report, "fcr", "2024-03").value == 50
