"""Single records of a file: the first ones, and those by number with where they stand."""

from __future__ import annotations

import re
from itertools import islice

from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv import layout
from crm_kpi.sources.readers.csv.dialect import Dialect
from crm_kpi.sources.readers.csv.structure import ByteRange, StructureScan, split_records

_SAMPLE, _HEAD = 20, 16 << 10
"""The first records that show how columns are written, and the bytes they are looked for in."""


def first_rows(file_bytes: FileBytes, dialect: Dialect) -> list[list[str]]:
    """The fields of the first records that are rows of the header's width."""
    eol = dialect.eol.encode()
    head = file_bytes.span(dialect.start, _HEAD)
    whole = head[: head.rfind(eol) + 1]
    first = [record.text for record in islice(layout.records(whole, 0, eol), _SAMPLE)]
    rows = [layout.fields(text.removesuffix("\r"), dialect.delimiter) for text in first]
    return [row for row in rows if len(row) == dialect.width and (*row,) != dialect.headers]


def first_records(file_bytes: FileBytes, dialect: Dialect, most: int) -> list[list[str]]:
    """The fields of the very first records, as far as they are short."""
    eol = dialect.eol.encode()
    head = file_bytes.span(dialect.start, _HEAD)
    whole = head[: head.rfind(eol) + 1]
    first = [record.text for record in islice(layout.records(whole, 0, eol), most)]
    return [layout.fields(text.removesuffix("\r"), dialect.delimiter) for text in first]


class RecordAccess:
    """Reads records by number. The range that one stands in is kept, as rows come in order."""

    def __init__(self, file_bytes: FileBytes, dialect: Dialect, proof: StructureScan) -> None:
        self._file_bytes, self._dialect, self._proof = file_bytes, dialect, proof
        self._held: tuple[ByteRange, list[int], list[bytes]] | None = None

    def line(self, row: int) -> int:
        """The line on which a record starts, counted from 1."""
        return self._find(row)[0]

    def raw(self, row: int) -> bytes:
        """The bytes of a record, without its line end."""
        return self._find(row)[1]

    def fields(self, row: int) -> tuple[str, ...]:
        """The texts of a record. Not by the csv module, which refuses fields of more than 128
        KiB."""
        mark = re.escape(self._dialect.delimiter)
        fields = re.findall(
            rf'(?:^|{mark})("(?:[^"]++|"")*+"|[^{mark}]*)',
            self.raw(row).decode().removesuffix("\r"),
        )
        return tuple(
            (f[1:-1].replace('""', '"') if f.startswith('"') else f).strip() for f in fields
        )

    def _find(self, row: int) -> tuple[int, bytes]:
        span, held = self._proof.span(row), self._held
        if held is None or held[0] is not span:
            eol = self._dialect.eol.encode()
            records = split_records(self._file_bytes.span(span.start, span.size), eol)
            lines = [span.line]
            for record in records:
                lines.append(lines[-1] + record.count(eol) + 1)
            # One assignment: several columns may ask at a time.
            held = self._held = (span, lines, records)
        return held[1][row - span.row], held[2][row - span.row]
