"""Workbooks as a reader finds them: openpyxl knows nothing of how they were written."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl


def opened(content: bytes) -> Any:
    """The workbook of these bytes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline Group extension is not supported")
        return openpyxl.load_workbook(BytesIO(content))


def rows_of(sheet: Any) -> list[list[Any]]:
    """The values of a sheet, row by row."""
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def texts_of(content: bytes) -> Iterator[str]:
    """Every text that stands anywhere in a workbook: names of sheets, cells, comments."""
    book = opened(content)
    yield from book.sheetnames
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield str(cell.value)
                if cell.comment:
                    yield cell.comment.text


def formulas_of(content: bytes) -> list[str]:
    """The cells that compute."""
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in opened(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
