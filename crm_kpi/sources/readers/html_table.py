"""The table of a web page, which shops and banks hand out under the name of a workbook (.xls).

It becomes CSV, and then goes the way of every file. Read by the parser of the standard library.
A cell over several columns or rows has its text in the first of them, as in a workbook.
"""

from __future__ import annotations

import re

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.sources.io.encodings import not_utf8
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv.csv_file import CsvFile
from crm_kpi.sources.readers.csv.dialect import Dialect
from crm_kpi.sources.readers.xlsx.rich_text import csv_field

HEAD = 64 << 10
"""Bytes in which a page has to say that it holds a table."""
_PAGE = re.compile(
    rb"\s*<(?:!doctype html|html|head|meta|body|table|style|\?xml[^>]*>\s*<html)", re.I
)
_TABLE = re.compile(rb"<table\b", re.I)


def holds_table(head: bytes) -> bool:
    """Whether a file that begins so is a web page with a table.

    >>> holds_table(b"<html><table><tr>"), holds_table(b"<html><p>Sign in")
    (True, False)
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    return _PAGE.match(head) is not None and _TABLE.search(head) is not None


class HtmlFile(CsvFile):
    """Its lines are the rows of the table."""

    def __init__(self, file_bytes: FileBytes, dialect: Dialect, tables: int) -> None:
        """`tables`: how many the page has."""
        super().__init__(file_bytes, dialect)
        self._tables = tables

    @property
    def notes(self) -> list[Message]:
        one = text("files.web_page", path=self.path)
        of_many = text("files.one_of_tables", path=self.path, count=self._tables)
        return [one if self._tables == 1 else of_many, *super().notes]

    @property
    def assumed(self) -> list[Message]:
        return [text("files.web_page_short"), *super().assumed]


def as_csv(page: bytes, path: str) -> tuple[bytes, int]:
    """The largest table of a page as CSV with commas, whose records end with CR, and how many
    tables there are. Raises DataError where none holds a row, or a byte is no UTF-8."""
    from crm_kpi.sources.readers.html_rows import TableRows  # most files are no pages

    parser = TableRows()
    try:
        parser.feed(page.decode())
    except UnicodeDecodeError as error:
        line = page.count(b"\n", 0, error.start) + 1
        raise not_utf8(path, page, error.start, line) from None
    parser.close()
    tables = [rows for rows in parser.tables if rows]
    if not tables:
        raise DataError(text("files.page_without_rows", path=path), hint=text("files.save_as_csv"))
    largest = max(tables, key=lambda rows: sum(map(len, rows)))
    width = max(map(len, largest))
    lines = [",".join([*map(csv_field, row), *[""] * (width - len(row))]) for row in largest]
    return "".join(f"{line}\r" for line in lines).encode(), sum(len(rows) > 1 for rows in tables)
