"""GRR and NRR: the same customers at two points in time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm_kpi.metrics._spec import AggregateState
from crm_kpi.metrics.subscriptions import _retained, grr
from crm_kpi.metrics.subscriptions._retained import Window
from crm_kpi.periods import Period
from tests.support import ask, one

from .rows import Row, sold


def rates(rows: list[Row], period: str, *, grr: str = "{}", nrr: str = "{}", **options: Any) -> Any:
    report = ask(
        {"subscriptions": rows},
        ["grr", "nrr"],
        definitions={"grr": grr, "nrr": nrr},
        **options,
    )
    return one(report, "grr", period), one(report, "nrr", period)


PERIOD = "{window: period}"

# 100 at the start: 10 churned, 10 contraction, 10 expansion.
MONTH = [
    sold("leaves", "2023-01-01", 10, "2024-03-15"),
    sold("halves", "2023-01-01", 20, "2024-03-15"),
    sold("halves", "2024-03-15", 10),
    sold("doubles", "2023-01-01", 10),
    sold("doubles", "2024-03-15", 10),
    sold("stays", "2023-01-01", 60),
    sold("new", "2024-03-15", 500),
]


def test_gross_churn_of_twenty_and_net_churn_of_ten() -> None:
    gross, net = rates(MONTH, "2024-03", grr=PERIOD, nrr=PERIOD, as_of="2024-03-31")
    assert (gross.value, gross.n) == (80.0, 4)  # 100 - 20
    assert (net.value, net.n) == (90.0, 4)  # 100 - 10; the 500 of the new one do not count
    moved = {"mrr_start": 100, "expansion": 10, "contraction": 10, "churned": 10}
    assert gross.components == net.components == moved


def test_twelve_months_back_from_the_end() -> None:
    """At the end of March 2023 all four were there; in the months after it, too."""
    gross, net = rates(MONTH, "2024-03", as_of="2024-03-31")
    assert (gross.value, net.value, net.n) == (80.0, 90.0, 4)
    gross, net = rates(MONTH, "2024-02", as_of="2024-03-31")
    assert (gross.value, net.value) == (100.0, 100.0)


def test_only_the_two_points_count() -> None:
    """Who joined and left in between, or rose and fell back, changes nothing."""
    rows = [
        sold("A", "2023-01-01", 100),
        sold("A", "2023-06-01", 900, "2023-09-01"),
        sold("B", "2023-03-01", 70, "2023-08-01"),
    ]
    gross, net = rates(rows, "2024-01", as_of="2024-01-31")
    assert (gross.value, net.value, net.n) == (100.0, 100.0, 1)


def test_nobody_paid_at_the_start() -> None:
    gross, net = rates(MONTH, "2023-06", as_of="2023-06-30")
    assert (gross.value, gross.n, gross.status) == (None, 0, "no_data")
    assert gross.reason == net.reason == "no customer paid 12 months before the end"
    gross, _ = rates(MONTH, "2023-01", grr=PERIOD, as_of="2023-01-31")
    assert gross.reason == "no customer paid at the start"


def test_everybody_left() -> None:
    rows = [sold("A", "2023-01-01", 100, "2023-06-10")]
    gross, net = rates(rows, "2024-01", as_of="2024-01-31")
    assert (gross.value, net.value) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("as_of", "n"),
    [
        ("2024-02-28", 1),  # a year before 28 February 2024: A
        ("2024-02-29", 1),  # 28 February again, for 2023 has no 29th
        ("2024-03-01", 2),  # 1 March 2023: A and B
        ("2025-02-28", 2),  # the last day of February 2024 is the 29th: A and B
    ],
)
def test_a_year_before_leap_days(as_of: str, n: int) -> None:
    rows = [sold("A", "2023-02-28", 10), sold("B", "2023-03-01", 10), sold("C", "2024-03-01", 10)]
    gross, _ = rates(rows, as_of[:7], as_of=as_of)
    assert gross.n == n


def test_a_quarter_and_a_partial_one() -> None:
    gross, net = rates(
        MONTH, "2024-Q1", grr=PERIOD, nrr=PERIOD, every="quarter", as_of="2024-03-10"
    )
    assert (gross.value, net.value, gross.partial) == (100.0, 100.0, True)
    gross, net = rates(
        MONTH, "2024-Q1", grr=PERIOD, nrr=PERIOD, every="quarter", as_of="2024-06-30"
    )
    assert (gross.value, net.value) == (80.0, 90.0)


def test_by_segment() -> None:
    customers = [
        {"customer_id": c, "signup_date": "2023-01-01", "region": r}
        for c, r in (("leaves", "n"), ("stays", "n"), ("halves", "s"), ("doubles", "s"))
    ]
    report = ask(
        {"subscriptions": MONTH, "customers": customers},
        ["grr", "nrr"],
        as_of="2024-03-31",
        by=["region"],
    )
    north = one(report, "grr", "2024-03", region="n")
    assert north.value == pytest.approx(6000 / 70)
    assert north.n == 2
    south = one(report, "nrr", "2024-03", region="s")
    assert (south.value, south.n) == (100.0, 2)  # 10 + 20 of 20 + 10
    nowhere = one(report, "nrr", "2024-03", region=None)
    assert (nowhere.value, nowhere.n) == (None, 0)


def test_the_identities_can_break() -> None:
    start, end = date(2024, 1, 1), date(2024, 2, 1)
    period = Period("2024-01", start, end, end, start, False)
    window = Window(window="period")
    names = grr.METRIC.names(window)

    def broken(values: dict[str, int]) -> str | None:
        return _retained.identity(AggregateState(period, values, names), window)

    fine = {"yearly_start": 100, "paying_start": 2, "yearly_end": 90, "churned": 10}
    assert broken(fine) is None
    off = broken(fine | {"yearly_end": 95})
    assert off is not None
    assert "but the end is" in off
    # Churn beyond what there was, balanced by somebody who joined: gross below zero.
    beyond = broken(fine | {"churned": 120, "joined": 110})
    assert beyond is not None
    assert "gross retention" in beyond
