"""Rows that a spreadsheet wrapped whole into quotation marks are read as they were."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from crm_kpi.errors import DataError
from crm_kpi.sources.io.file_bytes import read as file_bytes_of
from crm_kpi.sources.readers.csv import wrapped
from tests.sources.conftest import read, rejected

PLAIN = (
    'customer_id,date,amount,product\nA,2024-01-02,5,"tea, ""green"""\n'
    'B,2024-01-03,6,"two\nlines"\n'
)


def wrap(row: str) -> str:
    doubled = row.replace('"', '""')
    return f'"{doubled}"'


ROWS = ["customer_id,date,amount,product", 'A,2024-01-02,5,"tea, ""green"""', "B,2024-01-03,6,x"]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", ",,\n"])
@pytest.mark.parametrize("above", ["", "Sales report\n", "\n\n"])
def test_all_rows_are_unwrapped_and_that_is_said(mark: str, end: str, above: str) -> None:
    rows = [row.replace(",", mark) for row in ROWS]
    content = above + "".join(wrap(row) + end for row in rows)
    loaded = read("transactions", content, everything=True)
    assert loaded.frame["amount"].to_list() == [5, 6]
    assert loaded.frame["product"].to_list()[0] == f'tea{mark} "green"'
    assert "rows unwrapped" in loaded.audit.assumed
    note = "t.csv: each row stood whole in quotation marks, which are taken off"
    assert note in loaded.audit.notes
    assert loaded.audit.sha256 == [sha256(content.encode()).hexdigest()]


def test_a_cell_may_have_several_lines_and_the_file_a_mark_and_a_footer() -> None:
    rows = [*ROWS[:2], 'B,2024-01-03,6,"two\nlines"', "C,2024-01-04,x,y"]
    content = "\ufeff" + "\n".join(map(wrap, rows)) + "\n\nEnd of report\n"
    loaded = read("transactions", content)
    assert loaded.frame["amount"].to_list() == [5, 6]
    assert rejected(loaded) == [(5, "amount", "x", "not a number")]


def test_not_all_rows_are_wrapped() -> None:
    content = "\n".join([*map(wrap, ROWS), "C,2024-01-04,7,z"]) + "\n"
    with pytest.raises(DataError, match="line 4 is no row in quotation marks, as others are"):
        read("transactions", content)
    content = "\n".join([wrap(ROWS[0]), "C,2024-01-04,7,z"]) + "\n"
    with pytest.raises(DataError, match="line 2 is no row"):
        read("transactions", content)


def test_single_wrapped_rows_say_what_they_are() -> None:
    content = "\n".join([ROWS[0], wrap(ROWS[1]), ROWS[2], "C,2024-01-04"]) + "\n"
    loaded = read("transactions", content)
    assert [(line, reason) for line, _, _, reason in rejected(loaded)] == [
        (2, "the whole row stands in quotation marks"),
        (4, "too few fields"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        '"customer_id","date","amount"\n"A","2024-01-02","5"\n',
        'customer_id,date,amount\n"A","2024-01-02","5"\n',
    ],
)
def test_quoted_fields_are_no_wrapped_rows(content: str) -> None:
    loaded = read("transactions", content)
    assert rejected(loaded) == []
    assert "rows unwrapped" not in loaded.audit.assumed


def test_a_column_of_sentences_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('customer_id\n"An, of Huế"\n"Bình, of Hà Nội"\n', encoding="utf-8")
    file_bytes = file_bytes_of(str(path), None)
    assert wrapped.unwrapped(file_bytes, lambda names: False) is file_bytes


def test_sentences_in_quotation_marks_above_a_table_are_no_rows() -> None:
    """As many commas as the first has, as above Amazon's reports, make no table of them."""
    words = (
        '"Sales, shipping, and fees"\n"In USD, unless specified"\n"Tax: of products, gifts, too"\n'
    )
    table = '"customer_id","date","amount","product"\n"A","2024-01-02","5","x"\n'
    loaded = read("transactions", words + table)
    assert loaded.frame["amount"].to_list() == [5]
    assert "rows unwrapped" not in loaded.audit.assumed
