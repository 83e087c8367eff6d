"""The table of a web page, which shops and banks hand out under the name of a workbook (.xls).

It becomes CSV, and then goes the way of every file. Read by the parser of the standard library.
A cell over several columns or rows has its text in the first of them, as in a workbook.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv.csv_file import CsvFile
from crm_kpi.sources.readers.csv.dialect import Dialect
from crm_kpi.sources.readers.xlsx.cell_names import LAST_COLUMN
from crm_kpi.sources.readers.xlsx.rich_text import csv_field

HEAD = 64 << 10
"""Bytes in which a page has to say that it holds a table."""
_PAGE = re.compile(
    rb"\s*<(?:!doctype html|html|head|meta|body|table|style|\?xml[^>]*>\s*<html)", re.I
)
_TABLE = re.compile(rb"<table\b", re.I)
_UNSEEN = ("style", "script", "title", "template")
_DEEPEST = 50
"""Tables within one another."""


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
    tables there are. Raises DataError where none holds a row."""
    parser = _Tables()
    parser.feed(page.decode("utf-8", "replace"))
    parser.close()
    tables = [rows for rows in parser.tables if rows]
    if not tables:
        raise DataError(text("files.page_without_rows", path=path), hint=text("files.save_as_csv"))
    largest = max(tables, key=lambda rows: sum(map(len, rows)))
    width = max(map(len, largest))
    lines = [",".join([*map(csv_field, row), *[""] * (width - len(row))]) for row in largest]
    return "".join(f"{line}\r" for line in lines).encode(), sum(len(rows) > 1 for rows in tables)


class _Tables(HTMLParser):
    """Rows of all tables; what stands in a table within a cell belongs to that table alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cells: list[list[str] | None] = []
        """For each open table the text of its open cell."""
        self._spans: list[dict[int, int]] = []
        """For each open table: column: how many rows below are taken by a cell above."""
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table" and len(self._open) < _DEEPEST:
            rows: list[list[str]] = []
            self.tables.append(rows)
            self._open.append(rows)
            self._cells.append(None)
            self._spans.append({})
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self._cells[-1]:
            self._cells[-1].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif not self._open:
            return
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            for stack in (self._open, self._cells, self._spans):
                stack.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._unseen:
            cell = self._cells[-1]
            if cell is not None:
                cell.append(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self.handle_endtag("table")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        rows, spans = self._open[-1], self._spans[-1]
        if not rows:
            rows.append([])
        row = rows[-1]
        while spans.get(len(row), 0):
            spans[len(row)] -= 1
            row.append("")
        wide, high = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        at = len(row)
        if at + wide > LAST_COLUMN:
            wide = 1
        for column in range(at, at + wide):
            spans[column] = high - 1
        row += [""] * wide
        self._cells[-1] = [f"{at}"]

    def _end_cell(self) -> None:
        cell, self._cells[-1] = self._cells[-1], None
        if cell is not None:
            at, *texts = cell
            self._open[-1][-1][int(at)] = " ".join("".join(texts).split())


def _span(number: str | None) -> int:
    number = (number or "").strip()
    return min(max(int(number), 1), 1000) if number.isascii() and number.isdigit() else 1
