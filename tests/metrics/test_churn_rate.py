"""Churn rate: four rules, and what a period's churn makes in a year."""

from __future__ import annotations

import pytest

from .rows import Row, answer, customers


def test_fifty_of_a_thousand() -> None:
    rows = customers((950, "2023-01-01", None), (50, "2023-01-01", "2024-02-29"))
    result = answer("churn_rate", {"customers": rows}, "2024-02")
    assert (result.value, result.n) == (5.0, 1000)
    # A month's 5 % kept up for a year: 1 - 0.95 ** 12
    assert result.components["annualised"] == pytest.approx(45.963991233736)
    assert result.reason == "more customers lost (50) than gained (0)"


HUNDRED: list[Row] = [
    *customers(
        (89, "2023-01-01", None),
        (10, "2023-01-01", "2024-01-10"),
        (9, "2024-01-05", None),
        (1, "2024-01-05", "2024-01-20"),
    ),
    {"customer_id": "back", "signup_date": "2023-01-01", "churn_date": "2024-01-08"},
    {"customer_id": "back", "signup_date": "2024-01-25", "churn_date": None},
]


@pytest.mark.parametrize(
    ("rule", "value", "n"),
    [
        ("set", 10.0, 100),  # 10 of 100 are gone at the end
        ("events", 12.0, 100),  # and a joiner left, and one left who came back
        ("stripe", 100 * 12 / 110, 110),  # over those of the start and the 10 who joined
        ("average", 100 * 10 / 99.5, 100),  # 100 at the start, 99 at the end
    ],
)
def test_by_rule(rule: str, value: float, n: int) -> None:
    result = answer("churn_rate", {"customers": HUNDRED}, "2024-01", f"{{rule: {rule}}}")
    assert result.value == pytest.approx(value, rel=1e-12)
    assert result.n == n
    assert result.components["events"] == 12
    assert result.components["joined_and_left"] == 1
    assert (result.low is None) == (rule != "set")


def test_a_quarter_is_computed_from_its_own_customers() -> None:
    rows = customers(
        (9, "2023-01-01", None), (1, "2023-01-01", "2024-01-10"), (4, "2024-01-20", "2024-02-20")
    )
    result = answer("churn_rate", {"customers": rows}, "2024-Q1", every="quarter")
    assert (result.value, result.components["joined_and_left"]) == (10.0, 4)


def test_it_makes_a_hundred_with_retention() -> None:
    tables = {"customers": HUNDRED}
    churn = answer("churn_rate", tables, "2024-01")
    assert churn.value == 100 - (answer("retention_rate", tables, "2024-01").value or 0)


def test_more_losses_than_customers_have_no_yearly_rate() -> None:
    """One at the start; five join and all six leave: 600 % of the start."""
    rows = customers((1, "2023-01-01", "2024-01-20"), (5, "2024-01-05", "2024-01-20"))
    result = answer("churn_rate", {"customers": rows}, "2024-01", "{rule: events}")
    assert (result.value, result.components["annualised"]) == (600, None)


def test_a_period_with_nobody_at_the_start() -> None:
    rows = customers((3, "2024-01-10", None))
    result = answer("churn_rate", {"customers": rows}, "2024-01")
    assert (result.value, result.n, result.reason) == (None, 0, "no customers to lose")
