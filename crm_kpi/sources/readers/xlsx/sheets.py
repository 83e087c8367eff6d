"""The sheets of one workbook: which of them are read, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from glob import has_magic

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.io.magic import LENGTH, Magic, magic
from crm_kpi.sources.readers.xlsx.legacy_workbook import LegacyWorkbook, is_legacy_archive
from crm_kpi.sources.readers.xlsx.sheet_xml import Sheet
from crm_kpi.sources.readers.xlsx.sheets_of_book import SheetEntry, listed
from crm_kpi.sources.readers.xlsx.workbook import Workbook, protected
from crm_kpi.sources.unicode import normalized

USUAL = 512 << 20
"""Bytes that the largest of usual workbooks take."""
HEAD = 100
"""Rows of a sheet that are looked at to see what is in it."""
MOST_SHEETS = 1000
"""Sheets of a workbook that are looked through."""


def _memory(budget: MemoryBudget) -> int:
    """Bytes that a workbook may be held in: what was declared, else not more than usual ones."""
    return budget.bytes if budget.declared else min(budget.bytes, USUAL)


class Sheets:
    def __init__(self, file_bytes: FileBytes, budget: MemoryBudget) -> None:
        raw = file_bytes.memory or b"".join(file_bytes.blocks())
        file_bytes.verify()
        self._file_bytes = replace(file_bytes, memory=raw)
        archive = magic(raw[:LENGTH]) is Magic.ZIP
        if not archive and protected(file_bytes):
            raise DataError(
                text("files.protected", path=file_bytes.path), hint=text("files.save_unprotected")
            )
        kind = Workbook if archive and not is_legacy_archive(raw) else LegacyWorkbook
        self._book: Workbook | LegacyWorkbook = kind(self._file_bytes, _memory(budget))
        self._heads: dict[str, FileBytes] = {}
        self._read: dict[str, tuple[FileBytes, Sheet]] = {}

    def choose(
        self,
        wanted: str | int | None,
        every: bool,
        headers: Callable[[FileBytes], tuple[str, ...] | None],
        option: str,
    ) -> tuple[list[SheetEntry], Message | None]:
        """The sheets that are read: the one that is wanted, or all whose names a pattern such as
        `Tháng *` means; without a wish those that have the table's columns, hidden ones last.

        Beside them stands what is worth saying about the choice. Several without a wish are one
        table where all have the same headers. Raises UsageError for a sheet that the workbook
        lacks, DataError where several of other headers fit: one of them would be a wrong number.

        Args:
            every: all that have the columns are wanted, whatever their headers.
            headers: those of a sheet that has the table's columns; None for another.
            option: the config key that names a sheet.
        """
        if wanted is not None:
            return self._named(wanted), None
        sheets = sorted(self._book.sheets, key=lambda sheet: sheet.hidden)
        if len(sheets) == 1:
            return sheets, None
        if len(sheets) > MOST_SHEETS:
            raise DataError(
                text("files.many_sheets", path=self._file_bytes.path, count=len(sheets)),
                hint=text("files.name_sheet", option=option, sheet=sheets[0].name),
            )
        found = {sheet: headers(self._head(sheet)) for sheet in sheets}
        fitting = [sheet for sheet in sheets if found[sheet] is not None] or sheets[:1]
        visible = [sheet for sheet in fitting if not sheet.hidden]
        if len(visible) > 1:
            names = listed([sheet.name for sheet in visible])
            if not every and len({found[sheet] for sheet in visible}) > 1:
                raise DataError(
                    text("files.several_sheets", path=self._file_bytes.path, sheets=names),
                    hint=text("files.name_sheets", option=option, sheet=visible[0].name),
                )
            return visible, text("files.sheets_together", sheets=names)
        chosen, *others = fitting
        first = chosen == self._book.sheets[0]
        note = None if first else text("files.sheet", sheet=chosen.name)
        if others:
            hidden = ", ".join(sheet.name for sheet in others)
            note = text("files.sheet_alone", sheet=chosen.name, others=hidden)
        return [chosen], note

    def _named(self, wanted: str | int) -> list[SheetEntry]:
        if isinstance(wanted, str) and has_magic(wanted):
            pattern = normalized("NFC", wanted).casefold().strip()
            found = [
                sheet
                for sheet in self._book.sheets
                if fnmatchcase(normalized("NFC", sheet.name).casefold().strip(), pattern)
            ]
            if found:
                return found
        return [self._book.sheet(wanted)]

    def read(self, named: SheetEntry) -> tuple[FileBytes, Sheet]:
        """A sheet as CSV, and what else is known of it."""
        if named.part not in self._read:
            csv, sheet = self._book.read(named)
            self._read[named.part] = replace(self._file_bytes, memory=csv), sheet
        return self._read[named.part]

    def _head(self, named: SheetEntry) -> FileBytes:
        if named.part not in self._heads:
            csv, _ = self._book.read(named, most=HEAD)
            self._heads[named.part] = replace(self._file_bytes, memory=csv)
        return self._heads[named.part]
