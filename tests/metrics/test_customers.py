"""Customers: counted at the end, with everyone who came and went in between."""

from __future__ import annotations

import pytest

from .rows import Row, answer, customers, sale


def test_twenty_less_one_and_five_new() -> None:
    rows = customers(
        (19, "2023-05-01", None), (1, "2023-05-01", "2024-01-20"), (5, "2024-01-10", None)
    )
    result = answer("customers", {"customers": rows}, "2024-01")
    assert (result.value, result.n, result.unit) == (24, 24, "count")
    assert result.components == {
        "customers_start": 20,
        "customers_end": 24,
        "customers_new": 5,
        "customers_returned": 0,
        "customers_lost": 1,
        "joined_and_left": 0,
        "undated": 0,
        "net": 4,
    }


def test_who_comes_back_is_returned_not_new() -> None:
    rows: list[Row] = [
        {"customer_id": "A", "signup_date": "2023-01-01", "churn_date": "2023-06-01"},
        {"customer_id": "A", "signup_date": "2024-01-15", "churn_date": None},
        {"customer_id": "B", "signup_date": "2023-01-01", "churn_date": None},
    ]
    result = answer("customers", {"customers": rows}, "2024-01")
    assert (result.components["customers_returned"], result.components["customers_new"]) == (1, 0)
    assert (result.value, result.components["net"]) == (2, 1)


@pytest.mark.parametrize(
    ("definition", "counts"),
    [
        ("{basis: activity, window: 30d}", [1, 1, 0]),  # B; A; nobody since 10 February
        ("{basis: activity}", [2, 2, 2]),  # 90 days: 30 of January, from the 2nd on, 29 and 31
        ("{basis: activity, window: period}", [2, 1, 0]),  # who bought in the month
    ],
)
def test_whoever_bought_is_one_for_a_while(definition: str, counts: list[int]) -> None:
    rows = [sale("A", "2024-01-01", 10), sale("B", "2024-01-02", 10), sale("A", "2024-02-10", 10)]
    found = [
        answer("customers", {"transactions": rows}, f"2024-0{m}", definition) for m in (1, 2, 3)
    ]
    assert [result.value or 0 for result in found] == counts


def test_a_month_that_loses_the_last_is_zero_and_so_is_the_next() -> None:
    rows = customers((1, "2024-01-05", "2024-02-10"))
    last, after = (answer("customers", {"customers": rows}, f"2024-0{m}") for m in (2, 3))
    assert (last.value, last.components["customers_lost"], last.components["net"]) == (0, 1, -1)
    assert (after.value, after.n, after.reason) == (0, 0, None)


def test_a_list_without_a_date_of_leaving_can_be_counted() -> None:
    rows = [{"customer_id": c, "signup_date": "2024-01-05"} for c in "ABC"]
    result = answer("customers", {"customers": rows}, "2024-03")
    assert (result.value, result.status) == (3, "pending")
    assert result.reason == "the file does not say who has left, so nobody has"
