"""Net revenue retention: what the customers of the start pay now, and who had lapsed.

What it shares with GRR, the same customers at two points in time, is in
`test_revenue_retention.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

from .rows import Row, answer, sold


def nrr(rows: list[Row], definition: str = "{}", period: str = "2024-01") -> Any:
    return answer("nrr", {"subscriptions": rows}, period, definition, as_of="2024-01-31")


def test_ten_more_ten_less_and_ten_lost() -> None:
    rows = [
        sold("leaves", "2023-01-01", 10, "2023-12-01"),
        sold("halves", "2023-01-01", 20, "2023-12-01"),
        sold("halves", "2023-12-01", 10),
        sold("doubles", "2023-01-01", 10),
        sold("doubles", "2023-12-01", 10),
        sold("stays", "2023-01-01", 60),
        sold("new", "2023-12-01", 500),
    ]
    result = nrr(rows)
    assert (result.value, result.n) == (90, 4)  # the 500 of the new one do not count
    moved = {"mrr_start": 100, "expansion": 10, "contraction": 10, "churned": 10}
    assert result.components == moved


BACK = [
    sold("A", "2023-01-01", 100, "2023-06-10"),
    sold("A", "2023-08-05", 80),
    sold("B", "2023-01-01", 100),
]


@pytest.mark.parametrize(("reactivation", "value"), [("counted", 90.0), ("final", 50.0)])
def test_who_lapsed_and_is_back(reactivation: str, value: float) -> None:
    net = nrr(BACK, f"{{reactivation: {reactivation}}}")
    assert net.value == value  # (80 + 100) / 200, or 100 / 200
    churned = {"counted": 0, "final": 100}[reactivation]
    assert net.components["churned"] == churned
    assert net.components["contraction"] == (20 if reactivation == "counted" else 0)


def test_who_is_back_with_more_has_not_expanded_when_the_lapse_is_final() -> None:
    rows = [BACK[0], sold("A", "2023-08-05", 130), BACK[2]]
    net = nrr(rows, "{reactivation: final}")
    assert (net.value, net.components["expansion"], net.components["churned"]) == (50.0, 0, 100)
    net = nrr(rows)
    assert (net.value, net.components["expansion"]) == (115.0, 30)


@pytest.mark.parametrize(
    ("start_again", "value"),
    [
        ("2023-06-20", 100.0),  # a gap inside June: no month starts without a payment
        ("2023-06-30", 100.0),
        ("2023-07-01", 50.0),  # on the last day of June nothing was paid
    ],
)
def test_a_lapse_is_seen_at_the_start_of_a_month(start_again: str, value: float) -> None:
    rows = [BACK[0], sold("A", start_again, 100), BACK[2]]
    net = nrr(rows, "{reactivation: final}")
    assert net.value == value


def test_a_lapse_before_the_window_is_no_lapse() -> None:
    net = nrr(BACK, "{window: period, reactivation: final}")
    assert (net.value, net.n) == (100.0, 2)


def test_before_anybody_paid() -> None:
    result = nrr(BACK, period="2023-06")
    assert (result.value, result.n) == (None, 0)
    assert result.reason == "no customer paid 12 months before the end"
