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


def span(customer: str, signup: str, churn: str | None = None) -> Row:
    return {"customer_id": customer, "signup_date": signup, "churn_date": churn}


BOOKS = [span(f"C{i}", "2019-06-01") for i in range(5)]


def clv(definition: str = "{}", period: str = "2023", every: str = "year", **tables: Any) -> Any:
    tables = {"transactions": SALES, "customers": BOOKS, **tables}
    return answer("clv", tables, period, definition, as_of="2023-12-31", every=every)


def test_fifty_a_purchase_four_a_year_five_years() -> None:
    result = clv("{lifetime: 5}")
    assert (result.value, result.n, result.status, result.reason) == (1000, 5, "low_n", None)
    assert result.components == {
        "apv": 50, "apf": 4, "acl": 5, "revenue": 1000, "orders": 20, "customers": 5,
        "customer_years": 5, "first_orders": 0,
    }  # fmt: skip


def test_five_whole_years_of_customers_who_have_left() -> None:
    """All of it observed: 20 orders in the five years of each, and the lifetime of five."""
    sales = [
        sale(f"C{i}", f"{year}-{month}-15", 50)
        for i in range(40)
        for year in range(2018, 2023)
        for month in ("02", "05", "08", "11")
    ]
    books = [span(f"C{i}", "2018-01-01", "2023-01-01") for i in range(40)]
    result = clv(every="all", period="all", transactions=sales, customers=books)
    assert (result.components["customer_years"], result.components["acl"]) == (200, 5)
    assert (result.value, result.n, result.status, result.reason) == (1000, 40, "ok", None)


def test_who_signed_up_in_the_period_was_there_for_a_part_of_it() -> None:
    books = [*BOOKS[:4], span("C4", "2023-07-01")]
    result = clv("{lifetime: 5}", customers=books)
    assert result.components["customer_years"] == 4.5
    assert result.components["apf"] == pytest.approx(20 / 4.5)
    assert result.status == "pending"
    assert result.reason == (
        "customers were there for 328 days of the period on average, "  # 365 x 4.5 / 5 = 328.5
        "which says little of purchases a year"
    )


def test_a_fortnight_says_nothing_of_a_year() -> None:
    """300 who each bought once: what one brings is 50, until somebody comes back."""
    sales = [sale(f"C{i}", "2023-12-18", 50) for i in range(300)]
    for every, period in (("month", "2023-12"), ("year", "2023"), ("all", "all")):
        result = clv("{lifetime: 5}", period, every, transactions=sales, customers=[])
        assert (result.value, result.status, result.n) == (50, "pending", 300)
        assert "there for 14 days of the period" in result.reason
        assert (result.components["first_orders"], result.components["apf"]) == (300, 0)


def test_the_time_of_buyers_alone() -> None:
    books = [*BOOKS, span("N", "2019-06-01")]  # who buys nothing
    assert clv("{lifetime: 5}", customers=books).value == pytest.approx(50 * 20 / 6 * 5)
    result = clv("{lifetime: 5, customers: buyers}", customers=books)
    assert (result.value, result.n, result.components["customer_years"]) == (1000, 5, 5)
    result = clv("{lifetime: 5, customers: buyers}", customers=BOOKS[1:])
    # C0 has four orders, three of them in the 10 months and 17/31 after the first.
    years = 4 + (10 + 17 / 31) / 12
    assert (result.n, result.components["first_orders"]) == (5, 1)
    assert result.components["customer_years"] == pytest.approx(years)
    assert result.value == pytest.approx(50 * (1 / 5 + 19 / years * 5))
    back = [span("C0", "2019-01-01", "2023-04-01"), span("C0", "2023-07-01")]
    result = clv("{lifetime: 5, customers: buyers}", customers=[*BOOKS[1:], *back])
    assert (result.n, result.components["customer_years"]) == (5, 4.75)


def test_without_a_signup_the_first_order_begins_the_time_and_comes_on_top() -> None:
    sales = [sale("A", day, 50) for day in ("2022-12-31", "2023-03-01", "2023-06-01")]
    alone = clv("{lifetime: 5}", transactions=sales, customers=[])
    assert alone.components["apf"] == 2  # both orders of 2023 are repeats, in a year
    assert (alone.value, alone.reason) == (550, None)  # 50 x (1 + 2 x 5)
    first = clv("{lifetime: 5}", transactions=sales[1:], customers=[])
    # One repeat in the ten months from 1 March on.
    assert first.components["apf"] == pytest.approx(12 / 10)
    assert first.value == pytest.approx(350)  # 50 x (1 + 1.2 x 5)
    with_books = clv("{lifetime: 5}", transactions=sales, customers=BOOKS[:1])
    # C0 never bought: two orders in two years, and one of the two began with an order.
    assert with_books.value == pytest.approx(50 * (1 / 2 + 1 * 5))


def test_observed_is_the_mean_of_those_who_left() -> None:
    books = [span("C0", "2019-03-15", "2023-03-15"), span("C1", "2021-06-10", "2023-06-10")]
    assert clv(customers=books).components["acl"] == 3  # (4 + 2) / 2 calendar years


def test_observed_with_one_still_there_is_the_area_under_the_curve() -> None:
    """Both stay a year, then one of two leaves: 1 x 1 + 1/2 x 2 years = 2."""
    books = [span("C0", "2020-07-01", "2021-07-01"), span("C1", "2021-01-01")]
    result = clv(customers=books)
    assert result.components["acl"] == pytest.approx(2, abs=0.002)
    assert "floor" not in (result.reason or "")  # the curve ends at one half


def test_a_lifetime_that_most_have_not_ended_is_a_floor() -> None:
    books = [span(f"C{i}", "2020-01-01", "2023-09-01" if i < 2 else None) for i in range(10)]
    result = clv(customers=books)
    # 3 years and 8 months all ten, 4 months more eight of them: 44 / 12 + .8 x 4 / 12
    assert result.components["acl"] == pytest.approx(44 / 12 + 0.8 * 4 / 12)
    assert result.status == "pending"
    assert result.reason.endswith(
        "80 % of the customers are still there, so the lifetime is a floor; "
        "lifetime: churn would give 5.0 years"
    )
    result = clv(customers=[*books[2:], *BOOKS])
    assert result.status == "pending"
    assert result.reason == (
        "100 % of the customers are still there, so the lifetime is a floor; "
        "lifetime: churn would give no end, as nobody was lost in the period"
    )


def test_lifetime_from_the_churn_of_the_period() -> None:
    books = [span(f"C{i}", "2020-01-01", "2024-01-01" if i < 2 else None) for i in range(10)]
    stays = clv("{lifetime: churn}", customers=books[2:])
    assert (stays.value, stays.reason) == (None, "no customer lost, so 1 / churn has no end")
    books[0]["churn_date"] = books[1]["churn_date"] = "2023-07-01"
    result = clv("{lifetime: churn}", customers=books)
    assert result.components["acl"] == 5  # 1 / (2 / 10)
    assert result.value == pytest.approx(50 * 20 / 9 * 5)  # two of ten for half a year


def test_nothing_bought_and_nobody_to_take_a_lifetime_from() -> None:
    sales = [*SALES, sale("X", "2023-01-02", -9)]
    none = clv("{lifetime: 5}", "2023-01", "month", transactions=sales)
    assert (none.value, none.n, none.reason) == (None, 5, "no orders")
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
