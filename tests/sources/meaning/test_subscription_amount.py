"""What an amount of a subscription covers: a seat or all, an interval, a month or a year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read, rejected

PLANS = (
    "customer_id,start_date,plan,seats,price\n"
    "A,2024-01-01,Pro,1,{0}\nB,2024-01-01,Pro,5,{1}\nC,2024-01-01,Pro,3,{2}\n"
)


def amounts(loaded: LoadedTable) -> list[str]:
    return [f"{value.normalize():f}" for value in loaded.frame["amount"]]


def hows(loaded: LoadedTable, column: str) -> list[How]:
    return [reading.how for reading in loaded.audit.meaning if reading.column == column]


def test_a_plain_amount_is_what_it_is() -> None:
    loaded = read(
        "subscriptions", "customer_id,start_date,amount,interval\nA,2024-01-01,10,month\n"
    )
    assert amounts(loaded) == ["10"]
    assert loaded.audit.meaning == []


def test_a_quantity_of_one_everywhere_asks_nothing() -> None:
    loaded = read(
        "subscriptions",
        "customer_id,start_date,amount,interval,quantity\nA,2024-01-01,10,month,1\n",
    )
    assert (amounts(loaded), loaded.audit.meaning) == (["10"], [])


def test_of_our_own_name_nothing_is_said() -> None:
    content = "customer_id,start_date,unit_amount,quantity,interval\nA,2024-01-01,10,3,month\n"
    loaded = read("subscriptions", content)
    assert (amounts(loaded), loaded.audit.assumed) == (["30"], [])


@pytest.mark.parametrize("header", ["Unit Price", "Price per seat", "Đơn giá"])
def test_a_price_of_a_seat_is_multiplied(header: str) -> None:
    loaded = read(
        "subscriptions",
        f"customer_id,start_date,{header},Seats,interval\nA,2024-01-01,10,3,month\n",
    )
    assert amounts(loaded) == ["30"]
    assert hows(loaded, header) == [How.CONVENTIONAL]
    assert f"'{header}' × 'Seats'" in loaded.audit.assumed


def test_a_price_of_a_seat_without_a_quantity_is_said() -> None:
    content = "customer_id,start_date,seat_price,interval\nA,2024-01-01,10,month\n"
    loaded = read("subscriptions", content)
    assert amounts(loaded) == ["10"]
    assert "'seat_price' taken for one seat each" in loaded.audit.assumed


@pytest.mark.parametrize(
    "header", ["MRR", "mrr (USD)", "Monthly Recurring Revenue", "monthly_revenue", "Current MRR"]
)
def test_mrr_is_neither_multiplied_nor_divided(header: str) -> None:
    loaded = read(
        "subscriptions",
        f"customer_id,start_date,{header},Seats,interval\nA,2024-01-01,10,3,month\n"
        "B,2024-01-01,10,3,year\nC,2024-01-01,10,3,\n",
    )
    assert amounts(loaded) == ["10", "120", "10"]
    assert loaded.frame["interval"].to_list() == ["month", "year", "month"]
    assert rejected(loaded) == []


def test_arr_is_divided_by_twelve() -> None:
    loaded = read("subscriptions", "customer_id,start_date,ARR,seats\nA,2024-01-01,100,3\n")
    assert (amounts(loaded), loaded.frame["interval"].to_list()) == (["100"], ["year"])


def test_arr_beside_a_monthly_interval() -> None:
    loaded = read("subscriptions", "customer_id,start_date,ARR,interval\nA,2024-01-01,100,month\n")
    assert (amounts(loaded), loaded.frame["interval"].to_list()) == (["100"], ["year"])


def test_a_header_says_for_how_long_an_amount_is() -> None:
    loaded = read(
        "subscriptions",
        "customer_id,start_date,Annual fee,Billing period\nA,2024-01-01,1200,month\n",
    )
    assert (amounts(loaded), loaded.frame["interval"].to_list()) == (["1200"], ["year"])


def test_a_declared_amount_under_a_header_of_mrr() -> None:
    loaded = read(
        "subscriptions",
        "customer_id,billing_cycle,seats,monthly_revenue,start_date\nA,Annual,30,420,2024-01-01\n",
        columns={"amount": "monthly_revenue"},
    )
    assert amounts(loaded) == ["5040"]  # for a year


def test_unit_times_quantity_proves_the_total() -> None:
    loaded = read(
        "subscriptions",
        "customer_id,start_date,Unit price,Seats,Amount,interval\n"
        "A,2024-01-01,10,3,30,month\nB,2024-01-01,7,2,14,month\n",
    )
    assert amounts(loaded) == ["30", "14"]
    assert hows(loaded, "Amount") == [How.PROVED]


def test_one_amount_a_plan_is_that_of_a_seat() -> None:
    loaded = read("subscriptions", PLANS.format(20, 20, 20))
    assert amounts(loaded) == ["20", "100", "60"]
    assert hows(loaded, "price") == [How.PROVED]


def test_amounts_that_follow_the_quantity_are_of_all_seats() -> None:
    loaded = read("subscriptions", PLANS.format(20, 100, 60))
    assert amounts(loaded) == ["20", "100", "60"]
    assert hows(loaded, "price") == [How.PROVED]


def test_else_it_is_open_and_both_lines_close_it() -> None:
    content = PLANS.format(20, 90, 61)
    with pytest.raises(DataError, match=r"MRR 171.*MRR 653") as refused:
        read("subscriptions", content)
    hint = str(refused.value.hint)
    assert "--set 'sources.subscriptions.columns.amount=\"price\"'" in hint
    assert "--set 'sources.subscriptions.columns.unit_amount=\"price\"'" in hint
    whole = read("subscriptions", content, columns={"amount": "price"})
    assert sum(whole.frame["amount"]) == Decimal(171)
    seat = read("subscriptions", content, columns={"unit_amount": "price"})
    assert sum(seat.frame["amount"]) == Decimal(653)


def test_one_of_the_four_is_needed() -> None:
    with pytest.raises(DataError, match="no column for amount"):
        read("subscriptions", "customer_id,start_date,seats\nA,2024-01-01,3\n")
