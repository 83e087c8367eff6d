"""Customer acquisition cost: costs of that kind over new customers."""

from __future__ import annotations

from .rows import Row, answer, customers

COSTS: list[Row] = [
    {"date": "2024-01-10", "amount": 4000, "kind": "acquisition"},
    {"date": "2024-03-31", "amount": 2000, "kind": "acquisition"},
    {"date": "2024-02-10", "amount": 999, "kind": "service"},
    {"date": "2024-02-11", "amount": 999, "kind": None},
]


def test_six_thousand_for_forty_customers() -> None:
    books = customers((30, "2024-02-01", None), (10, "2024-03-01", "2024-03-02"))
    books += [{"customer_id": "old", "signup_date": "2023-01-01", "churn_date": "2023-05-01"}]
    books += [{"customer_id": "old", "signup_date": "2024-02-01", "churn_date": None}]
    tables = {"costs": COSTS, "customers": books}
    result = answer("cac", tables, "2024-Q1", every="quarter")
    assert (result.value, result.n) == (150, 40)  # who came back is not new
    assert result.components == {"costs": 6000, "customers_new": 40}


def test_costs_without_customers_and_customers_without_costs() -> None:
    tables = {"costs": COSTS, "customers": customers((5, "2024-02-01", None))}
    none = answer("cac", tables, "2024-01")
    assert (none.value, none.n, none.reason) == (None, 0, "acquisition costs, but no new customer")
    free = answer("cac", tables, "2024-02")
    assert (free.value, free.n, free.reason) == (None, 5, "no acquisition costs")
