"""LTV to CAC: what a customer brings against what it costs to win one."""

from __future__ import annotations

from typing import Any

from .rows import answer, sale

SALES = [
    sale(f"C{i}", f"2023-{month}-15", 50) for i in range(5) for month in ("02", "05", "08", "11")
]
BOOKS = [{"customer_id": f"C{i}", "signup_date": "2019-06-01"} for i in range(5)]
NEW = {"customer_id": "N", "signup_date": "2023-01-01"}


def ltv_cac(books: Any, *costs: float) -> Any:
    bills = [{"date": "2023-03-01", "amount": cost, "kind": "acquisition"} for cost in costs]
    bills.append({"date": "2023-03-01", "amount": 1, "kind": "service"})
    tables = {"transactions": SALES, "customers": books, "costs": bills}
    definition = "{lifetime: 6}"
    return answer("ltv_cac", tables, "2023", definition, as_of="2023-12-31", every="year")


def test_a_thousand_for_two_hundred_and_fifty() -> None:
    result = ltv_cac([*BOOKS, NEW], 150, 100)
    # 20 orders in six customer-years, six years: 50 x 20 / 6 x 6 = 1,000; one new customer.
    assert (result.components["clv"], result.components["cac"]) == (1000, 250)
    assert (result.value, result.n, result.reason) == (4, 6, None)


def test_what_lacks_is_said() -> None:
    assert ltv_cac(BOOKS, 250).reason == "acquisition costs, but no new customer"
    assert ltv_cac([*BOOKS, NEW]).reason == "no acquisition costs"
    assert ltv_cac([*BOOKS, NEW], 100, -100).reason == "acquisition costs that add up to nothing"


def test_a_value_to_wait_with_makes_a_ratio_to_wait_with() -> None:
    result = ltv_cac([*BOOKS, {**NEW, "signup_date": "2023-07-01"}], 250)
    assert result.value is not None
    assert result.status == "pending"
    assert result.reason.startswith("customers were there for")
