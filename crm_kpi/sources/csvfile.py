"""One CSV file: opened, proved, parsed once, and asked for lines when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from functools import cached_property

import polars as pl

from crm_kpi.errors import IdentityError
from crm_kpi.sources import scan
from crm_kpi.sources.dialect import Dialect
from crm_kpi.sources.files import Blob
from crm_kpi.sources.proof import Proof, Span, prove, split_records

ROW = "\0row"
"""The column with a record's number: in its file, later among all records of its table. No
header is called so."""

TOO_FEW, TOO_MANY = "too few fields", "too many fields"


class CsvFile:
    """A file whose structure is proved on demand and whose text is parsed once.

    Blocks say what they need with `want` before any of them calls `frame`; the
    text is held until the last of them has had it.
    """

    def __init__(self, blob: Blob, dialect: Dialect) -> None:
        self.blob = blob
        self.dialect = dialect
        self._wanted: set[int] = set()
        self._readers = 0
        self._frame: pl.DataFrame | None = None
        self._proving: Future[Proof] | None = None
        self._held: tuple[Span, list[int], list[bytes]] | None = None

    @property
    def path(self) -> str:
        return self.blob.path

    @property
    def headers(self) -> tuple[str, ...]:
        return self.dialect.headers

    @cached_property
    def proof(self) -> Proof:
        """What was counted in the file. Raises DataError for what `prove` refuses."""
        return self._proving.result() if self._proving else prove(self.blob, self.dialect)

    def begin(self, pool: Executor) -> None:
        """Let `pool` prove the file while other files are parsed."""
        if self._proving is None:
            self._proving = pool.submit(prove, self.blob, self.dialect)

    @property
    def width(self) -> int:
        return self.dialect.width

    @property
    def size(self) -> int:
        return self.blob.size

    @property
    def sha256(self) -> str:
        return self.blob.sha256

    @property
    def records(self) -> int:
        """Numbers that rows can have, those of blank lines included."""
        return self.proof.records

    @property
    def skipped(self) -> int:
        return len(self.proof.blank)

    @property
    def notes(self) -> list[str]:
        notes = []
        if self.proof.records and not self.proof.final_newline:
            notes.append(f"{self.path}: no line end after the last record")
        if self.proof.blank:
            notes.append(f"{self.path}: {len(self.proof.blank)} empty lines skipped")
        if self.proof.control_characters:
            notes.append(f"{self.path}: holds control characters, as text read in a wrong encoding")
        return notes

    @property
    def faults(self) -> dict[str, list[int]]:
        """Rows of another width than the header's, by reason."""
        width = self.dialect.width
        ragged = self.proof.ragged.items()
        found = {
            TOO_FEW: [row for row, fields in ragged if fields < width],
            TOO_MANY: [row for row, fields in ragged if fields > width],
        }
        return {reason: rows for reason, rows in found.items() if rows}

    def want(self, positions: Iterable[int]) -> None:
        self._wanted |= set(positions)
        self._readers += 1

    def frame(self) -> pl.DataFrame:
        """The wanted columns, named by position, and `row`; without blank lines."""
        if self._frame is None:
            positions = sorted(self._wanted) or [0]
            try:
                frame = scan.scan(self.blob.source, self.dialect, positions)
            except pl.exceptions.PolarsError as error:
                # The proof, which may still be under way, says what is wrong and where.
                self.blob.verify()
                raise IdentityError(
                    f"{self.path}: {self.proof.records} records: {error}"
                ) from error
            self.blob.verify()
            if frame.height != self.proof.records:
                raise IdentityError(
                    f"{self.path}: {self.proof.records} records counted, {frame.height} parsed"
                )
            frame = frame.with_row_index(ROW)
            if self.proof.blank:
                blank = pl.Series(self.proof.blank, dtype=pl.UInt32)
                frame = frame.filter(~pl.col(ROW).is_in(blank.implode()))
            self._frame = frame
        frame, self._readers = self._frame, self._readers - 1
        if self._readers <= 0:
            self._frame = None
        return frame

    def lines(self, rows: Iterable[int]) -> list[int]:
        """The line on which each record starts, counted from 1."""
        return [self._record(row)[0] for row in rows]

    def contents(self, rows: Iterable[int]) -> list[tuple[str, ...]]:
        """All fields of each record, for the rows that cannot be told apart otherwise."""
        return [self._fields(self._record(row)[1]) for row in rows]

    def _record(self, row: int) -> tuple[int, bytes]:
        """Line and bytes of a record. The span it stands in is kept, as rows come in order."""
        span = self.proof.span(row)
        held = self._held
        if held is None or held[0] is not span:
            records = split_records(self.blob.span(span.start, span.size), self._eol)
            lines = [span.line]
            for record in records:
                lines.append(lines[-1] + record.count(self._eol) + 1)
            # One assignment: several columns may ask at a time.
            held = self._held = (span, lines, records)
        return held[1][row - span.row], held[2][row - span.row]

    @property
    def _eol(self) -> bytes:
        return self.dialect.eol.encode()

    def _fields(self, record: bytes) -> tuple[str, ...]:
        """Not by the csv module, which refuses fields of more than 128 KiB."""
        mark = re.escape(self.dialect.delimiter)
        fields = re.findall(
            rf'(?:^|{mark})("(?:[^"]|"")*"|[^{mark}]*)', record.decode().removesuffix("\r")
        )
        return tuple(
            (f[1:-1].replace('""', '"') if f.startswith('"') else f).strip() for f in fields
        )
