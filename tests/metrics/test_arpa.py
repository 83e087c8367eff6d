"""Average revenue per account: MRR over the customers who pay it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .rows import MIXED, answer, customers, sold


def test_of_a_hundred_and_fifty_accounts() -> None:
    result = answer("arpa", {"subscriptions": MIXED}, "2024-01")
    assert float(result.value or 0) == pytest.approx(12_500 / 150)
    assert result.components == {"mrr": 12_500, "customers": 150}


def test_two_subscriptions_are_one_account() -> None:
    rows = [sold("A", "2024-01-01", 30), sold("A", "2024-01-01", 10), sold("B", "2024-01-01", 20)]
    result = answer("arpa", {"subscriptions": rows}, "2024-01")
    assert (result.value, result.n) == (30, 2)  # 60 / 2


def test_a_trial_is_no_account_yet() -> None:
    rows = [sold("A", "2024-01-01", 30), sold("B", "2024-01-20", 90, trial_end="2024-02-03")]
    results = [answer("arpa", {"subscriptions": rows}, f"2024-0{m}") for m in (1, 2)]
    assert [(result.value, result.n) for result in results] == [(30, 1), (60, 2)]


def test_the_average_that_was_set_is_the_answer() -> None:
    rows = customers((40, "2024-01-01", None))
    result = answer("arpa", {"customers": rows}, "2024-01", "{arpc: 12.5}")
    assert (result.value, result.n) == (Decimal("12.5"), 40)


def test_nobody_pays() -> None:
    rows = [sold("A", "2024-01-01", 30, "2024-02-10")]
    result = answer("arpa", {"subscriptions": rows}, "2024-02")
    assert (result.value, result.n, result.reason) == (None, 0, "no paying customer")
