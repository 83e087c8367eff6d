"""The files of one run: each opened, proved and parsed once, whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import text
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.file_bytes import FileBytes, expand, read
from crm_kpi.sources.io.magic import LENGTH, Magic, magic
from crm_kpi.sources.io.read_progress import Progress
from crm_kpi.sources.mapping import headers, presets
from crm_kpi.sources.names import key
from crm_kpi.sources.query import Query
from crm_kpi.sources.readers import html_table
from crm_kpi.sources.readers.csv import wrapped
from crm_kpi.sources.readers.csv.csv_file import CsvFile
from crm_kpi.sources.readers.csv.dialect import Dialect, sniff
from crm_kpi.sources.readers.databases import database
from crm_kpi.sources.readers.databases.database import DatabaseRows
from crm_kpi.sources.readers.parquet import ParquetFile
from crm_kpi.sources.readers.xlsx.sheet_file import SheetFile
from crm_kpi.sources.readers.xlsx.sheets import Sheets
from crm_kpi.sources.spec import DerivedColumn, Preset, RequestHeaders, SourceSpec
from crm_kpi.sources.tabular_file import TabularFile
from crm_kpi.tables import TABLES, Table

EncodedPath = tuple[str, str | None, RequestHeaders]
"""A path, the encoding that is declared for it, and how an address is asked."""


class Session:
    """Opens files within `budget`, and tells `progress` how far they have been read."""

    def __init__(
        self, budget: MemoryBudget | None = None, progress: Progress | None = None
    ) -> None:
        self.budget = budget or MemoryBudget.of(None)
        self.progress = progress or Progress()
        self._blobs: dict[EncodedPath, FileBytes] = {}
        self._sheets: dict[EncodedPath, Sheets] = {}
        self._pages: dict[EncodedPath, tuple[FileBytes, int]] = {}
        self._queries: dict[Query, DatabaseRows] = {}
        self._files: dict[tuple[EncodedPath, str, Dialect | None], TabularFile] = {}

    def paths(self, spec: SourceSpec) -> list[str]:
        """The names of everything that the source reads."""
        return [spec.query.name] if spec.query else expand(spec.paths)

    def open(self, path: str, table: Table, spec: SourceSpec) -> TabularFile:
        """The file as this source reads it, of a workbook the first sheet that is read; the same
        object for the same reading."""
        return self.open_all(path, table, spec)[0]

    def open_all(self, path: str, table: Table, spec: SourceSpec) -> list[TabularFile]:
        """The same with all sheets of a workbook that are read."""
        if spec.query is not None:
            if spec.query not in self._queries:
                self._queries[spec.query] = database.read(spec.query, self.budget.bytes)
            return [self._queries[spec.query]]
        place = path, spec.encoding, spec.request_headers
        file_bytes = self.file_bytes(*place)
        kind = magic(file_bytes.span(0, LENGTH))
        if kind in (Magic.ZIP, Magic.OLE):
            return self._sheets_read(place, file_bytes, table, spec)
        wanted = spec.sheet if spec.sheets is None else spec.sheets
        if wanted is not None and not any(self._is_workbook(p, spec) for p in self.paths(spec)):
            option = "sheet" if spec.sheets is None else "sheets"
            raise UsageError(
                text("mapping.no_workbook", path=path, sheet=wanted),
                hint=text("mapping.leave_out_sheet", table=table.name, option=option),
            )
        if kind is Magic.PARQUET:
            if (place, kind, None) not in self._files:
                self._files[place, kind, None] = ParquetFile(file_bytes, self.budget)
            return [self._files[place, kind, None]]
        if html_table.holds_table(file_bytes.span(0, html_table.HEAD)):
            return [self._web_page(place, file_bytes, table, spec)]
        dialect = _dialect(file_bytes, table, spec)
        return [self._files.setdefault((place, "", dialect), CsvFile(file_bytes, dialect))]

    def _is_workbook(self, path: str, spec: SourceSpec) -> bool:
        head = self.file_bytes(path, spec.encoding, spec.request_headers).span(0, LENGTH)
        return magic(head) in (Magic.ZIP, Magic.OLE)

    def _web_page(
        self, place: EncodedPath, file_bytes: FileBytes, table: Table, spec: SourceSpec
    ) -> TabularFile:
        if place not in self._pages:
            page = file_bytes.memory or b"".join(file_bytes.blocks())
            file_bytes.verify()
            csv, tables = html_table.as_csv(page, file_bytes.path)
            self._pages[place] = replace(file_bytes, memory=csv), tables
        content, tables = self._pages[place]
        dialect = _dialect(content, table, replace(spec, delimiter=","))
        file = html_table.HtmlFile(content, dialect, tables)
        return self._files.setdefault((place, "", dialect), file)

    def open_any(self, path: str) -> TabularFile:
        """A file of whatever table, by the reading of the first that can open it: they differ in
        delimiters alone.

        Raises:
            DataError: none can.
        """
        refusal: DataError | None = None
        for name, table in TABLES.items():
            try:
                return self.open(path, table, SourceSpec(name, (path,)))
            except DataError as error:
                if isinstance(error.__cause__, OSError):  # the file itself, whatever the table
                    raise
                refusal = error
        assert refusal is not None
        raise refusal

    def file_bytes(
        self, path: str, encoding: str | None, request_headers: RequestHeaders = ()
    ) -> FileBytes:
        """The bytes of a file, opened once."""
        place = path, encoding, request_headers
        if place not in self._blobs:
            file_bytes = read(path, encoding, self.budget, self.progress, request_headers)
            is_text = magic(file_bytes.span(0, LENGTH)) is None
            self._blobs[place] = wrapped.unwrapped(file_bytes, _knows) if is_text else file_bytes
        return self._blobs[place]

    def _sheets_read(
        self, place: EncodedPath, file_bytes: FileBytes, table: Table, spec: SourceSpec
    ) -> list[TabularFile]:
        """The sheets of a workbook that the source names, or that have the table's columns."""
        if place not in self._sheets:
            self._sheets[place] = Sheets(file_bytes, self.budget)
        sheets = self._sheets[place]
        spec = replace(spec, delimiter=",")

        def fitting(head: FileBytes) -> tuple[str, ...] | None:
            return _fitting_headers(head, table, spec)

        if spec.sheets is not None:
            named, note = sheets.all(fitting)
        else:
            named, note = sheets.choose(spec.sheet, fitting, f"sources.{table.name}.sheet")
        files = []
        for entry in named:
            csv, sheet = sheets.read(entry)
            dialect = _dialect(csv, table, spec)
            file = SheetFile(csv, dialect, entry.name, sheet, note, among=len(named) > 1)
            files.append(self._files.setdefault((place, entry.part, dialect), file))
        return files


def has_header(spec: SourceSpec) -> bool:
    """A file whose columns are all given by position has no header line."""
    positions = [isinstance(source, int) for source in spec.columns.values()]
    return not (positions and all(positions))


def named_headers(spec: SourceSpec) -> list[str]:
    """The headers that a source names."""
    named: list[str] = []
    for source in spec.columns.values():
        if isinstance(source, str):
            named.append(source)
        elif not isinstance(source, int):
            named += source.headers if isinstance(source, DerivedColumn) else source
    known = spec.preset.headers if isinstance(spec.preset, Preset) else ()
    return [*named, *spec.where, *spec.exclude, *known]


def _knows(names: Sequence[str]) -> bool:
    """Whether some table has two of the headers."""
    return any(headers.recognised(table, names, ()) > 1 for table in TABLES.values())


def _dialect(file_bytes: FileBytes, table: Table, spec: SourceSpec) -> Dialect:
    named = named_headers(spec)
    return sniff(
        file_bytes,
        delimiter=spec.delimiter,
        has_header=has_header(spec),
        recognised=lambda names: headers.recognised(table, names, named),
    )


def _fitting_headers(
    file_bytes: FileBytes, table: Table, spec: SourceSpec
) -> tuple[str, ...] | None:
    """The keys of the headers of a file in which every column can be found that the table must
    have; else None."""
    try:
        names = _dialect(file_bytes, table, spec).headers
    except DataError:
        return None
    named = [source for source in spec.columns.values() if isinstance(source, str)]
    if not all(headers.positions(names, name) for name in named):
        return None
    has = {
        name
        for name in table.names
        if name in spec.columns or name in spec.constants or headers.matches(table, name, names)
    }
    fits = presets.recognised(table.name, names) is not None or not table.lacking(has)
    return tuple(map(key, names)) if fits else None
