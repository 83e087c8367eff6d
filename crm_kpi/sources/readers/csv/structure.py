"""Proof that a CSV file is what its parser will make of it.

Every record must have as many fields as the header, and quotation marks may
stand only where they open, close or double. With quoted spans taken out, what
is left of delimiters and line ends must be one pattern, repeated: that is
compared byte by byte, for the whole file, at a few hundred MB a second.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.messages import text
from crm_kpi.sources.io.encodings import holds_nul, not_utf8
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv.dialect import Dialect, broken_quotes
from crm_kpi.sources.readers.csv.layout import NOTHING, line_ends
from crm_kpi.sources.readers.csv.runs import Runs

LONGEST_RECORD = 16 << 20
"""Bytes. A quoted field that does not end before is taken for broken quoting."""

_NOTHING = NOTHING.encode()

_WIDE = 200
"""Fields. A regex that counts more of them in a record is too large to be quick."""

_RAGGED = pl.Schema({"row": pl.UInt32, "fields": pl.UInt32})

_RECORD = {
    b"\n": re.compile(rb'((?:[^"\n]++|"[^"]*+")*+)\n'),
    b"\r": re.compile(rb'((?:[^"\r]++|"[^"]*+")*+)\r'),
}
"""A record by what ends it. Possessive, as each letter has one reading only."""

_C1 = re.compile(rb"\xc2[\x80-\x9f]")
"""Control characters that appear when Windows text was decoded as Latin-1."""

_TCVN3 = re.compile(rb"[A-Za-z]\xc2[\xa8-\xac\xae\xb6\xb8\xb9\xbb-\xbe][a-z]")
"""Signs inside words, as in `V\xa8n` for V\u0103n: text of an old Vietnamese font, not decoded."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A run of whole records: where it stands in the file, and the number of its first record
    and line."""

    start: int
    size: int
    row: int
    line: int


@dataclass
class StructureScan:
    """What was counted: records without the header, blank lines included."""

    records: int = 0
    blank: Runs = field(default_factory=Runs)
    """Rows that hold nothing. Some of the header's width may be missing here; in a file of one
    column an empty line is an empty value."""
    odd: list[pl.DataFrame] = field(default_factory=list)
    """What `ragged` is of each chunk."""
    spans: list[ByteRange] = field(default_factory=list)
    final_newline: bool = True
    control_characters: bool = False
    old_vietnamese: bool = False

    @cached_property
    def ragged(self) -> pl.DataFrame:
        """Rows of another width than the header that hold something: `row` and its `fields`."""
        return pl.concat([pl.DataFrame(schema=_RAGGED), *self.odd])

    def span(self, row: int) -> ByteRange:
        return self.spans[bisect.bisect_right(self.spans, row, key=lambda span: span.row) - 1]


def prove(file_bytes: FileBytes, dialect: Dialect) -> StructureScan:
    """Count the file through. Raises DataError for bytes that are not UTF-8, for a NUL and for
    quoting that leaves open where records end."""
    proof = StructureScan()
    eol = dialect.eol.encode()
    structure = _Structure(dialect)
    line = dialect.lines + 1
    for start, chunk in whole_records(file_bytes, dialect):
        _check_text(file_bytes.path, chunk, line, proof)
        quoted = b'"' in chunk
        if quoted and structure.is_regular(chunk):
            records = line_ends = chunk.count(eol)
        else:
            if quoted and not structure.is_well_quoted(chunk):
                raise broken_quotes(
                    file_bytes.path, line + chunk.count(eol, 0, structure.blame(chunk))
                )
            proof.final_newline = chunk.endswith(eol)
            records = _count(chunk, structure, dialect, proof)
            line_ends = chunk.count(eol) if quoted else records
        proof.spans.append(ByteRange(start, len(chunk), proof.records, line))
        proof.records += records
        line += line_ends
    return proof


def _count(chunk: bytes, structure: _Structure, dialect: Dialect, proof: StructureScan) -> int:
    """The records of a chunk. Those of another width than the header are noted."""
    eol = dialect.eol.encode()
    if dialect.width > 1 and (count := blank_records(chunk, eol)):
        proof.blank.add(proof.records, count)
        return count
    widths = structure.widths(chunk)
    if isinstance(widths, int):
        return widths
    records = pl.Series(split_records(chunk, eol), dtype=pl.Binary)
    odd = pl.DataFrame({"fields": pl.Series(widths, dtype=pl.UInt32), "record": records})
    odd = odd.with_row_index("row", proof.records).filter(pl.col("fields") != dialect.width)
    blank = are_blank(odd["record"])
    proof.blank.extend(odd["row"].filter(blank))
    proof.odd.append(odd.select("row", "fields").filter(~blank).cast(_RAGGED))
    return len(records)


def are_blank(records: pl.Series) -> pl.Series:
    """Which of the records hold nothing; bytes that are no UTF-8 are something."""
    texts = records.cast(pl.String, strict=False)
    return (texts.str.strip_chars(NOTHING) == "").fill_null(value=False)


def blank_records(chunk: bytes, eol: bytes) -> int:
    """How many records a chunk has that holds nothing but blank ones; else 0."""
    if chunk[0] not in _NOTHING or chunk.strip(_NOTHING):
        return 0
    return line_ends(chunk, eol) + (not chunk.endswith(eol))


class _Structure:
    """The bytes of a file that make its records and fields."""

    def __init__(self, dialect: Dialect) -> None:
        delimiter, eol = dialect.delimiter.encode(), dialect.eol.encode()
        self._eol = eol
        self._others = bytes(set(range(256)) - set(delimiter + eol + b'"'))
        self._record = delimiter * (dialect.width - 1) + eol
        mark, end = re.escape(dialect.delimiter), r"\r?\n" if eol == b"\n" else r"\r"
        bare = f'[^"{mark}{dialect.eol}]*'
        line = rf'(?:"(?:[^"{dialect.eol}]|"")*"|{bare})'
        self._line = rf"\A(?:{line}(?:{mark}{line}){{{dialect.width - 1}}}{end})*\z"
        self._is_wide = dialect.width > _WIDE
        cell = rf'(?:"(?:[^"]|"")*"|{bare})'
        self._grammar = rf"\A{cell}(?:(?:{mark}|{end}){cell})*\r?\z"
        # Possessive, as each field has one reading only: it stops where a field has none.
        cell = rf'(?:"(?:[^"]|"")*+"|{bare}+)'
        self._prefix = re.compile(rf"(?:{cell}(?:{mark}|{end}))*+".encode())

    def is_regular(self, chunk: bytes) -> bool:
        """Whether each line is one well quoted record with as many fields as the header: one
        pass over the bytes says so in most files with quotation marks."""
        return not self._is_wide and _matches(chunk, self._line)

    def is_well_quoted(self, chunk: bytes) -> bool:
        """Whether each quotation mark opens a field, closes one, or is doubled in one."""
        return _matches(chunk, self._grammar)

    def blame(self, chunk: bytes) -> int:
        """Where the first field starts that is not well quoted."""
        found = self._prefix.match(chunk)
        return found.end() if found else 0

    def widths(self, chunk: bytes) -> int | list[int]:
        """The number of records when all are as wide as the header, else the fields of each."""
        marks = chunk.translate(None, self._others)
        if b'"' in marks:
            # Two marks in a row enclose nothing that counts, so they go first: few spans are left.
            marks = b"".join(marks.replace(b'""', b"").split(b'"')[::2])
        if not chunk.endswith(self._eol):
            marks += self._eol
        records, rest = divmod(len(marks), len(self._record))
        if not rest and marks == self._record * records:
            return records
        return [len(record) + 1 for record in marks.split(self._eol)[:-1]]


def _matches(chunk: bytes, regex: str) -> bool:
    """Whether the regex takes the whole chunk, by an engine that never backtracks."""
    return bool(pl.Series([chunk]).cast(pl.String).str.contains(regex).item())


def whole_records(file_bytes: FileBytes, dialect: Dialect) -> Iterator[tuple[int, bytes]]:
    """The data of the file in chunks that end where a record ends, and where each starts."""
    eol = dialect.eol.encode()
    start, rest, skip = dialect.start, b"", dialect.start
    quotes = 0
    for block in file_bytes.blocks():
        if skip >= len(block):
            skip -= len(block)
            continue
        new, skip = block[skip:], 0
        end, quotes = _last_end(new, eol, quotes)
        data = rest + new
        if end:
            end += len(rest)
            yield start, data[:end]
            start += end
        rest = data[end:]
        if len(rest) > LONGEST_RECORD:
            # First to be looked through for a quotation mark that never closes.
            yield start, rest
            raise DataError(
                text("files.long_record", path=file_bytes.path, most=LONGEST_RECORD >> 20),
                hint=text("files.no_table"),
            )
    if rest:
        yield start, rest


def _last_end(block: bytes, eol: bytes, quotes: int) -> tuple[int, int]:
    """Where the last record ends that ends within a block: after the last line end outside
    quotation marks; 0 if none does. And the marks from there to the end of the block.

    `quotes` are the marks of the record that has begun before the block.
    """
    end = block.rfind(eol) + 1
    if b'"' not in block:
        return (0, quotes) if quotes % 2 else (end, 0 if end else quotes)
    before = quotes + block.count(b'"', 0, end)
    after = block.count(b'"', end)
    while end and before % 2:
        # The line end is content of the field that the last mark before it has opened.
        mark = block.rfind(b'"', 0, end)
        there = block.rfind(eol, 0, max(mark, 0)) + 1
        moved = block.count(b'"', there, end)
        before, after, end = before - moved, after + moved, there
    return (end, after) if end else (0, before + after)


def _check_text(path: str, chunk: bytes, line: int, proof: StructureScan) -> None:
    nul = chunk.find(b"\0")
    if nul >= 0:
        raise holds_nul(path, chunk, nul, line + chunk.count(10, 0, nul))
    if chunk.isascii():
        return
    try:
        chunk.decode()
    except UnicodeDecodeError as error:
        there = line + chunk.count(b"\n", 0, error.start)
        raise not_utf8(path, chunk, error.start, there) from error
    if b"\xc2" in chunk:
        proof.control_characters = proof.control_characters or bool(_C1.search(chunk))
        proof.old_vietnamese = proof.old_vietnamese or bool(_TCVN3.search(chunk))


def split_records(chunk: bytes, eol: bytes) -> list[bytes]:
    """The records of a chunk, without their line ends."""
    if b'"' not in chunk:
        return chunk.removesuffix(eol).split(eol)
    whole = chunk if chunk.endswith(eol) else chunk + eol
    record, end = _RECORD[eol], 0
    records = []
    while match := record.match(whole, end):
        records.append(match[1])
        end = match.end()
    return records
