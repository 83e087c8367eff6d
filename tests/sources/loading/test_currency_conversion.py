"""Currencies: found, converted, or asked for. Refunds."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from crm_kpi import sources
from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import ReadOptions, SourceSpec
from tests.sources.conftest import AS_OF, read

MIXED = "date,amount,currency\n2024-01-02,10,USD\n2024-01-03,5000,VND\n2024-01-04,-1.5,usd\n"


def test_amounts_are_converted_to_the_currency_of_the_report() -> None:
    loaded = read("costs", MIXED, currency="VND", exchange_rates={"USD": Decimal(25400)})
    assert loaded.frame["amount"].to_list() == [254000, 5000, -38100]
    assert loaded.frame["currency"].to_list() == ["USD", "VND", "USD"]
    assert loaded.currency == "VND"


def test_a_missing_rate_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="costs: no exchange rate for USD to VND") as caught:
        read("costs", MIXED, currency="VND")
    assert caught.value.hint == "set exchange_rates: {USD: ...}"


def test_several_currencies_need_one_of_the_report() -> None:
    with pytest.raises(UsageError, match="amounts are in USD, VND, and no currency") as caught:
        read("costs", MIXED)
    assert caught.value.hint == "set currency: USD and exchange_rates: {VND: ...}"


def test_the_only_currency_of_the_data_is_that_of_the_report() -> None:
    loaded = read("costs", "date,amount,currency\n2024-01-02,10.50,usd\n")
    assert (loaded.currency, loaded.frame["amount"].to_list()) == ("USD", [Decimal("10.5")])


def test_no_currency_at_all() -> None:
    assert read("costs", "date,amount\n2024-01-02,10\n").currency is None
    assert read("costs", "date,amount\n2024-01-02,10\n", currency="EUR").currency == "EUR"


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [("amount", "1.250.000 ₫", "VND"), ("amount", "€5", "EUR"), ("amount", "5 CHF", "CHF"),
     ("Số tiền (VND)", "5", "VND"), ("Số tiền (đ)", "5", "VND"), ("amount", "$5", None)],
)  # fmt: skip
def test_signs_and_headers_name_the_currency(header: str, value: str, code: str | None) -> None:
    loaded = read("costs", f'date,{header}\n2024-01-02,"{value}"\n')
    assert loaded.currency == code
    if code:
        rates = {code: Decimal(2)}
        other = read("costs", f'date,{header}\n2024-01-02,"{value}"\n', currency="XAF",
                     exchange_rates=rates)  # fmt: skip
        assert other.frame["amount"].to_list() == [loaded.frame["amount"][0] * 2]


def test_signs_of_several_currencies_are_an_error() -> None:
    with pytest.raises(DataError, match="amounts are in EUR and VND, and no column says"):
        read("costs", "date,amount\n2024-01-02,5 ₫\n2024-01-02,5 €\n")


def test_a_sign_that_the_report_cannot_mean() -> None:
    text = "date,amount\n2024-01-02,$5\n"
    assert read("costs", text, currency="CAD").frame["amount"].to_list() == [5]
    with pytest.raises(UsageError, match=r"amounts are in \$, the report is in VND"):
        read("costs", text, currency="VND")


def test_a_sign_against_the_currency_column() -> None:
    with pytest.raises(DataError, match="amounts are marked EUR"):
        read("costs", "date,amount,currency\n2024-01-02,€5,USD\n")


def test_a_constant_currency() -> None:
    loaded = read("costs", "date,amount\n2024-01-02,5\n", constants={"currency": "USD"},
                  currency="VND", exchange_rates={"USD": Decimal(25400)})  # fmt: skip
    assert loaded.frame["amount"].to_list() == [127000]


def test_files_with_and_without_a_currency_do_not_mix() -> None:
    Path("a.csv").write_text("date,amount,currency\n2024-01-02,5,USD\n")
    Path("b.csv").write_text("date,amount\n2024-01-02,5\n")
    specs = [SourceSpec("costs", ("a.csv",)), SourceSpec("costs", ("b.csv",))]
    with pytest.raises(UsageError, match=r"b\.csv: names no currency, as other files of costs do"):
        sources.load_all({"costs": specs}, ReadOptions(AS_OF))
    with pytest.raises(UsageError, match=r"b\.csv: names no currency"):
        sources.load_all({"costs": [SourceSpec("costs", ("a.csv", "b.csv"))]}, ReadOptions(AS_OF))


def test_the_currency_is_one_for_all_tables() -> None:
    Path("c.csv").write_text("date,amount,currency\n2024-01-02,5,USD\n")
    Path("t.csv").write_text("customer_id,date,amount,currency\nA,2024-01-02,5,VND\n")
    specs = {name: [SourceSpec(name, (path,))]
             for name, path in (("costs", "c.csv"), ("transactions", "t.csv"))}  # fmt: skip
    with pytest.raises(UsageError, match="amounts are in USD, VND"):
        sources.load_all(specs, ReadOptions(AS_OF))
    rates = {"USD": Decimal(25400)}
    loaded = sources.load_all(specs, ReadOptions(AS_OF, currency="VND", exchange_rates=rates))
    assert loaded["costs"].frame["amount"].to_list() == [127000]
    assert {found.currency for found in loaded.values()} == {"VND"}


def test_the_acquisition_cost_of_customers_is_money_too() -> None:
    text = "customer_id,signup_date,CAC (USD)\nA,2024-01-02,2\n"
    loaded = read("customers", text, currency="VND", exchange_rates={"USD": Decimal(25400)})
    assert loaded.frame["acquisition_cost"].to_list() == [50800]
    assert loaded.frame.columns == ["customer_id", "signup_date", "acquisition_cost"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amount=st.decimals(-(10**11), 10**11, places=4),
    rate=st.decimals("0.00000001", 10**6, places=8).filter(bool),
)
def test_conversion_rounds_once_and_half_to_even(amount: Decimal, rate: Decimal) -> None:
    text = f"date,amount,currency\n2024-01-02,{amount:f},USD\n"
    loaded = read("costs", text, currency="VND", exchange_rates={"USD": rate},
                  numbers="1234.56")  # fmt: skip
    expected = (amount * rate).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
    assert loaded.frame["amount"].to_list() == [expected]


def test_refunds_are_negative_however_they_are_written() -> None:
    text = "customer_id,date,amount,kind\n" + (
        "A,2024-01-02,5,refund\nA,2024-01-03,-7,refund\nA,2024-01-04,9,sale\n"
    )
    loaded = read("transactions", text)
    assert loaded.frame["amount"].to_list() == [-5, -7, 9]
    assert loaded.audit.notes == ["refunds with a positive amount, counted as negative: 1"]


def test_a_sign_that_several_currencies_share_is_not_another_one() -> None:
    text = "customer_id,date,amount\nA,2024-01-02,5 €\nA,2024-01-02,$7.5\n"
    with pytest.raises(DataError, match=r"amounts are in \$ and EUR"):
        read("transactions", text)
    assert read("transactions", text.replace("5 €", "5 USD")).currency == "USD"
    head = "customer_id,date,amount,currency\n"
    with pytest.raises(DataError, match=r"amounts are marked \$, which the currency column"):
        read("transactions", f"{head}A,2024-01-02,$5,EUR\n")
    assert read("transactions", f"{head}A,2024-01-02,$5,CAD\n").currency == "CAD"
