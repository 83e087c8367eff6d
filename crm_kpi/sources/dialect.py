"""How a CSV file is written: its header line, its delimiter, its line ends."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources.files import BLOCK, BOM, Blob, not_utf8

DELIMITERS = (",", ";", "\t", "|")
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
    head = blob.span(0, BLOCK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise not_utf8(blob.path, head, 0, 1)
    begin = len(BOM) if head.startswith(BOM) else 0
    eol = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
    lines = 0
    while (end := _line_end(head, begin, eol)) and not head[begin:end].strip():
        begin, lines = end, lines + 1
    if not end:
        raise DataError(f"{blob.path}: is empty", hint="a header line is needed at least")
    while head.count(b'"', begin, end) % 2:
        following = _line_end(head, end, eol)
        if not following:
            raise broken_quotes(blob.path, lines + 1)
        end = following
    try:
        text = head[begin:end].decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        line = lines + 1 + head.count(eol, begin, begin + error.start)
        raise not_utf8(blob.path, head, begin + error.start, line) from error
    fields = _split(blob.path, text, delimiter, recognised if has_header else len, lines + 1)
    mark = next(iter(fields))
    if not has_header:
        return Dialect(mark, eol.decode(), (), len(fields[mark]), begin, lines)
    headers = tuple(name.strip() for name in fields[mark])
    lines += head.count(eol, begin, end) + (not head.endswith(eol, begin, end))
    return Dialect(mark, eol.decode(), headers, len(headers), end, lines)


def broken_quotes(path: str, line: int) -> DataError:
    """A quotation mark where none can stand: nobody can tell where records end."""
    return DataError(
        f"{path}:{line}: broken quoting: a field that begins here has a stray quotation mark",
        hint='a field with quotation marks is written "with ""two"" of each"',
    )


def _line_end(data: bytes, begin: int, eol: bytes) -> int:
    """The first byte after the line that starts at `begin`; 0 at the end of the data."""
    if begin >= len(data):
        return 0
    found = data.find(eol, begin)
    return found + 1 if found >= 0 else len(data)


def _split(
    path: str,
    text: str,
    declared: str | None,
    score: Callable[[Sequence[str]], int],
    line: int,
) -> dict[str, list[str]]:
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
    return {best[0]: split[best[0]]}


def _fields(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return []
