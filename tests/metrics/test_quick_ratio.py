"""Quick ratio: what was won over what was lost."""

from __future__ import annotations

import pytest

from tests.support import ask, one

from .rows import MOVING, answer


def test_won_over_lost() -> None:
    result = answer("quick_ratio", {"subscriptions": MOVING}, "2024-02")
    assert result.value == 4.0  # (600 + 50 + 150) / (50 + 150)
    assert result.n == 5
    assert result.components == {
        "new": 600,
        "reactivated": 50,
        "expansion": 150,
        "contraction": 50,
        "churned": 150,
    }
    # January of 2024 is still; in June of 2023 everybody is new and nothing lost.
    still = answer("quick_ratio", {"subscriptions": MOVING}, "2024-01")
    assert (still.value, still.n, still.reason) == (None, 0, "no movement of recurring revenue")
    first = answer("quick_ratio", {"subscriptions": MOVING}, "2023-06")
    assert (first.value, first.n, first.reason) == (None, 5, "no recurring revenue was lost")
    assert first.status == "no_data"


def test_only_losses() -> None:
    result = answer("quick_ratio", {"subscriptions": MOVING}, "2023-07")
    assert result.value == 0.0  # nothing won / 20 of R


def test_by_segment() -> None:
    customers = [
        {"customer_id": c, "signup_date": "2023-01-01", "region": "n" if c in "EC" else "s"}
        for c in "NRECLS"
    ]
    report = ask(
        {"subscriptions": MOVING, "customers": customers},
        ["quick_ratio"],
        as_of="2024-02-29",
        by=["region"],
    )
    north = one(report, "quick_ratio", "2024-02", region="n")
    assert (north.value, north.n) == (3.0, 2)  # 150 / 50
    south = one(report, "quick_ratio", "2024-02", region="s")
    assert south.value == pytest.approx(650 / 150)
    assert south.n == 3
