"""Web pages that call themselves workbooks."""

from __future__ import annotations

import pytest

from crm_kpi.errors import DataError
from crm_kpi.sources.readers import html_table
from tests.sources.conftest import read

PAGE = (
    "<html><style>td {}</style><table><tr><th>customer_id</th><th>date</th><th>amount</th></tr>"
    "<tr><td>A</td><td>2024-01-05<td>1<b>0</b></tr>"
    "<tr><td rowspan=2>B</td><td>2024-01-06</td><td>5</td></tr>"
    "<tr><td>2024-01-07</td><td>7</td></table></html>"
)


def test_the_table_of_a_page_is_read() -> None:
    loaded = read("transactions", PAGE, "t.xls")
    assert loaded.frame["amount"].to_list()[:2] == [10, 5]
    assert "table of a web page" in [str(words) for words in loaded.audit.assumed]


def test_merged_cells_have_their_text_once() -> None:
    csv, tables = html_table.as_csv(PAGE.encode(), "t.xls")
    assert csv.split(b"\r")[3] == b",2024-01-07,7"
    assert tables == 1


def test_a_page_without_rows_is_refused() -> None:
    with pytest.raises(DataError, match="tables are empty"):
        read("transactions", "<html><table></table></html>", "t.xls")


def test_a_byte_that_is_no_text_refuses_the_page() -> None:
    with pytest.raises(DataError, match=r"t\.xls:2: is not UTF-8") as caught:
        html_table.as_csv(b"<table>\n<tr><td>Caf\xe9<tr><td>1</table>", "t.xls")
    assert "cp1252" in str(caught.value.hint)


def test_a_cell_over_rows_in_the_last_column_moves_no_later_row() -> None:
    page = (
        "<table><tr><th>order</th><th>item</th><th>amount</th></tr>"
        "<tr><td>O1</td><td>tea</td><td rowspan=2>70</td></tr><tr><td>O1</td><td>cup</td></tr>"
        "<tr><td>O2</td><td>tea</td><td>50</td></tr></table>"
    )
    csv, _ = html_table.as_csv(page.encode(), "t.xls")
    assert csv.decode().split("\r")[1:4] == ["O1,tea,70", "O1,cup,", "O2,tea,50"]
