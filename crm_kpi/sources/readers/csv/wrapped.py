"""Rows that a spreadsheet has wrapped whole into quotation marks: `"a,b,c"` on each line.

Excel writes them so when a file was opened with all of a line in the first column. Quotation
marks within the row are doubled; taken off once, the row is what it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from crm_kpi.errors import DataError
from crm_kpi.messages import text
from crm_kpi.sources.io.file_bytes import BOM, FileBytes
from crm_kpi.sources.readers.csv.dialect import Dialect
from crm_kpi.sources.readers.csv.layout import DELIMITERS, SAMPLE, fields, filled
from crm_kpi.sources.readers.csv.structure import split_records, whole_records

_HEAD = 64 << 10
_WRAPPED = re.compile(rb'\s*"(?P<row>(?:[^"]++|"")*+)"[,;\t|]*+\s*')
"""One field in quotation marks, and what a spreadsheet puts behind it for empty cells."""


def row_within(record: bytes) -> bytes | None:
    """The row that is wrapped in a record; None where it is no such record.

    >>> row_within(b'"A,""x, y"",3"'), row_within(b'"A","B"')
    (b'A,"x, y",3', None)
    """
    found = _WRAPPED.fullmatch(record)
    return found["row"].replace(b'""', b'"') if found else None


def is_wrapped(record: bytes, dialect: Dialect) -> bool:
    """Whether a record of a file is a whole row of it in quotation marks."""
    row = row_within(record)
    return row is not None and dialect.width > 1 and _width(row, dialect.delimiter) == dialect.width


def unwrapped(file_bytes: FileBytes, knows: Callable[[Sequence[str]], bool]) -> FileBytes:
    """The same without the marks around its rows, where all of them are wrapped.

    `knows` says whether names are those of a table: below a line of words, sentences with
    commas in them are no rows.

    Raises DataError where some are and others are not: what a reader made of them would be right
    for the ones or the others.
    """
    head = file_bytes.span(0, _HEAD)
    if b'"' not in head:
        return file_bytes
    begin = len(BOM) if head.startswith(BOM) else 0
    first = list(islice(filled(head, begin), SAMPLE))
    records = [head[record.begin : record.end].strip(b"\r\n") for record in first]
    delimiter = _delimiter(records, knows)
    if delimiter is None:
        return file_bytes
    eol = first[0].eol.decode()
    plain = Dialect(delimiter, eol, (), 1, start=begin, lines=0)
    rows = file_bytes.taken(_rows(file_bytes, plain))
    file_bytes.verify()
    return replace(rows, unwrapped=True)


def _fields(record: bytes, delimiter: str) -> list[str]:
    return fields(record.decode(errors="replace").strip("\r\n"), delimiter)


def _width(record: bytes, delimiter: str) -> int:
    return len(_fields(record, delimiter))


def _delimiter(records: Sequence[bytes], knows: Callable[[Sequence[str]], bool]) -> str | None:
    """What separates the fields within wrapped rows; None where the header is no wrapped row, or
    no row below it is like it, wrapped or not."""
    for mark in DELIMITERS:
        told = [r for r in records if b'"' in r or mark.encode() in r]
        row = row_within(told[0]) if told else None
        names = _fields(row, mark) if row else []
        if len(names) < 2:
            continue
        # A row that is none in marks and wider than the names stands below words about it.
        wider = any(row_within(r) is None and _width(r, mark) > len(names) for r in told[1:])
        if (wider or told[0] is not records[0]) and not knows(names):
            continue
        widths = [_width(row_within(record) or record, mark) for record in told[1:]]
        if len(names) in widths or not widths:
            return mark
    return None


def _rows(file_bytes: FileBytes, dialect: Dialect) -> Iterator[bytes]:
    eol, mark = dialect.eol.encode(), dialect.delimiter.encode()
    line = 1
    for _, chunk in whole_records(file_bytes, dialect):
        rows: list[bytes] = []
        for record in split_records(chunk, eol):
            row = row_within(record)
            if row is None:
                if b'"' in record or (mark in record and record.strip(b' \r",;\t|')):
                    raise DataError(
                        text("files.partly_wrapped", path=file_bytes.path, line=line),
                        hint=text("files.unwrap"),
                    )
                row = record  # a title, a footer or nothing
            rows.append(row)
            line += record.count(eol) + 1
        yield b"".join(row + eol for row in rows)
