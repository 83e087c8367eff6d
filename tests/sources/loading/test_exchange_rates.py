"""Exchange rates by date: read from a file, and taken at the date of each row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources.loading import exchange_rates, out_of_core
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.spec import DatedRates, RatesFile, ReadOptions, SourceSpec
from tests.sources.conftest import AS_OF, read

RATES = "date,currency,rate\n2024-01-02,USD,24500\n2024-01-31,USD,24700.5\n2024-01-05,EUR,27000\n"


def rates(content: str = RATES, name: str = "rates.csv", **how: Any) -> dict[str, Any]:
    """The options of a loader that is told to convert to VND by a file."""
    Path(name).write_text(content, encoding="utf-8")
    found, line = exchange_rates.read(RatesFile(name, **how), "VND", Session())
    return {"currency": "VND", "exchange_rates": found, "rates_file": (name, line)}


def convert(table: str, content: str, **how: Any) -> list[Decimal]:
    return read(table, content, **how).frame["amount"].to_list()


def sales(*days: str, currency: str = "USD") -> str:
    return "date,amount,currency\n" + "".join(f"{day},2,{currency}\n" for day in days)


def test_a_row_is_converted_at_its_own_date() -> None:
    assert convert("transactions", sales("2024-01-02", "2024-01-31"), **rates()) == [49000, 49401]


def test_a_day_without_a_rate_takes_the_last_one_of_at_most_ten_days_before() -> None:
    assert convert("costs", sales("2024-01-03", "2024-01-12"), **rates()) == [49000, 49000]
    with pytest.raises(UsageError, match=r"rates\.csv: no exchange rate for USD to VND on 2024-01-"
                       r"13, nor in the 10 days before it \(costs\)") as caught:  # fmt: skip
        convert("costs", sales("2024-01-13"), **rates())
    assert caught.value.hint == "add a line to rates.csv: 2024-01-13,USD,..."
    with pytest.raises(UsageError, match="on 2024-01-01, "):  # never a later one
        convert("costs", sales("2024-01-01"), **rates())


def test_a_currency_that_the_file_lacks_and_the_days_that_need_it() -> None:
    days = [f"2024-03-{day:02}" for day in range(1, 6)]
    with pytest.raises(UsageError, match="for GBP to VND on 2024-03-01, 2024-03-02, 2024-03-03 and "
                       "2 more, nor") as caught:  # fmt: skip
        convert("costs", sales(*days, currency="GBP"), **rates())
    assert caught.value.hint == "add a line to rates.csv: 2024-03-01,GBP,..."


def test_the_line_to_add_is_written_as_the_file_is() -> None:
    content = "Ngày;Tên;Loại tiền;Tỷ giá\n31/01/2024;đô la;usd;24.700,5\n"
    with pytest.raises(UsageError) as caught:
        convert("costs", sales("2024-01-02"), **rates(content))
    assert caught.value.hint == "add a line to rates.csv: 02/01/2024;;USD;..."
    assert convert("costs", sales("2024-01-31"), **rates(content)) == [49401]


def test_rates_of_months() -> None:
    january = (date(2024, 1, 1), date(2024, 1, 31), Decimal(24500))
    march = (date(2024, 3, 1), date(2024, 3, 31), Decimal(24900))
    how = {"currency": "VND", "exchange_rates": {"USD": DatedRates((january, march))}}
    assert convert("costs", sales("2024-01-31", "2024-03-01"), **how) == [49000, 49800]
    with pytest.raises(UsageError, match="costs: no exchange rate for USD to VND in 2024-02") as e:
        convert("costs", sales("2024-01-31", "2024-02-01"), **how)
    assert e.value.hint == "set exchange_rates: {USD: {2024-02: ...}}"


@pytest.mark.parametrize(
    ("table", "content", "amounts"),
    [
        ("subscriptions", "customer_id,start_date,end_date,amount,currency,interval\n"
         "A,2024-01-02,2024-01-31,2,USD,month\n", [49000]),
        ("opportunities", "opportunity_id,created_at,closed_at,outcome,amount,currency\n"
         "1,2024-01-02,2024-01-31,won,2,USD\n"  # at its end
         "2,2024-01-02,,open,2,USD\n"  # while it is open, at its beginning
         "3,2024-01-02,2025-06-01,open,2,USD\n", [49401, 49000, 49000]),
    ],
)  # fmt: skip
def test_the_date_of_a_subscription_and_of_a_deal(
    table: str, content: str, amounts: list[int]
) -> None:
    assert convert(table, content, **rates()) == amounts


def test_the_acquisition_cost_is_converted_at_the_signup() -> None:
    text = "customer_id,signup_date,CAC (USD)\nA,2024-01-31,2\n"
    assert read("customers", text, **rates()).frame["acquisition_cost"].to_list() == [49401]


def test_the_product_is_exact_with_rates_of_other_digits() -> None:
    content = "date,currency,rate\n2024-01-02,USD,0.1234567890\n2024-01-03,USD,25000\n"
    amounts = convert("costs", "date,amount,currency\n2024-01-02,123.4567,USD\n2024-01-03,1,USD\n",
                      **rates(content), numbers="1234.56")  # fmt: skip
    expected = (Decimal("123.4567") * Decimal("0.1234567890")).quantize(Decimal("0.0001"))
    assert amounts == [expected, 25000]


def test_tables_that_are_read_in_parts_are_converted_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_core, "ROWS", 7)
    rows = (f"2024-01-{2 + day % 8:02},{day}.5,USD\n" for day in range(30))
    content = "date,amount,currency\n" + "".join(rows) + "2024-01-31,1,USD\n"
    how = rates()
    amounts = convert("costs", content, **how)
    spec = SourceSpec("costs", ("t.csv",), dates="%Y-%m-%d", numbers="1234.56")
    loaded = out_of_core.load_all({"costs": [spec]}, ReadOptions(AS_OF, **how), tmp_path, 10)
    stored: Any = loaded["costs"].frame
    assert stored.scan().collect()["amount"].to_list() == amounts


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ("2024-01-02,USD,abc\n", 2, "rate", "not a number"),
        ("2024-01-02,USD,\n", 2, "rate", "blank"),
        ("2024-01-02,USD,5%\n", 2, "rate", "not a number"),
        ("2024-01-02,USD,0\n", 2, "rate", "not above zero"),
        ("2024-01-02,VND,2\n", 2, "rate", "own currency"),
        ("2024-01-02,,2\n", 2, "currency", "blank"),
        (",USD,2\n", 2, "date", "blank"),
        ("2024-01-02,USD,2\n2024-02-31,USD,2\n", 3, "date", "not a date"),
        ("2024-01-02,USD,2\n2024-01-02,usd,3\n", 3, "rate", "another rate of USD on 2024-01-02"),
        ("2024-01-02,USD,2\n2024-01-03,USD\n", 3, None, "field"),
    ],
)
def test_a_row_that_cannot_be_right_refuses_the_file(
    content: str, line: int, column: str | None, reason: str
) -> None:
    with pytest.raises(DataError) as caught:
        rates(f"date,currency,rate\n{content}")
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.column) == ("rates.csv", line, column)
    assert reason in problem.reason


def test_the_same_rate_twice_and_the_own_currency_at_one() -> None:
    content = "date,currency,rate\n2024-01-02,USD,2\n2024-01-02,USD,2.0\n2024-01-02,VND,1\n"
    assert convert("costs", sales("2024-01-02"), **rates(content)) == [4]


def test_columns_of_other_names() -> None:
    content = "day,code,buy,sell\n2024-01-02,USD,24000,25000\n"
    with pytest.raises(DataError, match="no column for rate; its headers are 'day', 'code'") as e:
        rates(content)
    assert e.value.hint == 'say which it is, for example exchange_rates.columns: {rate: "sell"}'
    assert convert("costs", sales("2024-01-02"), **rates(content, columns={"rate": "buy"})) == [
        48000
    ]
    with pytest.raises(UsageError, match=r"which exchange_rates\.columns\.rate names"):
        rates(content, columns={"rate": "bye"})
    with pytest.raises(DataError, match="'ngày' and 'day' can both be date"):
        rates("ngày,day,currency,rate\n")


def test_what_is_open_is_said_under_the_keys_of_the_file() -> None:
    content = "date,currency,rate\n03/04/2024,USD,24.500\n"
    with pytest.raises(DataError) as caught:
        rates(content)
    assert "exchange_rates.dates" in str(caught.value.hint)
    with pytest.raises(DataError) as caught:
        rates(content, dates="%d/%m/%Y")
    assert "exchange_rates.numbers" in str(caught.value.hint)
    how = rates(content, dates="%d/%m/%Y", numbers="1.234,56")
    assert convert("costs", sales("2024-04-03"), **how) == [49000]


def test_there_is_an_end_to_the_rates_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_rates, "MOST", 2)
    with pytest.raises(DataError, match=r"rates\.csv: has more than 2 rates"):
        rates()
