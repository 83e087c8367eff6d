"""Days from creation to winning."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.results import Result
from tests.support import ask, one


def deal(created: str | None, closed: str | None, outcome: str = "won", **more: Any) -> Any:
    return {
        "opportunity_id": f"{created}{closed}{outcome}",
        "created_at": created,
        "closed_at": closed,
        "outcome": outcome,
        **more,
    }


def cycle(rows: list[Any], period: str = "2024-02", **options: Any) -> Result:
    report = ask({"opportunities": rows}, ["sales_cycle"], as_of="2024-03-31", **options)
    return one(report, "sales_cycle", period)


THREE = [
    deal("2024-02-01", "2024-02-11"),  # 10 days
    deal("2024-01-25", "2024-02-14"),  # 20
    deal("2023-12-17", "2024-02-15"),  # 60
]


def test_median_of_won_deals_by_close_date() -> None:
    rows = [
        *THREE,
        deal("2024-02-01", "2024-02-02", "lost"),
        deal("2024-02-01", None, "open"),
        deal("2024-02-01", "2024-03-02"),
    ]
    result = cycle(rows)
    assert (result.value, result.unit, result.n) == (20.0, "days", 3)
    # p90: rank 0.9 x 2 = 1.8 from 0: 20 + 0.8 x 40
    assert result.components == {"mean": 30.0, "p90": 52.0, "won": 3}


def test_hours_are_parts_of_a_day() -> None:
    assert cycle([deal("2024-02-01T06:00", "2024-02-02T18:00")]).value == 1.5


def test_a_blank_creation_is_won_but_has_no_cycle() -> None:
    result = cycle([*THREE, deal(None, "2024-02-20")])
    assert (result.value, result.n, result.components["won"]) == (20.0, 3, 4)
    alone = cycle([deal(None, "2024-02-20"), deal("2024-01-01", None, "open")])
    assert (alone.value, alone.reason) == (None, "no won deal has a date of creation")


def test_interval_by_order_statistics() -> None:
    rows = [deal("2024-01-01", f"2024-02-{day:02}") for day in range(1, 21)]  # 31 to 50 days
    result = cycle(rows)
    # n 20: ranks 10 - 4.38 -> 5 and 11 + 4.38 -> 16
    assert (result.value, result.low, result.high) == (40.5, 35.0, 46.0)


def test_no_deals_won() -> None:
    result = cycle([deal("2024-01-01", "2024-02-02", "lost")])
    assert (result.value, result.status, result.reason) == (None, "no_data", "no deals won")


def test_by_segment() -> None:
    rows = [dict(row, owner=owner) for row, owner in zip(THREE, ("An", "An", None), strict=True)]
    report = ask({"opportunities": rows}, ["sales_cycle"], as_of="2024-02-29", by=("owner",))
    assert one(report, "sales_cycle", "2024-02", owner="An").value == 15.0
    assert one(report, "sales_cycle", "2024-02", owner=None).value == pytest.approx(60.0)
