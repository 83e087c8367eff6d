"""Customer lifetime value: where the lifetime comes from, and whom purchases are divided by."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import ConfigError

from .rows import Row, answer, sale

# 5 customers buy 4 times 50 in 2023.
SALES = [
    sale(f"C{i}", f"2023-{month}-15", 50) for i in range(5) for month in ("02", "05", "08", 11)
]


def clv(definition: str = "{}", period: str = "2023", every: str = "year", **tables: Any) -> Any:
    tables = {"transactions": SALES, **tables}
    return answer("clv", tables, period, definition, as_of="2023-12-31", every=every)


def span(customer: str, signup: str, churn: str | None = None) -> Row:
    return {"customer_id": customer, "signup_date": signup, "churn_date": churn}


def test_fifty_a_purchase_four_a_year_five_years() -> None:
    result = clv("{lifetime: 5}")
    assert (result.value, result.n, result.reason) == (1000, 5, None)
    assert result.components == {
        "apv": 50, "apf": 4, "acl": 5, "revenue": 1000, "orders": 20, "customers": 5,
    }  # fmt: skip


def test_observed_is_the_mean_of_those_who_left() -> None:
    books = [span("C0", "2019-03-15", "2023-03-15"), span("C1", "2021-06-10", "2023-06-10")]
    assert clv(customers=books).components["acl"] == 3  # (4 + 2) / 2 calendar years


def test_observed_with_one_still_there_is_the_area_under_the_curve() -> None:
    """Both stay a year, then one of two leaves: 1 x 1 + 1/2 x 2 years = 2."""
    books = [span("C0", "2020-07-01", "2021-07-01"), span("C1", "2021-01-01")]
    assert clv(customers=books).components["acl"] == pytest.approx(2, abs=0.002)


def test_lifetime_from_the_churn_of_the_period() -> None:
    books = [span(f"C{i}", "2020-01-01", "2023-09-01" if i < 2 else None) for i in range(10)]
    result = clv("{lifetime: churn}", customers=books)
    assert (result.components["acl"], result.value) == (5, 1000)  # 1 / (2 / 10)
    stays = clv("{lifetime: churn}", customers=books[2:])
    assert (stays.value, stays.reason) == (None, "no customer lost, so 1 / churn has no end")


def test_by_all_who_were_customers() -> None:
    books = [span(f"C{i}", "2020-01-01") for i in range(10)]
    result = clv("{lifetime: 5, customers: active}", customers=books)
    assert (result.components["apf"], result.value, result.n) == (2, 500, 10)  # 20 / 10


def test_a_period_below_a_year_is_told() -> None:
    result = clv("{lifetime: 5}", "2023-Q1", "quarter")
    assert result.components["apf"] == pytest.approx(4, rel=0.02)  # one of each in 90 days
    assert "shorter than a year" in result.reason


def test_nothing_bought_and_nobody_to_take_a_lifetime_from() -> None:
    none = clv(
        "{lifetime: 5}", "2023-01", "month", transactions=[*SALES, sale("X", "2023-01-02", -9)]
    )
    assert (none.value, none.n, none.reason) == (None, 0, "no orders")
    later = clv(customers=[span("C0", "2024-05-01")])
    assert (later.value, later.reason) == (None, "no customer to take a lifetime from")


@pytest.mark.parametrize("lifetime", ["0", "-1", "long", ".inf"])
def test_lifetimes_that_are_none(lifetime: str) -> None:
    with pytest.raises(ConfigError) as error:
        clv(f"{{lifetime: {lifetime}}}")
    assert "a number of years above 0" in str(error.value.problems[0])


@pytest.mark.parametrize("lifetime", ["observed", "churn"])
def test_who_left_nobody_knows_when_has_no_lifetime(lifetime: str) -> None:
    """Of 200 one has left without a date: the others' lifetime is one. Of 5 it is none."""
    books = [span(f"C{i}", "2022-01-15", "2023-01-15" if i < 4 else None) for i in range(199)]
    gone = span("X", "2022-01-15") | {"churned": True}
    result = clv(f"{{lifetime: {lifetime}}}", customers=[*books, gone])
    assert result.components["undated"] == 1
    assert result.value is not None
    result = clv(f"{{lifetime: {lifetime}}}", customers=[*books[:4], gone])
    assert (result.value, result.components["undated"]) == (None, 1)
    assert result.reason == "1 of 5 customers have left, and the file does not say when"
