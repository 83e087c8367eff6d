"""Workbooks (.xlsx, .xlsm): a sheet becomes CSV, and then goes the way of every file.

Read by our own small handlers over the parser of the standard library (`xml_stream`), for speed
with fidelity. What a number must not lose are the error in a cell, the percent sign, the currency
and the formula that was never computed. calamine drops all of them, and gives an empty cell or a
bare number; openpyxl keeps them, but takes three times as long, bounds nothing, and passes a
shared string of the number -1, or 1_0 as 10. lxml's iterparse is no faster than expat, and one more
thing to install.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import islice

from crm_kpi.errors import DataError
from crm_kpi.messages import text
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.xlsx import number_formats
from crm_kpi.sources.readers.xlsx.cell_names import index
from crm_kpi.sources.readers.xlsx.number_formats import LONGEST_CODE, CellFormatter
from crm_kpi.sources.readers.xlsx.package import Package
from crm_kpi.sources.readers.xlsx.rich_text import shared_strings
from crm_kpi.sources.readers.xlsx.sheet_csv import SheetCsv
from crm_kpi.sources.readers.xlsx.sheet_xml import Sheet
from crm_kpi.sources.readers.xlsx.sheets_of_book import SheetEntry
from crm_kpi.sources.readers.xlsx.xml_stream import BoundError, PartError

LONGEST_NAME = 255
"""Characters of the name of a sheet; Excel takes 31."""
_SHEET_HELD, _FORMAT_HELD = 500, 300
"""Bytes that a sheet and a number format are held in."""
_TRUE = ("1", "true", "on")


class Workbook:
    """Raises DataError for an archive that is damaged or is no workbook."""

    def __init__(self, file_bytes: FileBytes, memory: int) -> None:
        """`memory`: the bytes that it may be held in."""
        self.path = file_bytes.path
        self._package = Package(file_bytes, memory)
        with self._package.sound():
            book = self._package.part_of_type("", "officeDocument")
            if book is None or not book.endswith(".xml"):
                raise self._package.no_workbook()
            self._book = book
            self._since_1904 = self._uncomputed = False
            self.sheets = tuple(self._entries())
        if not self.sheets:
            raise DataError(
                text("files.no_sheets", path=self.path), hint=text("files.save_as_xlsx")
            )

    def read(self, entry: SheetEntry, most: int | None = None) -> tuple[bytes, Sheet]:
        """The sheet as CSV with commas, whose records end with CR, so that a line is a row of
        the sheet; and what else is known of it. `most`: only so many rows with text."""
        package = self._package
        with package.sound():
            sheet = Sheet(
                path=self.path,
                name=entry.name,
                strings=self._strings,
                formatters=self._formatters,
                allowance=package.allowance,
                uncomputed=self._uncomputed,
            )
            csv = SheetCsv(package.allowance)
            try:
                with package.open(entry.part) as xml:
                    for row, fields in islice(sheet.rows(xml), most):
                        csv.add(row, fields)
            except BoundError as error:
                raise sheet.refused(error) from error
            return csv.take(), sheet

    def _entries(self) -> list[SheetEntry]:
        """The sheets that hold cells, and what the workbook says of all of them."""
        parts = self._package.parts_of_type(self._book, "worksheet")
        entries: dict[str, SheetEntry] = {}

        def properties(attributes: dict[str, str]) -> None:
            self._since_1904 = attributes.get("date1904") in _TRUE

        def computing(attributes: dict[str, str]) -> None:
            self._uncomputed = attributes.get("fullCalcOnLoad") in _TRUE

        def sheet(attributes: dict[str, str]) -> None:
            key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            name = attributes.get("name", "")
            if len(name) > LONGEST_NAME or name.casefold() in entries:
                raise PartError(text("files.no_sheet_name", name=name[:40]))
            self._package.allowance.hold(_SHEET_HELD)
            if key in parts:  # else a sheet of charts or macros
                hidden = attributes.get("state", "visible") != "visible"
                entries[name.casefold()] = SheetEntry(name, parts[key], hidden)

        wanted = {
            "workbook/workbookPr": properties,
            "workbook/calcPr": computing,
            "workbook/sheets/sheet": sheet,
        }
        self._package.walk(self._book, wanted)
        return list(entries.values())

    @cached_property
    def _strings(self) -> list[str]:
        """The strings that sheets share, as fields of CSV."""
        part = self._package.part_of_type(self._book, "sharedStrings")
        if part is None:
            return []
        with self._package.open(part) as xml:
            return shared_strings(xml, self._package.allowance)

    @cached_property
    def _formatters(self) -> Mapping[str, CellFormatter | None]:
        """By the number of a cell's style: how its numbers look."""
        part = self._package.part_of_type(self._book, "styles")
        codes: dict[str, str] = {}
        used: list[str] = []

        def number_format(attributes: dict[str, str]) -> None:
            self._package.allowance.hold(_FORMAT_HELD)
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")

        def style(attributes: dict[str, str]) -> None:
            self._package.allowance.hold(_FORMAT_HELD)
            used.append(attributes.get("numFmtId", "0"))

        if part is not None:
            wanted = {"styleSheet/numFmts/numFmt": number_format, "styleSheet/cellXfs/xf": style}
            self._package.walk(part, wanted)
        formatters = {number: self._formatter(number, codes) for number in set(used)}
        return {str(at): formatters[number] for at, number in enumerate(used)}

    def _formatter(self, number: str, codes: Mapping[str, str]) -> CellFormatter | None:
        """How cells of a number format look. Raises PartError for one that is none."""
        code = codes[number] if number in codes else index(number)
        if isinstance(code, str) and len(code) > LONGEST_CODE:
            raise PartError(
                text(
                    "files.number_format",
                    format=number[:20],
                    length=len(code),
                    most=LONGEST_CODE,
                )
            )
        return number_formats.formatter(code, since_1904=self._since_1904)


def protected(file_bytes: FileBytes) -> bool:
    """Whether a file in the format before .xlsx wraps a workbook with a password."""
    return "EncryptedPackage".encode("utf-16-le") in file_bytes.span(0, 1 << 20)
