"""Expansion rate: of recurring revenue, or upselling of all revenue."""

from __future__ import annotations

import pytest

from tests.support import ask

from .rows import MOVING, answer, sale, sold


def test_over_the_recurring_revenue_of_the_start() -> None:
    result = answer("expansion_rate", {"subscriptions": MOVING}, "2024-02")
    assert result.value == pytest.approx(100 * 150 / 390)
    assert (result.n, result.components) == (4, {"mrr_start": 390, "expansion": 150})
    first = answer("expansion_rate", {"subscriptions": MOVING}, "2023-06")
    assert (first.value, first.reason) == (None, "no recurring revenue at the start")


def test_a_quarter_adds_up_its_months() -> None:
    """10 more in January and 5 less in February, of 50 at the start: only the rise counts."""
    rows = [
        sold("A", "2023-06-01", 50, "2024-01-10"),
        sold("A", "2024-01-10", 60, "2024-02-10"),
        sold("A", "2024-02-10", 55),
    ]
    result = answer("expansion_rate", {"subscriptions": rows}, "2024-Q1", every="quarter")
    assert (result.value, result.n) == (20, 1)  # 100 x 10 / 50


def test_upselling_over_revenue() -> None:
    rows = [
        sale("A", "2024-01-02", 700, kind="sale"),
        sale("A", "2024-01-09", 120, kind="upsell"),
        sale(None, "2024-01-12", 80, kind="cross_sell"),
        sale("B", "2024-01-15", 150, kind=None),
        sale("B", "2024-01-20", -50, kind="refund"),
        sale("B", "2024-02-20", -50, kind="refund"),
    ]
    january, february, march = (
        answer("expansion_rate", {"transactions": rows}, f"2024-0{m}", "{base: revenue}")
        for m in (1, 2, 3)
    )
    assert (january.value, january.n) == (20.0, 5)  # 100 x (120 + 80) / 1,000
    assert january.components == {"revenue": 1000, "upsell": 120, "cross_sell": 80}
    assert (february.value, february.reason) == (None, "no revenue above zero")
    assert (march.value, march.reason) == (None, "no transactions")


def test_upselling_needs_the_kind() -> None:
    rows = [sale("A", "2024-01-02", 700)]
    report = ask(
        {"transactions": rows},
        ["expansion_rate"],
        as_of="2024-01-31",
        definitions={"expansion_rate": "{base: revenue}"},
    )
    assert report.skipped[0].reason == "transactions has no column kind"
