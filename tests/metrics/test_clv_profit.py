"""Customer lifetime profit: margin, and what a customer costs over the lifetime."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from tests.support import ask, one

Row = dict[str, Any]

# 5 customers buy 4 times 50 in 2023: 50 x 4 x 5 years = 1,000.
SALES: list[Row] = [
    {"customer_id": f"C{i}", "date": f"2023-{month}-15", "amount": 50}
    for i in range(5)
    for month in ("02", "05", "08", "11")
]
CUSTOMERS: list[Row] = [
    {"customer_id": f"C{i}", "signup_date": "2022-01-01", "churn_date": None} for i in range(5)
]


def profit(definition: str, every: str = "year", period: str = "2023", **tables: Any) -> Any:
    report = ask(
        {"transactions": SALES, "customers": CUSTOMERS, **tables},
        ["clv_profit"],
        as_of="2023-12-31",
        every=every,
        definitions={"clv_profit": definition},
    )
    assert not report.skipped
    return one(report, "clv_profit", period)


GIVEN = "lifetime: 5, acquisition_cost: 50, retention_cost: 15, service_cost: 5"


def test_everything_from_the_definition() -> None:
    result = profit(f"{{margin: 0.3, {GIVEN}}}")
    assert result.value == 150.0  # 1,000 x 0.3 - 50 - (15 + 5) x 5
    assert result.n == 5
    assert result.components["clv"] == 1000.0
    assert (result.components["apv"], result.components["apf"]) == (50.0, 4.0)
    assert result.components["acl"] == 5.0
    costs = [result.components[f"{kind}_cost"] for kind in ("acquisition", "retention", "service")]
    assert costs == [50.0, 15.0, 5.0]


def test_a_customer_can_cost_more_than_they_bring() -> None:
    assert profit(f"{{margin: 0.1, {GIVEN}}}").value == -50.0  # 100 - 50 - 100


def test_without_a_margin_there_is_no_profit() -> None:
    result = profit(f"{{{GIVEN}}}")
    assert (result.value, result.status) == (None, "no_data")
    assert result.reason == "no margin: set definitions.clv_profit.margin, such as 0.35"
    assert result.components["clv"] == 1000.0


@pytest.mark.parametrize("wrong", ["margin: 30", "margin: -0.1", "service_cost: -1"])
def test_margins_and_costs_have_bounds(wrong: str) -> None:
    with pytest.raises(ConfigError) as error:
        profit(f"{{{wrong}}}")
    field = wrong.split(":")[0]
    assert [p.column for p in error.value.problems] == [f"definitions.clv_profit.{field}"]


COSTS: list[Row] = [
    {"date": "2023-03-01", "amount": 120, "kind": "acquisition"},
    {"date": "2023-03-01", "amount": 60, "kind": "retention"},
    {"date": "2023-09-01", "amount": 30, "kind": "retention"},
    {"date": "2022-03-01", "amount": 999, "kind": "retention"},
]


def test_costs_from_the_table() -> None:
    # 2023 has 365 days. Three are there all year, C3 leaves after 146 days (0.4), C4 joins
    # and leaves on one day, D joins 73 days (0.2) before the year's end: 3.6 on average. In
    # months C3 is there for 4 + 26/31 and D for 2 + 12/31: all together 43 + 7/31 of them.
    customers = [*(dict(row) for row in CUSTOMERS)]
    customers[3]["churn_date"] = "2023-05-27"
    customers[4] |= {"signup_date": "2023-07-01", "churn_date": "2023-07-01"}
    customers.append({"customer_id": "D", "signup_date": "2023-10-20", "churn_date": None})
    result = profit("{margin: 0.5, lifetime: 5}", customers=customers, costs=COSTS)
    assert result.components["acquisition_cost"] == 60.0  # 120 / the new ones, C4 and D
    assert result.components["retention_cost"] == 25.0  # (60 + 30) / 3.6 a year
    assert result.components["service_cost"] == 0.0
    value = 50 * 20 / ((43 + 7 / 31) / 12) * 5
    assert result.value == pytest.approx(value * 0.5 - 60 - 25 * 5)
    assert result.reason is not None
    assert result.reason.startswith("no service costs in the period; customers were there")
    assert result.status == "pending"


def test_costs_of_a_month_are_of_a_twelfth_of_a_year() -> None:
    costs = [{"date": "2023-11-20", "amount": 10, "kind": "service"}]
    result = profit(
        "{margin: 1, lifetime: 2, acquisition_cost: 0, retention_cost: 0}",
        every="month",
        period="2023-11",
        customers=CUSTOMERS,
        costs=costs,
    )
    assert result.components["service_cost"] == 24.0  # 10 / 5 customers x 12 months
    # 50 x 12 purchases a year x 2 years - 24 x 2
    assert result.value == 1152.0
    assert result.reason is not None
    assert result.reason.startswith("customers were there for 30 days of the period")


def test_costs_that_nobody_shares() -> None:
    result = profit("{margin: 1, lifetime: 5}", customers=CUSTOMERS, costs=COSTS)
    assert (result.value, result.status) == (None, "no_data")
    assert result.reason == "acquisition costs, but no new customer to share them"
    assert result.components["acquisition_cost"] is None
    gone = [{"customer_id": "X", "signup_date": "2021-01-01", "churn_date": "2021-02-01"}]
    definition = "{margin: 1, lifetime: 5, acquisition_cost: 9}"
    result = profit(definition, customers=gone, costs=COSTS)
    assert result.reason == "retention costs, but no customer to share them"


def test_no_orders() -> None:
    result = profit(f"{{margin: 0.3, {GIVEN}}}", every="month", period="2023-03")
    assert (result.value, result.reason) == (None, "no orders")


def test_the_lifetime_is_that_of_clv() -> None:
    # All five left after exactly two years, five months of them in 2023: 4 orders in 5/12 of a
    # year are 9.6 a year, 50 x 9.6 x 2 = 960.
    customers = [
        row | {"signup_date": "2021-06-01", "churn_date": "2023-06-01"} for row in CUSTOMERS
    ]
    definition = "{margin: 1, acquisition_cost: 0, retention_cost: 7, service_cost: 3}"
    result = profit(definition, customers=customers)
    assert result.components["acl"] == 2.0
    assert result.value == 940.0  # 960 - 10 x 2


def test_costs_are_needed_only_where_the_definition_leaves_one_out() -> None:
    report = ask(
        {"transactions": SALES, "customers": CUSTOMERS},
        ["clv_profit"],
        as_of="2023-12-31",
        definitions={"clv_profit": "{margin: 1}"},
    )
    assert [(s.metric, s.reason) for s in report.skipped] == [("clv_profit", "no costs source")]
