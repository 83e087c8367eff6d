"""Money that the pipeline turns out in a day."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def deals(count: int, outcome: str, created: str | None, closed: str | None, amount: Any) -> Any:
    return [
        {
            "opportunity_id": f"{outcome}{created}{closed}{amount}{i}",
            "created_at": created,
            "closed_at": closed,
            "outcome": outcome,
            "amount": amount,
        }
        for i in range(count)
    ]


def velocity(rows: list[Row], period: str = "2024-02") -> Result:
    report = ask({"opportunities": rows}, ["sales_velocity"], as_of="2024-02-29")
    return one(report, "sales_velocity", period)


LOST = deals(6, "lost", "2024-01-01", "2024-02-20", 1)
WON = deals(2, "won", "2024-01-01", "2024-02-20", 5000)  # 50 days


def test_a_thousand_a_day() -> None:
    result = velocity([*deals(40, "open", "2024-01-05", None, 7), *WON, *LOST])
    assert result.value == 1000.0  # 40 x 5,000 x 0.25 / 50
    assert result.n == 8
    assert result.components == {
        "deals": 40,
        "average_won_amount": 5000.0,
        "win_rate": 25.0,
        "sales_cycle": 50.0,
        "won": 2,
        "lost": 6,
    }


def test_a_won_deal_without_an_amount_is_not_worth_0() -> None:
    more = deals(2, "won", "2024-01-01", "2024-02-20", None)
    # 10 x 5,000 x 4/10 / 50
    assert velocity([*deals(10, "open", "2024-01-05", None, 7), *WON, *more, *LOST]).value == 400.0


def test_an_empty_pipeline_turns_out_nothing() -> None:
    assert velocity([*WON, *LOST]).value == 0.0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (deals(1, "open", "2024-01-05", None, 7), "no deals closed"),
        (LOST, "no deals won"),
        (deals(1, "won", "2024-01-01", "2024-02-20", None), "no won deal has an amount"),
        (
            [*deals(1, "won", None, "2024-02-20", 5), *LOST],
            "no won deal has a date of creation",
        ),
        (deals(1, "won", "2024-02-20", "2024-02-20", 5), "a sales cycle of 0 days"),
    ],
)
def test_nothing_to_divide_by(rows: list[Row], reason: str) -> None:
    result = velocity(rows)
    assert (result.value, result.status, result.reason) == (None, "no_data", reason)
