"""Resolution time: full and first, the open ones, and the Kaplan-Meier median."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def ticket(number: int, created: str, hours: float | None, **more: Any) -> Row:
    at = datetime.fromisoformat(created)
    solved = None if hours is None else (at + timedelta(hours=hours)).isoformat()
    return {"ticket_id": str(number), "created_at": created, "solved_at": solved, **more}


def resolution(
    rows: list[Row], period: str = "2024-03", *, as_of: str = "2024-03-31", **options: Any
) -> Result:
    return one(
        ask({"tickets": rows}, ["resolution_time"], as_of=as_of, **options),
        "resolution_time",
        period,
    )


def test_full_and_first_resolution() -> None:
    """09:00 created, 09:30 solved, 09:45 reopened, 10:15 solved: 75 and 30 minutes."""
    row = {
        "ticket_id": "1",
        "created_at": "2024-03-04T09:00",
        "first_solved_at": "2024-03-04T09:30",
        "solved_at": "2024-03-04T10:15",
    }
    result = resolution([row])
    assert (result.value, result.n, result.unit) == (1.25, 1, "hours")
    assert result.components == {
        "mean": 1.25,
        "p90": 1.25,
        "first_solved": 0.5,
        "open": 0,
        "km_median": 1.25,
    }


def test_without_the_column_there_is_no_first_solution() -> None:
    result = resolution([ticket(1, "2024-03-04T09:00", 2)])
    assert (result.value, result.components["first_solved"]) == (2, None)


def test_counts_in_the_period_of_the_last_solution() -> None:
    rows = [ticket(1, "2024-02-29T23:00", 2)]  # solved at 01:00 on 1 March
    february = resolution(rows, "2024-02")
    assert (february.value, february.reason) == (None, "no ticket solved")
    assert february.components["open"] == 1
    assert february.components["km_median"] is None  # open at the end, censored after an hour
    march = resolution(rows)
    assert (march.value, march.components["open"]) == (2, 0)
    assert march.components["km_median"] is None  # nothing was created in March


def test_what_is_solved_after_as_of_is_open() -> None:
    rows = [ticket(1, "2024-03-30T12:00", 1), ticket(2, "2024-03-31T23:00", 1)]
    result = resolution(rows)
    assert (result.value, result.n, result.components["open"]) == (1, 1, 1)


def test_open_counts_tickets_of_earlier_periods() -> None:
    rows = [ticket(1, "2024-01-15T00:00", None), ticket(2, "2024-03-01T00:00", None)]
    assert resolution(rows, "2024-01").components["open"] == 1
    assert resolution(rows, "2024-02").components["open"] == 1
    assert resolution(rows).components["open"] == 2


def hours_before_the_end(*lives: tuple[float, bool]) -> list[Row]:
    """(hours, solved) of tickets of March; the open ones are created so long before its end."""
    rows = []
    for number, (hours, solved) in enumerate(lives):
        if solved:
            rows.append(ticket(number, "2024-03-04T09:00", hours))
        else:
            created = datetime(2024, 4, 1) - timedelta(hours=hours)
            rows.append(ticket(number, created.isoformat(), None))
    return rows


@pytest.mark.parametrize(
    ("lives", "median"),
    [
        # S = .8 .6 .6 .3 .3
        (((1, True), (2, True), (3, False), (4, True), (5, False)), 4),
        (((1, True), (2, False)), 1),  # S(1) is one half exactly
        (((1, True), (2, False), (3, False)), None),  # S stays at 2/3
        (((2, True), (2, False), (3, True)), 3),  # at 2 the open one is still at risk: S = 2/3, 0
        (((2, False), (2, True)), 2),  # 1 of 2 at risk
        (((5, False), (6, False)), None),
        # 6/7 5/7 4/7, then 5 are at risk no more: 4/7 x 2/3 = 8/21
        ((*((n, True) for n in (1, 2, 3)), (4, False), (5, True), (6, False), (7, False)), 5),
    ],
)
def test_kaplan_meier_median(lives: tuple[tuple[float, bool], ...], median: float | None) -> None:
    result = resolution(hours_before_the_end(*lives))
    assert result.components["km_median"] == median


def test_one_half_is_reached_in_a_large_crowd_too() -> None:
    """5,000 of 10,000 solved, one a minute: one half after 5,000 minutes, not 5,001."""
    rows = hours_before_the_end(*((n / 60, True) for n in range(1, 5002)), *[(400, False)] * 4999)
    assert resolution(rows).components["km_median"] == pytest.approx(5000 / 60, abs=1e-9)


def test_quarter_is_not_averaged_from_months() -> None:
    rows = [
        ticket(1, "2024-01-02T00:00", 1),
        ticket(2, "2024-02-02T00:00", 2),
        ticket(3, "2024-02-02T00:00", 90),
        ticket(4, "2024-03-02T00:00", 3),
    ]
    result = resolution(rows, "2024-Q1", every="quarter")
    assert (result.value, result.components["mean"]) == (2.5, 24)  # (1 + 2 + 3 + 90) / 4
    # Rank 0.9 x 3 = 2.7 from 0: 3 + 0.7 x 87
    assert result.components["p90"] == 63.9


def test_business_hours() -> None:
    # Friday 16:00 to Monday 10:00: 1 + 2 open hours. A ticket of Friday is open at the end
    # of Sunday 31 March, after 1 open hour: censored there.
    rows = [
        ticket(1, "2024-03-08T16:00", 66, first_solved_at="2024-03-08T16:30"),
        ticket(2, "2024-03-29T16:00", None),
    ]
    result = resolution(
        rows,
        definitions={
            "resolution_time": "{hours: business, "
            'business_hours: {weekdays: {mon-fri: "08:00-17:00"}}}'
        },
    )
    assert (result.value, result.components["first_solved"]) == (3, 0.5)
    assert result.components["km_median"] == 3  # S(3) = 0: only the first is at risk


def test_segments() -> None:
    rows = [
        ticket(1, "2024-03-02T00:00", 1, category="a"),
        ticket(2, "2024-03-02T00:00", None, category="a"),
        ticket(3, "2024-03-02T00:00", 5, category="b"),
    ]
    report = ask({"tickets": rows}, ["resolution_time"], as_of="2024-03-31", by=("category",))
    a = one(report, "resolution_time", "2024-03", category="a")
    assert (a.value, a.components["open"], a.components["km_median"]) == (1, 1, 1)
    b = one(report, "resolution_time", "2024-03", category="b")
    assert (b.value, b.components["open"], b.components["km_median"]) == (5, 0, 5)
    total = one(report, "resolution_time", "2024-03")
    assert (total.value, total.components["km_median"]) == (3, 5)  # S = 2/3 at 1, 1/3 at 5
