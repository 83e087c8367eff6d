"""Two header rows with merged cells are one header; a row below a header never is a part of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm_kpi.sources.readers.csv import two_rows
from tests.sources.conftest import read, rejected
from tests.sources.readers.xlsx.workbooks import book

SALES = (
    "Mã KH,Ngày bán,Doanh số,,\n,,Số lượng,Đơn giá,Thành tiền\n"
    "A,2024-01-02,2,50,100\nB,2024-01-13,1,70,70\n"
)


@pytest.mark.parametrize("above", ["", "Báo cáo bán hàng,,,,\n,,,,\n"])
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_names_are_joined_and_that_is_said(above: str, eol: str) -> None:
    loaded = read("transactions", (above + SALES + "C,x,1,2,3\n").replace("\n", eol))
    assert loaded.frame["amount"].to_list() == [100, 70]
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    line = above.count("\n") + 5
    assert rejected(loaded) == [(line, "date", "x", "not a date")]
    assert (
        "t.csv: the header is two rows with merged cells, read as one: "
        "'Doanh số / Số lượng', 'Doanh số / Đơn giá'" in loaded.audit.notes
    )
    assert "two header rows joined" in loaded.audit.assumed
    assert loaded.audit.rows == 3


def test_a_wide_table_of_months_keeps_its_columns_apart() -> None:
    text = (
        "Mã KH,Ngày,Doanh thu,,Số lượng,\n,,Tháng 1,Tháng 2,Tháng 1,Tháng 2\n"
        "A,2024-03-02,5,6,1,2\nB,2024-03-13,7,8,3,4\n"
    )
    loaded = read("transactions", text, columns={"amount": "Doanh thu / Tháng 2"})
    assert loaded.frame["amount"].to_list() == [6, 8]
    assert loaded.headers == (
        *("Mã KH", "Ngày", "Doanh thu / Tháng 1", "Doanh thu / Tháng 2"),
        *("Số lượng / Tháng 1", "Số lượng / Tháng 2"),
    )


def test_the_unit_of_a_group_is_that_of_its_columns() -> None:
    loaded = read("transactions", SALES.replace("Doanh số", "Doanh số (nghìn đồng)"))
    assert loaded.frame["amount"].to_list() == [100_000, 70_000]


def test_merged_cells_of_a_workbook() -> None:
    def merge(out: Any) -> None:
        sheet = out.get_worksheet_by_name("Sheet1")
        for cells, text in (("A1:A2", "Mã KH"), ("B1:B2", "Ngày bán"), ("C1:D1", "Doanh số")):
            sheet.merge_range(cells, text)

    rows = [
        [],
        [None, None, "Đơn giá", "Thành tiền"],
        ["A", date(2024, 1, 2), 50, 100],
        ["B", date(2024, 1, 13), 70, 70],
    ]
    loaded = read("transactions", book(rows, change=merge), "t.xlsx")
    assert loaded.frame["amount"].to_list() == [100, 70]
    assert "two header rows joined" in loaded.audit.assumed
    assert not any("first row only" in note for note in loaded.audit.notes)


ROWS = [["A", "2024-01-02", "5", "6"], ["B", "2024-01-03", "7", "8"]]


@pytest.mark.parametrize(
    ("top", "below"),
    [(["id", "date", "amount", ""], ["A", "2024-01-02", "5", "6"]),
     (["id", "date", "amount", ""], ["", "", "5", "6"]),
     (["id", "date", "amount", ""], ["", "", "none", ""]),
     (["id", "date", "amount", ""], ["A", "", "none", "given"]),
     (["id", "", "amount", ""], ["Lan", "Anh", "", ""]),
     (["Sales report", "", "", ""], ["id", "date", "amount", "tax"]),
     (["Company", "", "Form", ""], ["id", "date", "amount", "tax"]),
     (["id", "date", "amount", "tax"], ["", "", "", ""]),
     (["id", "date", "amount"], ["A", "first", "five", "tax"]),
     (["id", "date", "amount", ""], ["", "", "x" * 90, "y"])],
)  # fmt: skip
def test_a_row_is_no_part_of_the_header(top: list[str], below: list[str]) -> None:
    assert two_rows.joined(top, below, ROWS, bool) is None


def test_words_below_words_prove_nothing() -> None:
    top, below = ["Tên", "Doanh thu", ""], ["", "Tháng 1", "Tháng 2"]
    assert two_rows.joined(top, below, [["Lan", "ít", "vừa"]], bool) is None
    assert two_rows.joined(top, below, [["", "5", "6"], ["Lan", "5", "6"]], bool) is None
    assert two_rows.joined(top, below, [], bool) is None
    assert two_rows.joined(top, below, [["Lan", "5", "6"]], bool) is not None


def test_names_that_the_lower_row_alone_has() -> None:
    top, below = ["", "Quý 1", "", "Quý 2", ""], ["Mã", "Thu", "Chi", "Thu", "Chi"]
    names = two_rows.joined(top, below, [["A", "1", "2", "3", "4"]], bool)
    assert names == ("Mã", "Quý 1 / Thu", "Quý 1 / Chi", "Quý 2 / Thu", "Quý 2 / Chi")
