"""Where in a file its table stands: the header among title rows, and how rows differ from it.

Exports put a report's name, a period and empty rows above the header, spreadsheets a line
`sep=;`. Of the first records, the header is the one that says most of what is known. A file
that begins with its header is read from there, whatever stands below.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from crm_kpi.sources.io.encodings import not_utf8

DELIMITERS = (",", ";", "\t", "|")
MOST_TITLES = 30
"""Records above the header, without empty ones."""
SAMPLE = 20
"""Records below the header that show how rows are written."""

HeaderScore = Callable[[Sequence[str]], int]
"""How many of the names say something."""

_LINE_END = {
    None: re.compile(rb"\r\n|\r|\n"),
    b"\n": re.compile(rb"\r?\n"),
    b"\r": re.compile(rb"\r"),
}
NOTHING = ' \t\r\n\u00a0,;|"'
"""The letters of a blank record."""
_EMPTY = rb'(?:[ \t,;|%b]|\xc2\xa0|"(?:[ \t,;|\r\n]|\xc2\xa0)*+")*+'
_BLANK_RECORDS = {
    None: re.compile(rb"(?:%b(?:\r\n|\r|\n))*+" % (_EMPTY % b"")),
    b"\n": re.compile(rb"(?:%b\n)*+" % (_EMPTY % rb"\r")),
    b"\r": re.compile(rb"(?:%b\r)*+" % (_EMPTY % rb"\n")),
}
"""Empty lines by what ends a line. Possessive, as each letter has one reading only."""
_SEP = re.compile(r'"?sep=(?P<mark>[,;|\t^~:])"?[,;|\t]*\s*', re.IGNORECASE)
_VALUE = re.compile(r"[\s.,:/%+-]*\d[\d\s.,:/%+-]*")
"""A number or a date: no name in a header."""


@dataclass(frozen=True)
class RecordLine:
    """One record of the beginning of a file, without its line end."""

    begin: int
    end: int
    """Where the next begins."""
    eol: bytes
    text: str

    @property
    def is_blank(self) -> bool:
        return is_blank(self.text)


def is_blank(text: str) -> bool:
    """Whether a record holds nothing but delimiters and empty fields.

    >>> is_blank(' ,"", ;'), is_blank('-,')
    (True, False)
    """
    return not text.strip(NOTHING)


def line_ends(text: bytes, eol: bytes | None) -> int:
    """The number of line ends that are not within quotation marks.

    >>> line_ends(b'a,"x\\ny"\\n\\n', b"\\n")
    2
    """
    if b'"' in text:
        text = b'"'.join(text.split(b'"')[::2])
    if eol is not None:
        return text.count(eol)
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def filled(head: bytes, begin: int, eol: bytes | None = None) -> Iterator[RecordLine]:
    """The records of `records` that are not blank; thousands of empty lines are passed at once."""
    while begin < len(head):
        blank = _BLANK_RECORDS[eol].match(head, begin)
        begin = blank.end() if blank else begin
        record = next(records(head, begin, eol), None)
        if record is None:
            return
        if not record.is_blank:
            yield record
        begin = record.end


def records(head: bytes, begin: int, eol: bytes | None = None) -> Iterator[RecordLine]:
    """The records from `begin` on whose end is in `head`, empty lines too. Where it is not known
    yet what ends a line, everything that may do it does.

    Bytes that are not UTF-8 are replaced: they are looked for elsewhere.
    """
    last = at = begin
    quotes = 0
    while at >= 0 and (line_end := _LINE_END[eol].search(head, at)):
        quotes += head.count(b'"', last, line_end.start())
        at = last = line_end.end()
        if quotes % 2:
            at = head.find(b'"', last)  # line ends before it are content
        else:
            end = b"\r" if line_end[0] == b"\r" else b"\n"
            text = head[begin : line_end.start()].decode(errors="replace")
            yield RecordLine(begin, last, end, text)
            begin = last
    quotes += head.count(b'"', last)
    if begin < len(head) and quotes % 2 == 0:
        yield RecordLine(begin, len(head), b"\n", head[begin:].decode(errors="replace"))


def fields(text: str, delimiter: str) -> list[str]:
    """The fields of a record; none where its quoting is broken."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def separator(text: str) -> str | None:
    """The delimiter that a first line `sep=;` declares, as Excel writes it."""
    found = _SEP.fullmatch(text)
    return found["mark"] if found else None


def header(
    candidates: Sequence[RecordLine], delimiter: str | None, score: HeaderScore
) -> tuple[int, int]:
    """Which of the first records is the header, and how many of its names are known.

    The first record is, unless it says less than a later one.

    A record of which more than half is known, or three names, is taken as soon as it comes, so
    that no rows are lost above another table below. Else the most telling one is taken.
    """
    best, most = 0, 0
    for place, record in enumerate(candidates[: MOST_TITLES + 1]):
        split = _split(record.text, delimiter)
        if place:
            split = [names for names in split if not any(map(_VALUE.fullmatch, names))]
        scored = [(score(names), names) for names in split]
        known, names = max(scored, key=itemgetter(0), default=(0, []))
        if known >= 3 or (known >= 2 and 2 * known > len(names)):
            return place, known
        if known > most:
            best, most = place, known
    return best, most


def _split(text: str, delimiter: str | None) -> list[list[str]]:
    """The names in a record, for each delimiter that it may have."""
    marks = [delimiter] if delimiter else [m for m in DELIMITERS if m in text] or [","]
    return [[name for cell in fields(text, mark) if (name := cell.strip())] for mark in marks]


@dataclass(frozen=True)
class HeaderShape:
    """How the rows differ from the header: not at all, by empty fields at their end, by the
    number of the row in front, or by both."""

    headers: tuple[str, ...]
    padding: int = 0
    """Fields at the end of each row that the header lacks, to be empty in all of them."""
    indexed: bool = False
    """The first field of each row is its number."""
    short: bool = False
    """The header has no field for that number."""


def header_shape(headers: tuple[str, ...], below: Sequence[list[str]]) -> HeaderShape:
    """Compare the header with the first rows below it: with most of them, as one may be cut or
    a footer."""
    rows = [row for row in below if len(row) > 1 and tuple(map(str.strip, row)) != headers]
    width, count = max(Counter(map(len, rows)).items(), key=itemgetter(1), default=(0, 0))
    if 2 * count <= len(rows):
        return HeaderShape(headers)
    counts = _counts(rows, width)
    rows = [row for row in rows if len(row) == width]
    more = width - len(headers)
    if more > 0 and not any(cell.strip() for row in rows for cell in row[-more:]):
        return HeaderShape((*headers, *[""] * more), padding=more)
    if more == 1 and len(rows) > 1 and counts:
        return HeaderShape(("", *headers), indexed=True, short=True)
    if more == -1 and not headers[-1]:
        return HeaderShape(headers[:-1])
    return HeaderShape(headers, indexed=not more and not headers[0] and counts)


def _counts(rows: Sequence[list[str]], width: int) -> bool:
    """Whether the first fields of rows as wide as that count the rows, from any number on: a
    table may go on in a second file."""
    first = [(place, row[0].strip()) for place, row in enumerate(rows) if len(row) == width]
    if not all(text.isascii() and text.isdigit() for _, text in first):
        return False
    return len({int(text) - place for place, text in first}) == 1


def check_utf8(path: str, head: bytes, end: int) -> None:
    """Raises DataError where the first `end` bytes are not UTF-8."""
    try:
        head[:end].decode()
    except UnicodeDecodeError as error:
        line = head.count(b"\n", 0, error.start) + 1
        raise not_utf8(path, head, error.start, line) from error
