"""How a CSV file is written: its header line, its delimiter, its line ends."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources.files import BOM, Blob, not_utf8

DELIMITERS = (",", ";", "\t", "|")
LONGEST_HEADER = 4 << 20
"""Bytes, with empty lines before it."""
_NAMES = {"\t": "tab"}


@dataclass(frozen=True)
class Dialect:
    """`headers` is empty for a file without header line; data begin at byte `start`, after
    `lines` lines."""

    delimiter: str
    eol: str
    headers: tuple[str, ...]
    width: int
    start: int
    lines: int


def sniff(
    blob: Blob,
    *,
    delimiter: str | None,
    has_header: bool,
    recognised: Callable[[Sequence[str]], int],
) -> Dialect:
    """Read the first record, and let it decide.

    Without a declared delimiter, the one whose fields hold the most names that
    `recognised` counts wins; more than one such is an error, never a guess.
    """
    head = blob.span(0, LONGEST_HEADER)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise not_utf8(blob.path, head, 0, 1)
    begin, end, eol = _first_record(blob.path, head)
    line = head.count(eol, 0, begin) + 1
    try:
        text = head[begin:end].decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        there = line + head.count(eol, begin, begin + error.start)
        raise not_utf8(blob.path, head, begin + error.start, there) from error
    mark, fields = _split(blob.path, text, delimiter, recognised if has_header else len, line)
    if not has_header:
        return Dialect(mark, eol.decode(), (), len(fields), begin, line - 1)
    headers = tuple(name.strip() for name in fields)
    lines = head.count(eol, 0, end) + (not head.endswith(eol, 0, end))
    return Dialect(mark, eol.decode(), headers, len(headers), end, lines)


def _first_record(path: str, head: bytes) -> tuple[int, int, bytes]:
    """Start and end of the first record that is no empty line, and what ends a line."""
    begin = last = len(BOM) if head.startswith(BOM) else 0
    quotes = 0
    for found in re.compile(rb"\r\n|\r|\n").finditer(head, begin):
        quotes += head.count(b'"', last, found.start())
        last = found.end()
        if quotes % 2:
            continue
        if head[begin : found.start()].strip():
            return begin, last, b"\r" if found[0] == b"\r" else b"\n"
        begin = last
    quotes += head.count(b'"', last)
    if not head[begin:].strip():
        raise DataError(f"{path}: is empty", hint="a header line is needed at least")
    if quotes % 2 or len(head) == LONGEST_HEADER:
        raise broken_quotes(path, head.count(b"\n", 0, begin) + 1)
    return begin, len(head), b"\n"


def broken_quotes(path: str, line: int) -> DataError:
    """A quotation mark where none can stand: nobody can tell where records end."""
    return DataError(
        f"{path}:{line}: broken quoting: a field that begins here has a stray quotation mark",
        hint='a field with quotation marks is written "with ""two"" of each"',
    )


def _split(
    path: str,
    text: str,
    declared: str | None,
    score: Callable[[Sequence[str]], int],
    line: int,
) -> tuple[str, list[str]]:
    """The delimiter that wins, and the fields that it makes of the first record."""
    if declared is not None:
        if len(declared) != 1 or not declared.isascii() or declared in '"\r\n':
            raise UsageError(
                f"{path}: {declared!r} cannot be a delimiter",
                hint="it is one character: , ; | or tab",
            )
        candidates = {declared: _fields(text, declared)}
    else:
        # A file of one column has no delimiter; a comma then stands for none.
        there = [mark for mark in DELIMITERS if mark in text] or [","]
        candidates = {mark: _fields(text, mark) for mark in there}
    split = {mark: fields for mark, fields in candidates.items() if fields}
    if not split:
        raise broken_quotes(path, line)
    scores = {mark: score(fields) for mark, fields in split.items()}
    best = [mark for mark in split if scores[mark] == max(scores.values())]
    if len(best) > 1:
        marks = " or ".join(_NAMES.get(mark, mark) for mark in best)
        raise DataError(
            f"{path}:{line}: the delimiter may be {marks}: {text[:80]!r}", hint="declare delimiter:"
        )
    return best[0], split[best[0]]


def _fields(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return []
