"""One sheet of a workbook, read as the CSV that `workbook` makes of it."""

from __future__ import annotations

import polars as pl

from crm_kpi.messages import Message, first_of, text
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv.csv_file import CsvFile
from crm_kpi.sources.readers.csv.dialect import Dialect
from crm_kpi.sources.readers.xlsx.cell_names import last_row
from crm_kpi.sources.readers.xlsx.sheet_xml import Sheet
from crm_kpi.tables import ROW

MERGED = 5
"""Merged cells that are named."""


class SheetFile(CsvFile):
    """Its lines are the rows of the sheet. `chosen` says why it is this sheet, if that is worth
    saying."""

    typed = True

    def __init__(
        self,
        file_bytes: FileBytes,
        dialect: Dialect,
        name: str,
        sheet: Sheet,
        chosen: Message | None,
        *,
        among: bool = False,
    ) -> None:
        """`among`: other sheets of the workbook are read, too."""
        super().__init__(file_bytes, dialect)
        self._among = among
        self.sheet = name
        self._sheet = sheet
        self._chosen = chosen
        self._rows: pl.Series | None = None

    @property
    def name(self) -> str:
        return f"{self.path} [{self.sheet}]" if self._among else self.path

    @property
    def notes(self) -> list[Message]:
        path = self.path
        header = self.dialect.lines if self.dialect.merged else 0
        merged = [cells for cells in self._sheet.merged if last_row(cells) > header]
        notes = [text("files.fault_of", path=path, why=self._chosen)] if self._chosen else []
        notes += super().notes
        if merged:
            cells = first_of(merged[:MERGED], len(merged) - MERGED)
            notes.append(text("files.merged_cells", path=path, cells=cells))
        if self._sheet.legacy:
            notes.append(text("files.legacy", path=path))
        if self._sheet.recomputed:
            notes.append(text("files.stale_formulas", path=path))
        return notes

    @property
    def assumed(self) -> list[Message]:
        told = [self._chosen] if self._chosen else []
        if self._sheet.legacy:
            told.append(text("files.legacy_short"))
        return [*told, *super().assumed]

    @property
    def faults(self) -> dict[Message, pl.Series]:
        """Beside those of every file: rows with an error in a cell that is read."""
        faults = super().faults
        taken = {row for rows in faults.values() for row in rows}
        errors: dict[str, list[int]] = {}
        for row, error in sorted(self._errors().items()):
            if row not in taken:
                errors.setdefault(error, []).append(row)
        for error, rows in errors.items():
            reason = text("files.error_in_cell", error=error)
            faults[reason] = pl.Series(rows, dtype=pl.UInt32)
        return faults

    def _errors(self) -> dict[int, str]:
        """The rows of the frame with an error, and the first error of each."""
        first = self.dialect.lines + 1
        read = [
            (line - first, error)
            for at in sorted(self._wanted)
            for line, error in self._sheet.errors.get(at, {}).items()
        ]
        there = set() if self._rows is None else set(self._rows)
        return {row: error for row, error in reversed(read) if row in there}

    def frame(self) -> pl.DataFrame:
        frame = super().frame()
        self._rows = frame[ROW] if self._sheet.errors else None
        return frame
