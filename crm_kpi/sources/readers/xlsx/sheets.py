"""The sheets of one workbook: which of them are read, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.io.magic import LENGTH, Magic, magic
from crm_kpi.sources.readers.xlsx.legacy_workbook import LegacyWorkbook, is_legacy_archive
from crm_kpi.sources.readers.xlsx.sheet_xml import Sheet
from crm_kpi.sources.readers.xlsx.sheets_of_book import SheetEntry, listed, sheets_like
from crm_kpi.sources.readers.xlsx.workbook import Workbook, protected

USUAL = 512 << 20
"""Bytes that the largest of usual workbooks take."""
HEAD = 100
"""Rows of a sheet that are looked at to see what is in it."""
MOST_SHEETS = 1000
"""Sheets of a workbook that are looked through."""

HeadersOf = Callable[[FileBytes], tuple[str, ...] | None]


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
        self, wanted: str | int | None, headers: HeadersOf, option: str
    ) -> tuple[list[SheetEntry], Message | None]:
        """The sheets that are wanted, by a name, a pattern or a position; without a wish the one
        that fits, hidden ones last, or all that fit where they have the same headers.

        Beside them stands what is worth saying about the choice. `headers` gives those of a sheet
        that has what is needed, else None; `option` is the config key that names a sheet.
        Raises UsageError for a sheet that the workbook lacks, DataError where several fit that
        are no one table: one of twelve months would be a wrong number.
        """
        if wanted is not None:
            like = sheets_like(self._book.path, self._book.sheets, wanted)
            if len(like) == 1:
                return like, None
            return like, text("files.sheets_as_one", sheets=listed([one.name for one in like]))
        sheets = sorted(self._book.sheets, key=lambda sheet: sheet.hidden)
        if len(sheets) == 1:
            return sheets, None
        if len(sheets) > MOST_SHEETS:
            raise DataError(
                text("files.many_sheets", path=self._file_bytes.path, count=len(sheets)),
                hint=text("files.name_sheet", option=option, sheet=sheets[0].name),
            )
        fits = {sheet: found for sheet in sheets if (found := headers(self._head(sheet)))}
        fitting = [*fits] or sheets[:1]
        chosen, *others = fitting
        first = chosen == self._book.sheets[0]
        note = None if first else text("files.sheet", sheet=chosen.name)
        visible = [sheet for sheet in fitting if not sheet.hidden]
        names = [sheet.name for sheet in visible]
        if len(visible) > 1:
            if len({fits[sheet] for sheet in visible}) == 1:
                visible.sort(key=self._book.sheets.index)
                names = [sheet.name for sheet in visible]
                return visible, text("files.sheets_as_one", sheets=listed(names))
            raise DataError(
                text("files.several_sheets", path=self._file_bytes.path, sheets=listed(names)),
                hint=text("files.name_sheets", option=option, sheet=chosen.name),
            )
        if others:
            hidden = ", ".join(sheet.name for sheet in others)
            note = text("files.sheet_alone", sheet=chosen.name, others=hidden)
        return [chosen], note

    def all(self, headers: HeadersOf) -> tuple[list[SheetEntry], Message | None]:
        """The sheets that have what is needed, and those that are not read as they lack it."""
        sheets = [sheet for sheet in self._book.sheets if headers(self._head(sheet))]
        lacking = [sheet.name for sheet in self._book.sheets if sheet not in sheets]
        if not sheets:
            return [*self._book.sheets], None
        return sheets, text("files.sheets_not_read", sheets=listed(lacking)) if lacking else None

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
