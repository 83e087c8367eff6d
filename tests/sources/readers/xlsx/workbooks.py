"""Workbooks for tests: of rows by a program that writes them, and of XML that none writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read

Row = Sequence[Any]
CUSTOMERS = [["customer_id", "signup_date"], ["A", date(2024, 1, 2)], ["B", date(2024, 2, 13)]]
DAY, MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


class As:
    """A number in a cell of this number format."""

    def __init__(self, value: float, code: str) -> None:
        self.value, self.code = value, code


def book(
    *sheets: Sequence[Row],
    names: Sequence[str] = (),
    change: Callable[[Any], None] | None = None,
    **options: Any,
) -> bytes:
    """A workbook with these rows; numbers are numbers, dates true dates, texts always text."""
    file = io.BytesIO()
    out = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    for place, rows in enumerate(sheets):
        sheet = out.add_worksheet(names[place] if names else None)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                _write(out, sheet, r, c, value)
    if change is not None:
        change(out)
    out.close()
    return file.getvalue()


def _write(out: Any, sheet: Any, r: int, c: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(r, c, value)
    elif isinstance(value, As):
        sheet.write_number(r, c, value.value, out.add_format({"num_format": value.code}))
    elif isinstance(value, datetime | time):
        code = "hh:mm" if isinstance(value, time) else MOMENT
        sheet.write_datetime(r, c, value, out.add_format({"num_format": code}))
    elif isinstance(value, date):
        sheet.write_datetime(r, c, value, out.add_format({"num_format": DAY}))
    elif value is not None:
        sheet.write(r, c, value)


def part(rows: str, **parts: str) -> bytes:
    """A workbook of one sheet with this XML in its rows; `parts` replace others of its files."""
    files = files_of(book(CUSTOMERS))
    sheet = "xl/worksheets/sheet1.xml"
    head, _, rest = files[sheet].partition("<sheetData>")
    files[sheet] = f"{head}<sheetData>{rows}</sheetData>{rest.partition('</sheetData>')[2]}"
    files |= parts
    return packed(files)


def files_of(content: bytes) -> dict[str, str]:
    """The texts of an archive, by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def packed(files: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def load(content: bytes, table: str = "customers", **how: Any) -> LoadedTable:
    return read(table, content, "t.xlsx", **how)
