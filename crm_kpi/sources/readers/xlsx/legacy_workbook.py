"""Workbooks that are no .xlsx: .xls, .xlsb and .ods, through calamine (extra `crm-kpi[legacy]`).

calamine gives values without their formats: a cell with an error is empty, percent signs and
currencies are gone. So it reads only what nothing else of ours can, and that is said.
"""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from importlib import import_module
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from crm_kpi.errors import DataError
from crm_kpi.messages import text
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.canonical_text import shortest
from crm_kpi.sources.readers.xlsx.rich_text import csv_field
from crm_kpi.sources.readers.xlsx.sheet_csv import SheetCsv
from crm_kpi.sources.readers.xlsx.sheet_xml import Sheet
from crm_kpi.sources.readers.xlsx.sheets_of_book import SheetEntry
from crm_kpi.sources.readers.xlsx.xml_stream import Allowance, BoundError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_BINARY = b"xl/workbook.bin"


def is_legacy_archive(raw: bytes) -> bool:
    """Whether a zip archive is an .ods or an .xlsb."""
    return _OPEN_DOCUMENT in raw[:200] or _BINARY in raw


class LegacyWorkbook:
    """Raises DataError for a file that is damaged or protected, and where calamine is not
    installed."""

    def __init__(self, file_bytes: FileBytes, memory: int) -> None:
        """`memory`: the bytes that it may be held in."""
        raw = file_bytes.memory or b""
        self.path = file_bytes.path
        self._allowance = Allowance(file_bytes.size, memory)
        calamine = _calamine(self.path)
        self._error: type[Exception] = calamine.CalamineError
        self._book: CalamineWorkbook = _opened(calamine, self.path, raw, self._allowance)
        self.sheets = tuple(
            SheetEntry(one.name, one.name, one.visible != calamine.SheetVisibleEnum.Visible)
            for one in self._book.sheets_metadata
            if one.typ == calamine.SheetTypeEnum.WorkSheet
        )
        if not self.sheets:
            raise DataError(
                text("files.no_sheets", path=self.path), hint=text("files.save_as_xlsx")
            )

    def read(self, entry: SheetEntry, most: int | None = None) -> tuple[bytes, Sheet]:
        """As `Workbook.read` does."""
        sheet = Sheet(self.path, entry.name, [], {}, self._allowance, legacy=True)
        csv = SheetCsv(self._allowance)
        try:
            cells = self._book.get_sheet_by_name(entry.name)
            above = cells.start[0] if cells.start else 0
            left = cells.start[1] if cells.start else 0
            for number, row in enumerate(islice(cells.iter_rows(), most), above + 1):
                fields = [""] * left + [csv_field(_text(cell)) for cell in row]
                if any(fields):
                    csv.add(number, fields)
        except BoundError as error:
            raise sheet.refused(error) from error
        except self._error as error:
            raise _damaged(self.path, error) from error
        return csv.take(), sheet


def _calamine(path: str) -> Any:
    try:
        return import_module("python_calamine")
    except ModuleNotFoundError as error:
        raise DataError(
            text("files.no_calamine", path=path), hint=text("files.install_legacy")
        ) from error


def _opened(calamine: Any, path: str, raw: bytes, allowance: Allowance) -> Any:
    try:
        if zipfile.is_zipfile(BytesIO(raw)):
            with zipfile.ZipFile(BytesIO(raw)) as archive:
                allowance.expect(path, sum(entry.file_size for entry in archive.infolist()))
        return calamine.CalamineWorkbook.from_filelike(BytesIO(raw))
    except BoundError as error:
        raise _damaged(path, error.reason) from error
    except calamine.PasswordError as error:
        raise DataError(
            text("files.protected", path=path), hint=text("files.save_unprotected")
        ) from error
    except (calamine.CalamineError, zipfile.BadZipFile) as error:
        raise _damaged(path, error) from error


def _damaged(path: str, why: object) -> DataError:
    return DataError(
        text("files.workbook_damaged", path=path, why=str(why)[:200]),
        hint=text("files.get_or_save_workbook"),
    )


def _text(cell: Any) -> str:
    """A value as a careful person would have written it."""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return shortest(cell)
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else str(cell)
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell) if isinstance(cell, int | date | time) else ""
