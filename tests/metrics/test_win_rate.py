"""Win rate by count and by amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def deals(*found: tuple[int, str, str | None, object]) -> list[Row]:
    """(how many, outcome, closed, amount); all created on 1 January."""
    rows: list[Row] = []
    for count, outcome, closed, amount in found:
        for _ in range(count):
            rows.append(
                {
                    "opportunity_id": f"D{len(rows)}",
                    "created_at": "2024-01-01",
                    "closed_at": closed,
                    "outcome": outcome,
                    "amount": amount,
                }
            )
    return rows


def rate(rows: list[Row], period: str = "2024-02", definition: str = "{}") -> Result:
    report = ask(
        {"opportunities": rows},
        ["win_rate"],
        as_of="2024-03-31",
        definitions={"win_rate": definition},
    )
    return one(report, "win_rate", period)


def test_won_of_won_and_lost_by_close_date() -> None:
    rows = deals(
        (30, "won", "2024-02-29", 10),
        (45, "lost", "2024-02-01", 20),
        (7, "won", "2024-03-01", 10),
        (9, "open", None, 10),
        (9, "open", "2024-02-15", 10),  # the expected close of an open deal is none
    )
    result = rate(rows)
    assert (result.value, result.n) == (40.0, 75)  # 30 / (30 + 45)
    assert result.components == {"won": 30, "lost": 45, "won_amount": 300, "lost_amount": 900}
    # Wilson: middle (0.4 + 0.025610) / 1.051220 = 0.404873;
    # half 1.959964 x sqrt(0.4 x 0.6 / 75 + 3.841459 / 22500) / 1.051220 = 0.108247
    assert result.low == pytest.approx(29.6625, abs=1e-3)
    assert result.high == pytest.approx(51.3120, abs=1e-3)


def test_by_amount() -> None:
    rows = deals((1, "won", "2024-02-02", "300.50"), (3, "lost", "2024-02-02", "100.50"))
    result = rate(rows, definition="{by: amount}")
    assert result.value == pytest.approx(100 * 300.5 / 602)  # 300.50 / (300.50 + 301.50)
    assert result.components["lost_amount"] == Decimal("301.5")
    assert (result.n, result.low) == (4, None)


@pytest.mark.parametrize("nothing", [None, 0])
def test_by_amount_is_refused_where_lost_deals_carry_none(nothing: int | None) -> None:
    rows = deals(
        (1, "won", "2024-02-02", 300), (2, "lost", "2024-02-02", nothing),
        (1, "lost", "2024-02-02", 50),
    )  # fmt: skip
    result = rate(rows, definition="{by: amount}")
    assert (result.value, result.status) == (None, "no_data")
    assert result.reason == "no win rate by amount: 2 of 3 lost deals carry none"
    assert rate(rows).value == 25.0  # by count it does not matter


def test_by_amount_is_refused_where_won_deals_carry_none() -> None:
    rows = deals((1, "won", "2024-02-02", None), (1, "lost", "2024-02-02", 50))
    result = rate(rows, definition="{by: amount}")
    assert (result.value, result.components["won_amount"]) == (None, None)
    assert result.reason == "no win rate by amount: 1 of 1 won deals carry none"


def test_deals_worth_nothing() -> None:
    result = rate(deals((2, "won", "2024-02-02", 0)), definition="{by: amount}")
    assert (result.value, result.reason) == (None, "the deals closed are worth 0")


def test_nothing_closed() -> None:
    result = rate(deals((1, "won", "2024-03-01", 5), (1, "open", None, 5)), "2024-01")
    assert (result.value, result.reason, result.n) == (None, "no deals closed", 0)


def test_a_close_after_as_of_has_not_happened() -> None:
    rows = deals((1, "won", "2024-03-31", 5), (1, "lost", "2024-04-01", 5))
    assert (rate(rows, "2024-03").value, rate(rows, "2024-03").n) == (100.0, 1)


def test_without_amounts_and_without_outcomes() -> None:
    rows = deals((1, "won", "2024-02-02", 0))
    bare = [{k: v for k, v in row.items() if k != "amount"} for row in rows]
    assert rate(bare).components == {"won": 1, "lost": 0, "won_amount": None, "lost_amount": None}
    silent = [{k: v for k, v in row.items() if k != "outcome"} for row in rows]
    report = ask({"opportunities": silent}, ["win_rate"], as_of="2024-03-31")
    assert report.skipped[0].reason == "opportunities has no column outcome"


def test_by_segment() -> None:
    rows = deals((1, "won", "2024-02-02", 5), (1, "lost", "2024-02-02", 5))
    rows[0]["owner"], rows[1]["owner"] = "An", "Bình"
    report = ask({"opportunities": rows}, ["win_rate"], as_of="2024-02-29", by=("owner",))
    found = [one(report, "win_rate", "2024-02", owner=o).value for o in ("An", "Bình")]
    assert (found, one(report, "win_rate", "2024-02").value) == ([100.0, 0.0], 50.0)
