"""Numbers as programs and people spell them out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import DerivedColumn, LoadedTable
from tests.sources.conftest import read, rejected


def costs(values: list[str], header: str = "date,amount", **how: object) -> LoadedTable:
    lines = (f'2024-01-{place:02},"{value}"' for place, value in enumerate(values, 1))
    return read("costs", "\n".join([header, *lines, ""]), **how)


def amounts(values: list[str], **how: object) -> list[Decimal]:
    return costs(values, **how).frame["amount"].to_list()


@pytest.mark.parametrize(
    ("written", "number"),
    [("1e+05", "100000"), ("1.5e+06", "1500000"), ("2E5", "200000"), ("1e-02", "0.01"),
     ("12,00,000", "1200000"), ("₹1,23,456.50", "123456.5"), ("Rs. 1,200.5", "1200.5"),
     ("R$ 1,200.5", "1200.5"), ("1,200.50-", "-1200.5"), ("S/ 12.5", "12.5"), ("12.5 Fr.", "12.5"),
     ("1,200円", "1200"), ("NT$12.5", "12.5"), ("٢٥٠", "250"), ("１，２５０．５", "1250.5"),
     ("25k", "25000"), ("1,250k", "1250000"), ("2.3M", "2300000"), ("1.5 Mio. €", "1500000"),
     ("1tr2", "1200000"), ("500 nghìn đồng", "500000"), ("3 lakh", "300000")],
)  # fmt: skip
def test_spellings(written: str, number: str) -> None:
    assert amounts(["12.5", written])[1] == Decimal(number)


@pytest.mark.parametrize("written", ["1.250.000,-", "1.250.000đ.", "1.250.000,-- €", "1,25 triệu"])
def test_spellings_with_a_decimal_comma(written: str) -> None:
    assert amounts(["12,5", written])[1] == 1_250_000


def test_a_word_that_multiplies_is_said() -> None:
    readings = costs(["1,2 tr", "500k"]).audit.meaning
    assert [(r.reading, r.how, r.rows) for r in readings] == [
        ("k means × 1,000, tr means × 1,000,000", How.CONVENTIONAL, 2)
    ]


def test_three_digits_before_a_thousand_are_grouped_unless_other_rows_say_otherwise() -> None:
    assert amounts(["1,250k", "980k"]) == [1_250_000, 980_000]
    with pytest.raises(DataError, match="decimal point and with a decimal comma"):
        costs(["1,250k", "12,5k"])


def test_words_multiply_money_alone() -> None:
    text = "response_id,answered_at,score\n1,2024-01-02,5k\n"
    assert rejected(read("surveys", text)) == [(2, "score", "5k", "not a number")]


def test_the_tail_of_a_float_is_read_as_the_number_that_was_meant_and_said() -> None:
    loaded = costs(["71.37199999999999", "0.30000000000000004", "2"])
    assert loaded.frame["amount"].to_list() == [Decimal("71.372"), Decimal("0.3"), 2]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.PROVED, 2)
    assert "71.37199999999999 read as 71.372" in loaded.audit.assumed


@pytest.mark.parametrize("written", ["0.123456", "71.371999", "0.123456789012345678"])
def test_other_decimals_are_no_tail(written: str) -> None:
    assert rejected(costs([written])) == [(2, "amount", written, "more than 4 decimals")]


def test_vietnamese_headers_part_thousands_by_dots() -> None:
    vietnamese = costs(["25.000", "50.000"], "Ngày chi,Số tiền")
    assert vietnamese.frame["amount"].to_list() == [25_000, 50_000]
    (reading,) = vietnamese.audit.meaning
    assert (reading.column, reading.how, reading.rows) == ("Số tiền", How.CONVENTIONAL, 2)


@pytest.mark.parametrize(
    ("values", "header"),
    [(["25.000"], "date,amount"), (["25.000"], "Ngày chi,Total"), (["25,000"], "Ngày chi,Số tiền")],
)
def test_elsewhere_and_with_commas_it_stays_open(values: list[str], header: str) -> None:
    with pytest.raises(DataError, match="no row of the column tells"):
        costs(values, header)


def test_vietnamese_rows_that_prove_a_point_are_believed() -> None:
    loaded = costs(["25.50", "1,250.00"], "Ngày chi,Số tiền")
    assert loaded.frame["amount"].to_list() == [Decimal("25.5"), 1250]
    assert loaded.audit.meaning == []


def test_each_factor_of_a_product_is_written_in_its_own_way() -> None:
    text = 'date,Price,Qty\n2024-01-01,"1.234,50",2.5\n2024-01-02,"30,00",1\n'
    product = {"amount": DerivedColumn(product=("Price", "Qty"))}
    assert read("costs", text, columns=product).frame["amount"].sum() == Decimal("3116.25")


def test_ids_that_a_spreadsheet_rounded_are_rejects_in_every_table() -> None:
    text = "date,customer_id,amount\n2024-01-01,8.49123E+11,1\n2024-01-02,E11,1\n2024-01-03,1E5,1\n"
    assert rejected(read("transactions", text)) == [
        (2, "customer_id", "8.49123E+11", "an id that a spreadsheet wrote as a rounded number")
    ]


def test_plain_numbers_say_nothing() -> None:
    assert costs(["12.50", "1200", "-3"]).audit.meaning == []
