"""Numbers: what is read, what is proved, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read, rejected


def costs(values: list[str], **how: object) -> LoadedTable:
    lines = [f'2024-01-02,"{value}"' for value in values]
    return read("costs", "\n".join(["date,amount", *lines, ""]), **how)


def amounts(values: list[str], **how: object) -> list[Decimal | None]:
    found = costs(values, **how).frame["amount"]
    assert found.dtype == pl.Decimal(38, 4)
    return found.to_list()


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1250000", "1250000"), ("12.5", "12.5"), ("-5", "-5"), ("+5", "5"), ("0.001", "0.001"),
        ("0.1234", "0.1234"), ("1234.567", "1234.567"), ("1.25000", "1.25"), (" 7 ", "7"),
        ("1.250.000 ₫", "1250000"), ("1.250.000đ", "1250000"), ("1.250.000 VND", "1250000"),
        ("VND 1.250.000", "1250000"), ("1.250.000 vnđ", "1250000"), ("1,250,000.50", "1250000.5"),
        ("1,250,000", "1250000"), ("(12.5)", "-12.5"), ("($1,234.50)", "-1234.5"),
        ("$1,234.50", "1234.5"), ("-$1,234.50", "-1234.5"), ("$-1,234.50", "-1234.5"),
        ("1 234,56", "1234.56"), ("1\u00a0234,56", "1234.56"), ("1\u202f234\u202f567", "1234567"),
        ("1.234,56 €", "1234.56"), ("1234,56", "1234.56"), ("-1.234,5", "-1234.5"),
        ("\u22125", "-5"), ("1'234.50", "1234.5"), (".5", "0.5"), (",5", "0.5"), ("-0", "0"),
        ("12345678901234567890123456789012.1234", "12345678901234567890123456789012.1234"),
    ],
)  # fmt: skip
def test_ways_to_write_a_number(written: str, amount: str) -> None:
    assert amounts([written]) == [Decimal(amount)]


@pytest.mark.parametrize(
    "written",
    ["x", "1.23457E+11", "NaN", "nan", "inf", "-inf", "Infinity", "1e309", "0x10", "1_000", "12.",
     "1..2", "1,2,3", "12,34.5", "1.2.3", "--5", "-(5)", "(5", "5)", "5--", "5 PCS", "$5€", "12%",
     "1 2", "1,250.00.0", "5 5", "9" * 40, "1'23", "=1+1", "1/2"],
)  # fmt: skip
def test_what_is_no_number_is_rejected(written: str) -> None:
    loaded = costs(["1.5", written, "2"])
    assert rejected(loaded) == [(3, "amount", written, "not a number")]
    assert loaded.audit.used == 2


@pytest.mark.parametrize("written", ["1.23456", "0.00001", "1234.00001"])
def test_more_than_four_decimals_are_rejected_not_rounded(written: str) -> None:
    assert rejected(costs([written])) == [(2, "amount", written, "more than 4 decimals")]


@pytest.mark.parametrize(("written", "grouped"), [("1.250", "1250"), ("1,250", "1250")])
def test_an_open_mark_is_an_error_that_names_column_and_option(written: str, grouped: str) -> None:
    with pytest.raises(DataError) as caught:
        amounts(["3", written])
    assert str(caught.value) == (
        f"t.csv:3: column amount: {written!r} may be {grouped} or 1.250, "
        "and no row of the column tells"
    )
    assert caught.value.hint == (
        'declare sources.costs.numbers: "1,234.56" or "1.234,56", '
        "or add --set sources.costs.numbers=1.234,56"
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1.250", "1.250.000"], ["1250", "1250000"]),
        (["1.250", "12,5"], ["1250", "12.5"]),
        (["1.250", "1.000,5"], ["1250", "1000.5"]),
        (["1,250", "12.5"], ["1250", "12.5"]),
        (["1,250", "1,000,000"], ["1250", "1000000"]),
        (["1.255", "12.5"], ["1.255", "12.5"]),
        (["1.255", "0.250"], ["1.255", "0.25"]),
        (["1,255", "12,5"], ["1.255", "12.5"]),
        (["1.250", "1234.5678"], ["1.25", "1234.5678"]),
    ],
)
def test_one_row_proves_the_mark_of_the_whole_column(
    values: list[str], expected: list[str]
) -> None:
    assert amounts(values) == list(map(Decimal, expected))


@pytest.mark.parametrize(
    "values",
    [
        ["12.5", "12,5"],
        ["1.250.000", "1,250,000"],
        ["1.250.000", "12.5"],
        # Who writes 12.5 does not write 1.25 as 1.250.
        ["12.5", "1.250"],
        ["12,5", "1,250"],
    ],
)
def test_both_marks_proved_is_an_error_that_shows_both_lines(values: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        amounts(["1", *values])
    message = str(caught.value)
    assert message.startswith("column amount: numbers are written with a decimal point and with")
    assert f"{values[0]!r} at t.csv:3 and {values[1]!r} at t.csv:4" in message


@pytest.mark.parametrize(
    ("style", "written", "amount"),
    [("1,234.56", "1,250", "1250"), ("1.234,56", "1.250", "1250"), ("1 234,56", "1 250", "1250"),
     ("1234.56", "1.250", "1.25"), ("1234,56", "1,250", "1.25"), ("1.234,56", "-1.250 ₫", "-1250")],
)  # fmt: skip
def test_declared_styles(style: str, written: str, amount: str) -> None:
    assert amounts([written], numbers=style) == [Decimal(amount)]
    assert costs([written], numbers={"amount": style}).frame["amount"].to_list() == [
        Decimal(amount)
    ]


@pytest.mark.parametrize(
    ("style", "written"),
    [("1,234.56", "1.234,56"), ("1.234,56", "12.5"), ("1234.56", "1,250"), ("1234,56", "1.250"),
     ("1 234,56", "1.250"), ("1,234.56", "1 250")],
)  # fmt: skip
def test_text_that_is_not_as_declared_is_rejected(style: str, written: str) -> None:
    assert costs([written], numbers=style).audit.reasons == {"not a number": 1}


def test_an_unknown_style_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"sources.costs.numbers: '1\|234' is no way"):
        costs(["1"], numbers="1|234")


def test_words_for_missing_are_blank_and_so_rejected_where_needed() -> None:
    loaded = costs(["1", "N/A", "-", ""])
    assert loaded.audit.reasons == {"blank required value": 3}
    assert rejected(loaded)[0] == (3, "amount", None, "blank required value")


def opportunities(shares: list[str]) -> LoadedTable:
    lines = [f'{i},2024-01-02,"{share}"' for i, share in enumerate(shares)]
    return read("opportunities", "\n".join(["id,created,Probability (%)", *lines, ""]))


def test_shares_are_between_0_and_1() -> None:
    assert opportunities(["0.4", "1", ""]).frame["probability"].to_list() == [0.4, 1.0, None]
    assert opportunities(["40", "0.5"]).frame["probability"].to_list() == [0.4, 0.005]
    assert opportunities(["40%", "12.5 %"]).frame["probability"].to_list() == [0.4, 0.125]
    assert rejected(opportunities(["40%", "120%", "30"])) == [
        (3, "probability", "120%", "probability out of range"),
        (4, "probability", "30", "probability out of range"),
    ]
    assert rejected(opportunities(["40", "-3", "101"]))[0][3] == "probability out of range"


def test_whole_numbers_under_a_header_in_percent_are_percent() -> None:
    assert opportunities(["1", "0", ""]).frame["probability"].to_list() == [0.01, 0.0, None]
    assert opportunities(["100", "1"]).frame["probability"].to_list() == [1.0, 0.01]
    text = "id,created,probability\n1,2024-01-02,1\n2,2024-01-02,0\n"
    assert read("opportunities", text).frame["probability"].to_list() == [1.0, 0.0]


def test_words_of_no_scale_are_refused_with_the_way_to_map_them() -> None:
    text = "score,answered_at,survey\nHơi bị được,2024-01-02,csat\n4,2024-01-02,csat\n"
    loaded = read("surveys", text)
    (problem,) = loaded.audit.problems
    assert (problem.reason, problem.value) == ("not a number", "Hơi bị được")
    assert "sources.surveys.values: {score: " in str(problem.hint)
    loaded = read("surveys", text, values={"score": {"hơi bị được": "5"}})
    assert loaded.frame["score"].to_list() == [5, 4]


def test_counts_are_whole_and_not_negative() -> None:
    text = "ticket_id,created_at,reopens\n1,2024-01-02,3\n2,2024-01-02,2.0\n" + (
        "3,2024-01-02,1.5\n4,2024-01-02,-1\n5,2024-01-02,\n"
    )
    loaded = read("tickets", text)
    assert loaded.frame["reopens"].to_list() == [3, 2, None]
    assert rejected(loaded) == [
        (4, "reopens", "1.5", "not a whole number"),
        (5, "reopens", "-1", "negative count"),
    ]


def test_a_large_column_is_proved_to_its_last_row() -> None:
    assert amounts(["1.250"] * 5000 + ["1.250.000"])[0] == 1250
    with pytest.raises(DataError, match=r"t\.csv:5002"):
        amounts(["1.250.000"] * 5000 + ["12.5"])


@pytest.mark.parametrize(
    ("amounts", "how"),
    [
        (["200.000 ₫", "150.000 ₫"], {}),
        (["200.000 VND", "1.500đ"], {}),
        (["200.000", "150.000"], {"currency": "VND"}),
        (["200.000", "150.000"], {"constants": {"currency": "VND"}}),
        (["200,000", "150,000"], {"currency": "JPY"}),
    ],
)
def test_money_without_decimals_needs_no_proof(amounts: list[str], how: dict[str, Any]) -> None:
    rows = [f'A,2024-01-31,"{amount}"' for amount in amounts]
    found = read("transactions", "\n".join(["customer_id,date,amount", *rows, ""]), **how)
    assert found.frame["amount"][0] == 200_000
    assert any(word.startswith("numbers as 1") for word in found.audit.assumed)


def test_a_header_names_such_a_currency() -> None:
    text = "customer_id,date,Tổng tiền (VND)\nA,2024-01-31,200.000\n"
    assert read("transactions", text).frame["amount"].to_list() == [200_000]


@pytest.mark.parametrize(
    ("amounts", "how"),
    [
        (["200.000", "150.000"], {}),
        (["200.000", "150.000"], {"currency": "USD"}),
        (["200.000", "150,000"], {"currency": "VND"}),  # two marks: one of them is a mistake
        (["200.000 ₫", "1.500 $"], {"currency": "VND"}),
        (["200.000 €"], {"currency": "VND", "exchange_rates": {"EUR": Decimal(28000)}}),
    ],
)
def test_other_money_needs_it(amounts: list[str], how: dict[str, Any]) -> None:
    rows = [f'A,2024-01-31,"{amount}"' for amount in amounts]
    with pytest.raises(DataError, match=r"may be|are in"):
        read("transactions", "\n".join(["customer_id,date,amount", *rows, ""]), **how)


def test_a_column_of_currencies_decides_by_its_rows_alone() -> None:
    text = "customer_id,date,amount,currency\nA,2024-01-31,200.000,USD\n"
    with pytest.raises(DataError, match="may be"):
        read("transactions", text, currency="VND", exchange_rates={"USD": Decimal(25000)})
