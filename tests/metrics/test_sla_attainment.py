"""SLA attainment: at the target, past it, still open, per priority, by which clock."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def ticket(number: int, created: str, solved: str | None, **more: Any) -> Row:
    return {"ticket_id": str(number), "created_at": created, "solved_at": solved, **more}


def sla(rows: list[Row], definition: str = "{}", **options: Any) -> Result:
    options = {"as_of": "2024-03-31"} | options
    found = ask(
        {"tickets": rows}, ["sla_attainment"], definitions={"sla_attainment": definition}, **options
    )
    return one(found, "sla_attainment", "2024-03")


def test_met_breached_and_open() -> None:
    rows = [
        ticket(1, "2024-03-04T09:00:00", "2024-03-06T09:00:00"),  # 48 hours exactly: met
        ticket(2, "2024-03-04T09:00:00", "2024-03-06T09:00:01"),
        ticket(3, "2024-03-29T23:59:59", None),  # 48 hours and a second ago: breached
        ticket(4, "2024-03-30T00:00:00", None),  # 48 hours ago exactly: still inside
        ticket(5, "2024-03-31T09:00:00", None),
        ticket(6, "2024-03-31T09:00:00", "2024-04-01T00:00:00"),  # not known yet
    ]
    result = sla(rows)
    assert result.value == pytest.approx(100 / 3)
    assert result.n == 3
    assert result.components == {"met": 1, "breached": 2, "open": 3}


def test_counts_in_the_period_of_creation_also_when_solved_later() -> None:
    rows = [ticket(1, "2024-03-31T09:00", "2024-04-01T09:00")]
    result = sla(rows, as_of="2024-04-30")
    assert (result.value, result.n) == (100, 1)


def test_target_per_priority() -> None:
    definition = '{target: {high: 4h, Normal: 24h, "*": 48h}}'
    day = "2024-03-04T00:00"
    rows = [
        ticket(1, day, "2024-03-04T04:00", priority="High"),
        ticket(2, day, "2024-03-04T04:01", priority="high"),
        ticket(3, day, "2024-03-05T00:00", priority="normal"),
        ticket(4, day, "2024-03-05T00:01", priority="normal"),
        ticket(5, day, "2024-03-06T00:00", priority="low"),
        ticket(6, day, "2024-03-06T00:00", priority=None),
        ticket(7, day, "2024-03-06T00:01", priority=None),
    ]
    result = sla(rows, definition)
    assert result.components == {"met": 4, "breached": 3, "open": 0}
    assert result.value == pytest.approx(400 / 7)


def test_priorities_without_a_target_are_left_out() -> None:
    rows = [
        ticket(1, "2024-03-04T00:00", "2024-03-04T04:00", priority="high"),
        ticket(2, "2024-03-04T00:00", "2024-03-24T04:00", priority="low"),
        ticket(3, "2024-03-04T00:00", None, priority=None),
    ]
    result = sla(rows, "{target: {high: 4h}}")
    assert (result.value, result.n) == (100, 1)
    assert result.components == {"met": 1, "breached": 0, "open": 0, "no_target": 2}
    assert sla(rows[1:], "{target: {high: 4h}}").reason == "no ticket with a target"


def test_clock_of_the_first_reply() -> None:
    rows = [
        ticket(1, "2024-03-04T00:00", None, first_reply_at="2024-03-04T00:30"),
        ticket(2, "2024-03-04T00:00", "2024-03-04T00:10", first_reply_at="2024-03-04T00:31"),
    ]
    assert sla(rows, "{target: 30m, clock: first_response}").value == 50
    assert sla(rows, "{target: 30m}").components == {"met": 1, "breached": 1, "open": 0}


def test_business_hours() -> None:
    """Friday 16:00 to Monday 10:00 is 66 hours, 3 of them open."""
    rows = [
        ticket(1, "2024-03-08T16:00", "2024-03-11T10:00"),
        ticket(2, "2024-03-08T16:00", "2024-03-11T10:01"),
        ticket(3, "2024-03-29T14:00", None),  # 3 open hours until Sunday night: inside
        ticket(4, "2024-03-29T13:59", None),
    ]
    office = 'hours: business, business_hours: {weekdays: {mon-fri: "08:00-17:00"}}'
    result = sla(rows, f"{{target: 3h, {office}}}")
    assert result.components == {"met": 1, "breached": 2, "open": 1}
    assert sla(rows, "{target: 3h}").components == {"met": 0, "breached": 4, "open": 0}


def test_nothing_to_judge_yet() -> None:
    result = sla([ticket(1, "2024-03-31T09:00", None)])
    assert (result.value, result.n, result.status) == (None, 0, "pending")
    assert result.reason == "every ticket is open and inside its target"
    empty = sla([ticket(1, "2024-02-01T09:00", None)])
    assert (empty.value, empty.status, empty.reason) == (None, "no_data", "no tickets")


def test_segments() -> None:
    rows = [
        ticket(1, "2024-03-04T00:00", "2024-03-05T00:00", agent="An"),
        ticket(2, "2024-03-04T00:00", "2024-03-25T00:00", agent="Bình"),
    ]
    report = ask({"tickets": rows}, ["sla_attainment"], as_of="2024-03-31", by=("agent",))
    assert one(report, "sla_attainment", "2024-03", agent="An").value == 100
    assert one(report, "sla_attainment", "2024-03", agent="Bình").value == 0


@pytest.mark.parametrize(
    ("definition", "fault"),
    [
        ("{target: 2d}", "should be hours or minutes above zero, such as 48h or 30m"),
        ("{target: 0h}", "should be hours or minutes above zero"),
        ("{target: {}}", "should be hours or minutes above zero"),
        ("{target: {high: 4h, low: 2 weeks}}", "should be hours or minutes above zero"),
        ("{target: {high: 4h, High: 5h}}", "holds one priority twice"),
        ("{target: soon}", "should be a length of time"),
        ("{clock: reply}", "should be resolution or first_response"),
    ],
)
def test_faults_of_the_config(definition: str, fault: str) -> None:
    with pytest.raises(ConfigError) as found:
        sla([], definition)
    assert fault in str(found.value.problems[0])


def test_priority_is_needed_only_where_it_is_asked_for() -> None:
    rows = [ticket(1, "2024-03-04T00:00", "2024-03-05T00:00")]
    assert sla(rows, '{target: {"*": 48h}}').value == 100
    report = ask(
        {"tickets": rows},
        ["sla_attainment"],
        as_of="2024-03-31",
        definitions={"sla_attainment": "{target: {high: 4h}}"},
    )
    assert report.skipped[0].reason == "tickets has no column priority"
