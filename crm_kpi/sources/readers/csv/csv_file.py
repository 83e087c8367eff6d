"""One CSV file: opened, proved, parsed once, and asked for lines when something is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Executor, Future
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from crm_kpi.errors import DataError, IdentityError
from crm_kpi.messages import Message, text
from crm_kpi.sources.io.file_bytes import FileBytes, unreadable
from crm_kpi.sources.parsing.text_ops import first_true
from crm_kpi.sources.readers.csv import file_notes, loose, scan, subheaders, total_lines, wrapped
from crm_kpi.sources.readers.csv.dialect import BrokenQuotes, Dialect
from crm_kpi.sources.readers.csv.footers import LONGEST, MOST, footers
from crm_kpi.sources.readers.csv.record_access import RecordAccess, first_records, first_rows
from crm_kpi.sources.readers.csv.structure import (
    StructureScan,
    are_blank,
    prove,
    split_records,
)
from crm_kpi.tables import ROW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crm_kpi.sources.tabular_file import CastPlan, ColumnRequest, FastPath

_PLACE = "\0place"
_LOOKED_AT = 100


class CsvFile:
    """A file whose structure is proved on demand and whose text is parsed once.

    Blocks say what they need with `want` before any of them calls `frame`; the
    text is held until the last of them has had it.
    """

    typed = False

    def __init__(self, file_bytes: FileBytes, dialect: Dialect) -> None:
        self.file_bytes = file_bytes
        self.dialect = dialect
        self._wanted: set[int] = set()
        self._fast_paths: dict[int, FastPath | None] = {}
        self._keys: set[int] = set()
        self._taken = 0
        self._blank = 0
        self._blank_of_width = pl.Series(dtype=pl.UInt32)
        self._skips: dict[int, str | None] = {}
        self._may_be_totals: list[int] = []
        self._within: set[int] = set()
        self._strays: list[int] = []
        self._readers = 0
        self._frame: pl.DataFrame | None = None
        self._proving: Future[StructureScan] | None = None

    @property
    def path(self) -> str:
        return self.file_bytes.path

    @property
    def name(self) -> str:
        return self.path

    @property
    def headers(self) -> tuple[str, ...]:
        return self.dialect.headers

    @cached_property
    def proof(self) -> StructureScan:
        """What was counted in the file. Raises DataError for what `prove` refuses.

        Where quoting is broken as the standard has it, marks may be escaped by backslashes.
        """
        try:
            return self._proving.result() if self._proving else prove(self.file_bytes, self.dialect)
        except BrokenQuotes as error:
            file_bytes = self.file_bytes.doubled()
            if file_bytes is None:
                raise
            try:
                proof = prove(file_bytes, self.dialect)
            except DataError:
                raise error from None
            self.file_bytes = file_bytes
            return proof

    def begin(self, pool: Executor) -> None:
        """Let `pool` prove the file while other files are parsed."""
        if self._proving is None or self._proving.cancelled():
            self._proving = pool.submit(prove, self.file_bytes, self.dialect)

    @property
    def held(self) -> int:
        return self.file_bytes.length

    @property
    def width(self) -> int:
        return self.dialect.width

    @property
    def size(self) -> int:
        return self.file_bytes.size

    @property
    def sha256(self) -> str:
        return self.file_bytes.sha256

    @property
    def records(self) -> int:
        """Numbers that rows can have, those of blank lines included."""
        return self.proof.records

    @property
    def above(self) -> int:
        """Records above the header."""
        return self.dialect.above

    @cached_property
    def titles(self) -> str:
        """The lines above the header, where they say something."""
        if not self.dialect.titles:
            return ""
        head = self.file_bytes.span(0, self.dialect.start).decode("utf-8", "replace")
        return "\n".join(head.splitlines()[: self.dialect.titles])

    @property
    def skipped(self) -> int:
        """Records that are no rows; known once `frame` was called, like `faults` and `notes`."""
        return self._blank + len(self._skips)

    @property
    def blank(self) -> int:
        """How many of them hold nothing."""
        return self._blank

    @property
    def totals(self) -> dict[int, tuple[str, ...]]:
        """Records that are totals of rows, skipped or not: their fields; known like `skipped`."""
        fields = {row: self._records.fields(row) for row in sorted(self._may_be_totals)}
        return {row: cells for row, cells in fields.items() if total_lines.label(cells, self._keys)}

    @property
    def passed_over(self) -> Collection[int]:
        """The records that are skipped for what they say."""
        return self._skips.keys()

    @property
    def notes(self) -> list[Message]:
        """What was assumed, skipped or noticed, in full."""
        return file_notes.of_file(self._facts)

    @property
    def assumed(self) -> list[Message]:
        """What of it everybody should know, in a few words each."""
        return file_notes.in_short(self._facts)

    @property
    def _facts(self) -> file_notes.FileFacts:
        proof = self.proof  # which may find that the bytes are to be read otherwise
        return file_notes.FileFacts(
            self.file_bytes,
            self.dialect,
            proof,
            self.blank,
            self._skips,
            self._within,
            self.lines,
        )

    @property
    def faults(self) -> dict[Message, pl.Series]:
        """Rows of another width than the header's, by reason."""
        width = self.dialect.width
        no_rows = list(self._skips)
        ragged = self.proof.ragged.filter(~_among("row", no_rows))
        strays = pl.Series(self._strays, dtype=pl.UInt32)
        few = ragged.filter(pl.col("fields") < width)["row"]
        many = ragged.filter(pl.col("fields") > width)["row"].append(strays).sort()
        whole = self._wrapped(few)
        few = few.filter(~few.is_in(whole.implode()))
        faults = {
            text("files.wrapped_row"): whole,
            text("files.too_few_fields"): few,
            text("files.too_many_fields"): many,
        }
        return {reason: rows for reason, rows in faults.items() if len(rows)}

    def _wrapped(self, rows: pl.Series) -> pl.Series:
        """Those of the records that are whole rows in quotation marks. Where none of the first
        is, none is."""
        first = rows[:_LOOKED_AT]
        if not any(map(self._is_wrapped, first)):
            return rows.clear()
        return rows.filter(pl.Series(map(self._is_wrapped, rows), dtype=pl.Boolean))

    def _is_wrapped(self, row: int) -> bool:
        return wrapped.is_wrapped(self._records.raw(row), self.dialect)

    def want(self, columns: ColumnRequest) -> None:
        """Say which columns will be read."""
        for position in columns.positions:
            fast_path = columns.fast_paths.get(position)
            same = self._fast_paths.get(position, fast_path) == fast_path
            self._fast_paths[position] = fast_path if same else None
            self._wanted.add(position)
        self._keys |= set(columns.keys)
        self._readers += 1

    def frame(self) -> pl.DataFrame:
        """The wanted columns, named by position, and `row`; without records that are no rows."""
        if self._frame is None:
            frame = self._no_rows(self._parsed())
            if frame.height + self.skipped != self.proof.records:
                raise IdentityError(
                    f"{self.path}: {frame.height} rows and {self.skipped} others are not "
                    f"{self.proof.records} records"
                )
            self._strays = self._astray(frame)
            self._frame = frame
        frame, self._readers = self._frame, self._readers - 1
        if self._readers <= 0:
            self._frame = None
        return frame

    def _parsed(self) -> pl.DataFrame:
        """The records with their numbers; without empty lines, if it is a loose file."""
        file_bytes, positions = self.file_bytes, sorted(self._wanted | set(self._added) or {0})
        casts = self.casts(self._fast_paths)
        if loose.is_loose(file_bytes, self.dialect):
            count = self.proof.records  # what is wrong with the file is told before it is parsed
            frame = loose.parse(self.file_bytes, self.dialect, count, positions, casts)
            self._taken = count - frame.height
            return frame
        try:
            frame = scan.scan(file_bytes.source, self.dialect, positions, casts)
        except OSError as error:
            raise unreadable(self.path, error) from error
        except pl.exceptions.PolarsError as error:
            # The proof, which may still be under way, says what is wrong and where.
            file_bytes.verify()
            if self.proof and self.file_bytes is file_bytes:
                raise IdentityError(
                    f"{self.path}: {self.proof.records} records: {error}"
                ) from error
            return self._parsed()
        file_bytes.verify()
        if self.proof and self.file_bytes is not file_bytes:
            return self._parsed()
        if frame.height != self.proof.records:
            raise IdentityError(
                f"{self.path}: {self.proof.records} records counted, {frame.height} parsed"
            )
        return frame.with_row_index(ROW)

    def sink(
        self, positions: Iterable[int], casts: Mapping[int, CastPlan], path: Path
    ) -> list[int]:
        """Parse columns into an IPC file, named by position, and beside them `ROW`; records that
        are no rows are there, too. Returns the columns that are not all written in their way."""
        try:
            odd = scan.sink(self.file_bytes.source, self.dialect, positions, casts, ROW, path)
        except OSError as error:
            raise unreadable(self.path, error) from error
        except pl.exceptions.PolarsError as error:
            raise IdentityError(f"{self.path}: {self.proof.records} records: {error}") from error
        self.file_bytes.verify()
        self._look_through(pl.scan_ipc(path, glob=False))
        lost = self.lost.implode()
        return [at for at, rows in odd.items() if not rows.is_in(lost).all()]

    def _look_through(self, stored: pl.LazyFrame) -> None:
        """Find the records that are no rows among those that may be."""
        names = [name for name in stored.collect_schema() if name.isdecimal()]
        types = dict(stored.select(names).collect_schema())
        empty = pl.all_horizontal(_is_empty(name, types[name]) for name in names)
        same = [pl.col(name) == self.headers[int(name)] for name in self._named(types)]
        again = pl.all_horizontal(same) if same else pl.lit(value=False)
        total = total_lines.may_be(self._keys, types) if self.width > 1 else None
        may_be = empty | again if total is None else empty | again | total
        few = stored.filter(may_be).select(ROW, *names).collect(engine="streaming")
        self._no_rows(few)
        records = stored.select(pl.len()).collect().item()
        if records != self.proof.records:
            raise IdentityError(
                f"{self.path}: {self.proof.records} records counted, {records} parsed"
            )

    @property
    def lost(self) -> pl.Series:
        """The records that are no rows, or have other fields."""
        skips = pl.Series(list(self._skips), dtype=pl.UInt32)
        blank = self.proof.blank.rows()
        return pl.concat([blank, self._blank_of_width, skips, *self.faults.values()]).unique()

    @property
    def regular(self) -> bool:
        """Whether each record has the fields of the header line, and no others."""
        return not self._added

    def casts(self, columns: Mapping[int, FastPath | None]) -> dict[int, CastPlan]:
        """How the first cells of plain columns are written, where that is in a plain way."""
        plain = {at: path for at, path in columns.items() if path and at not in self._added}
        if not plain:
            return {}
        rows = first_rows(self.file_bytes, self.dialect)
        casts = {}
        for at, fast_path in plain.items():
            cells = [row[at] for row in rows if row[at]]
            cast = fast_path.cast_plan(at, cells)
            # A repeated header must not pass for a value.
            if cast and not (self.headers and cast.takes(str(at), [self.headers[at]])):
                casts[at] = cast
        return casts

    @property
    def _added(self) -> range:
        """Positions of the fields that the header line lacks."""
        if self.dialect.short:
            return range(1)
        return range(self.width - self.dialect.padding, self.width)

    def _no_rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame without records that are no rows, which are noted. Few are looked at: those
        that may be."""
        if self.proof.blank and not self._taken:
            frame = frame.filter(~_among(ROW, self.proof.blank.rows()))
        # Columns that are rarely empty first: most often no row is left after one of them.
        texts = sorted(
            set(frame.columns) - {ROW}, key=lambda name: (frame[name].null_count(), name)
        )
        if self.width > 1:
            empty = _rows(frame, (_is_empty(name, frame.schema[name]) for name in texts))
            self._blank_of_width = self._blank_among(empty)
            if len(self._blank_of_width):
                frame = frame.filter(~_among(ROW, self._blank_of_width))
        self._blank = (self._taken or len(self.proof.blank)) + len(self._blank_of_width)
        skips = self._subheaders()
        named = self._named({name: frame.schema[name] for name in texts})
        if named:
            same = (pl.col(name) == self.headers[int(name)] for name in named)
            names = tuple(name for name in self.headers if name)
            for row in _rows(frame, same):
                cells = [cell for cell in self._records.fields(row) if cell]
                if (cells[0].removeprefix("\ufeff"), *cells[1:]) == names:
                    skips[row] = None
        skips |= self._footers(skips)
        within = self._lines_within(frame, skips)
        self._within = set(within)
        skips |= within
        self._skips = dict(sorted(skips.items()))
        return frame.filter(~_among(ROW, list(self._skips))) if self._skips else frame

    def _lines_within(self, frame: pl.DataFrame, skips: Mapping[int, str | None]) -> dict[int, str]:
        """Lines of totals and headings of groups within the table."""
        may_be = total_lines.may_be(self._keys, frame.schema) if self.width > 1 else None
        rows = [] if may_be is None else frame.filter(may_be)[ROW].to_list()
        found: dict[int, str] = {}
        self._may_be_totals = [row for row, words in skips.items() if words]
        above = first_rows(self.file_bytes, self.dialect) if rows else []
        for row in rows if len(rows) <= total_lines.MOST else ():
            if row in skips or self._is_wrapped(row):
                continue
            cells = self._records.fields(row)
            words = total_lines.label(cells, self._keys)
            if words is not None:
                self._may_be_totals.append(row)
                if total_lines.is_sure(words):
                    found[row] = words
            elif total_lines.heads_a_group(cells, self._keys, above):
                found[row] = next(filter(None, cells))
        return found

    def _subheaders(self) -> dict[int, str | None]:
        """Lines right below the header that explain it."""
        if not self.headers or self.width < 2:
            return {}
        head = first_records(self.file_bytes, self.dialect, subheaders.MOST)
        return dict.fromkeys(subheaders.of(head, self._keys), file_notes.SUBHEADER)

    def _blank_among(self, rows: pl.Series) -> pl.Series:
        """Those of the records that hold nothing in any column, read or not."""
        blank = [pl.Series(dtype=pl.UInt32)]
        while len(rows):
            span = self.proof.span(rows[0])
            raw = self.file_bytes.span(span.start, span.size)
            records = pl.Series(split_records(raw, self._eol), dtype=pl.Binary)
            here = rows.filter(rows < span.row + len(records))
            blank.append(here.filter(are_blank(records.gather(here - span.row))))
            rows = rows[len(here) :]
        return pl.concat(blank)

    def _named(self, types: Mapping[str, pl.DataType]) -> list[str]:
        """Columns of text in which a repeated header shows."""
        texts = [name for name, dtype in types.items() if dtype == pl.String and name != ROW]
        named = [name for name in texts if self.headers and self.headers[int(name)]]
        # In the first column a second byte order mark may stand.
        return [name for name in named if name != "0"] or named

    def _footers(self, skips: Collection[int]) -> dict[int, str]:
        """Lines below the table, none of which is long."""
        tail: list[tuple[int, tuple[str, ...]]] = []
        for row in reversed(range(max(0, self.records - MOST), self.records)):
            if len(self._records.raw(row)) > LONGEST:
                break
            cells = self._records.fields(row)
            if self._is_wrapped(row):
                cells *= self.width  # no footer, however few fields it has
            tail.append((row, () if row in skips else cells))
        return footers(tail[::-1], self.width, self._keys)

    def _astray(self, frame: pl.DataFrame) -> list[int]:
        """Rows with something in a field that the header line lacks, where all others have
        nothing: cells have moved. Raises DataError where rows in front do not count the rows."""
        if not self._added:
            return []
        sound = frame.with_row_index(_PLACE)
        sound = sound.filter(~_among(ROW, self.proof.ragged["row"]))
        if self.dialect.short:
            counted = sound["0"].str.strip_chars().cast(pl.Int64, strict=False)
            ahead = counted - sound[_PLACE]
            wrong = first_true((ahead != ahead.first()).fill_null(True))
            if wrong is not None:
                line = self.lines([sound[ROW][wrong]])[0]
                raise DataError(
                    text("files.uncounted_row", path=self.path, line=line),
                    hint=text("files.give_headers"),
                )
            return []
        added = [pl.col(str(place)).str.strip_chars() for place in self._added]
        filled = [cell.is_not_null() & (cell != "") for cell in added]
        return sound.filter(pl.any_horizontal(filled))[ROW].to_list()

    def lines(self, rows: Iterable[int]) -> list[int]:
        """The line on which each record starts, counted from 1."""
        return [self._records.line(row) for row in rows]

    def contents(self, rows: Iterable[int]) -> list[tuple[str, ...]]:
        """All fields of each record, for the rows that cannot be told apart otherwise. The number
        of a row in its file is not part of it."""
        found = [self._records.fields(row) for row in rows]
        return [("", *cells[1:]) for cells in found] if self.dialect.indexed else found

    @cached_property
    def _records(self) -> RecordAccess:
        proof = self.proof  # which may find that the bytes are to be read otherwise
        return RecordAccess(self.file_bytes, self.dialect, proof)

    @property
    def _eol(self) -> bytes:
        return self.dialect.eol.encode()


def _among(name: str, rows: Sequence[int] | pl.Series) -> pl.Expr:
    """Whether the number in a column is one of `rows`."""
    return pl.col(name).is_in(pl.Series(rows, dtype=pl.UInt32).implode())


def _rows(frame: pl.DataFrame, tests: Iterable[pl.Expr]) -> pl.Series:
    """The numbers of the rows that pass all tests."""
    for test in tests:
        frame = frame.filter(test)
        if frame.is_empty():
            break
    return frame[ROW]


def _is_empty(name: str, dtype: pl.DataType) -> pl.Expr:
    """Null, as a rule; quotation marks around nothing, or a blank, may stand there too."""
    cell = pl.col(name)
    if dtype != pl.String:
        return cell.is_null()
    return cell.is_null() | (cell == "") | cell.str.starts_with(" ")
