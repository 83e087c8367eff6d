"""Which of two totals is paid."""

from __future__ import annotations

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read

HEADER = "Mã hóa đơn,Ngày bán,Tổng tiền,Giảm giá,Thành tiền"


def orders(*rows: str, header: str = HEADER, **how: object) -> LoadedTable:
    lines = (f"H{place},13/01/2024,{row}" for place, row in enumerate(rows))
    return read("transactions", "\n".join([header, *lines, ""]), **how)


def test_the_rows_prove_the_one_that_is_less_by_the_discount() -> None:
    loaded = orders("1.000.000,100.000,900.000", "500.000,,500.000")
    assert loaded.frame["amount"].to_list() == [900_000, 500_000]
    reading = loaded.audit.meaning[-1]
    assert (reading.column, reading.how, reading.rows) == ("Thành tiền", How.PROVED, 2)


def test_whatever_the_headers_say() -> None:
    loaded = orders("900.000,100.000,1.000.000")
    assert loaded.frame["amount"].to_list() == [900_000]
    assert loaded.audit.meaning[-1].column == "Tổng tiền"


def test_it_is_open_where_they_do_not_and_the_line_to_paste_works() -> None:
    rows = ("1.000.000,100.000,950.000", "500.000,,500.000")
    with pytest.raises(DataError, match="amounts add up to 1450000") as refused:
        orders(*rows)
    line = 'sources.transactions.columns.amount="Thành tiền"'
    assert f"--set '{line}'" in str(refused.value.hint)
    loaded = orders(*rows, columns={"amount": "Thành tiền"})
    assert loaded.frame["amount"].to_list() == [950_000, 500_000]
    assert How.OPEN not in [reading.how for reading in loaded.audit.meaning]


def test_two_totals_without_a_discount_are_still_ambiguous() -> None:
    with pytest.raises(DataError, match="can both be amount"):
        orders("1.000.000,0,900.000", header=HEADER.replace("Giảm giá", "Ghi chú"))
