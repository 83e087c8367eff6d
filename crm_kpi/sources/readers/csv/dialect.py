"""How a CSV file is written: its header line, its delimiter, its line ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import joined, one_of, text
from crm_kpi.sources.io.encodings import UTF16, holds_nul, not_utf8
from crm_kpi.sources.io.file_bytes import BOM, FileBytes
from crm_kpi.sources.readers.csv import two_rows
from crm_kpi.sources.readers.csv.layout import (
    DELIMITERS,
    MOST_TITLES,
    SAMPLE,
    HeaderScore,
    HeaderShape,
    RecordLine,
    check_utf8,
    fields,
    filled,
    header,
    header_shape,
    line_ends,
    separator,
)

LONGEST_HEADER = 4 << 20
"""Bytes, with what stands above it."""
_OTHERS = {b"<": ("HTML", "XML"), b"{": ("JSON",), b"[": ("JSON",), b"%PDF": ("PDF",)}
"""How files begin that are no table of text, and what they may be."""


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
    above: int = 0
    """Records above the header, or above the first one of a file without: titles, empty lines."""
    titles: int = 0
    """The last line of the titles; 0 where there are none but empty lines."""
    separator: str | None = None
    """The delimiter, where it was found out and is no comma."""
    padding: int = 0
    """Fields at the end of each record that the header line lacks; empty in all rows."""
    indexed: bool = False
    """The first field of each record is its number."""
    short: bool = False
    """The header line lacks a field for that number."""
    merged: bool = False
    """The header is two rows, whose names are joined."""


def sniff(
    file_bytes: FileBytes,
    *,
    delimiter: str | None,
    has_header: bool,
    recognised: Callable[[Sequence[str]], int],
) -> Dialect:
    """Read the first records, and let the header decide.

    Without a declared delimiter, the one whose fields hold the most names that
    `recognised` counts wins; more than one such is an error, never a guess.
    """
    _check(file_bytes.path, delimiter)
    head = file_bytes.span(0, LONGEST_HEADER)
    if head.startswith(UTF16):
        raise not_utf8(file_bytes.path, head, 0, 1)
    begin = len(BOM) if head.startswith(BOM) else 0
    first = _beginning(file_bytes.path, head, begin)
    declared = delimiter or separator(first[0].text)
    tables = first[1:] if declared and not delimiter and len(first) > 1 else first
    place, known = header(tables, declared, recognised) if has_header else (0, 0)
    top = tables[place]
    if has_header and not known:
        _refuse_other(file_bytes.path, head[first[0].begin :])
    check_utf8(file_bytes.path, head, top.end)
    line = head.count(top.eol, 0, top.begin) + 1
    if b"\0" in head[: top.end]:
        raise holds_nul(file_bytes.path, head, head.index(b"\0"), line)
    score = recognised if has_header else len
    mark, names = _split(file_bytes.path, top.text.rstrip("\r"), declared, score, line)
    eol = top.eol.decode()
    pair = _two_rows(head, tables[max(0, place - 1) : place + 2], top, mark, recognised)
    if has_header and pair is not None:
        top, last, names = pair
        check_utf8(file_bytes.path, head, last.end)
        line = head.count(top.eol, 0, top.begin) + 1
    else:
        last = top
    above = line_ends(head[begin : top.begin], None)
    titles = line - 1 if top is not first[0] else 0
    guessed = None if delimiter or mark == "," else mark
    if not has_header:
        return Dialect(
            mark, eol, (), len(names), top.begin, line - 1, above, titles, separator=guessed
        )
    shape = _shape(head, last, mark, tuple(name.strip() for name in names))
    return Dialect(
        mark,
        eol,
        shape.headers,
        len(shape.headers),
        last.end,
        lines=head.count(top.eol, 0, last.end) + (not head.endswith(top.eol, 0, last.end)),
        above=above,
        titles=titles,
        separator=guessed,
        padding=shape.padding,
        indexed=shape.indexed,
        short=shape.short,
        merged=last is not top,
    )


def _two_rows(
    head: bytes,
    near: Sequence[RecordLine],
    top: RecordLine,
    mark: str,
    recognised: HeaderScore,
) -> tuple[RecordLine, RecordLine, list[str]] | None:
    """The two records that are one header, and their names: the one that was taken for it, and
    one right below or above it."""
    pairs = [pair for pair in pairwise(near) if top in pair]
    for first, last in reversed(pairs):
        if first.end != last.begin or last.eol != first.eol:
            continue
        upper, lower = (fields(record.text.rstrip("\r"), mark) for record in (first, last))
        rows = (fields(row.text, mark) for row in _below(head, last))
        names = two_rows.joined(upper, lower, rows, lambda name: recognised([name]) > 0)
        if names is not None:
            return first, last, [*names]
    return None


def _below(head: bytes, top: RecordLine) -> Iterator[RecordLine]:
    """The first rows below a header, but those that `head` may cut off."""
    for row in islice(filled(head, top.end, top.eol), SAMPLE):
        if row.end < LONGEST_HEADER:
            yield row


def _beginning(path: str, head: bytes, begin: int) -> Sequence[RecordLine]:
    """The first records that are not blank."""
    found = list(islice(filled(head, begin), 1 + MOST_TITLES))
    if found and not (found[0].end == len(head) == LONGEST_HEADER):
        return found
    if not head[begin:].strip():
        raise DataError(text("files.empty", path=path), hint=text("files.header_needed"))
    blank = len(head) - len(head[begin:].lstrip())
    raise broken_quotes(path, head.count(b"\n", 0, blank) + 1)


def _check(path: str, delimiter: str | None) -> None:
    if delimiter is None:
        return
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise UsageError(
            text("files.no_delimiter", path=path, delimiter=delimiter),
            hint=text("files.write_delimiter"),
        )


def delimiter_name(mark: str) -> str:
    """A delimiter as a message shows it."""
    return text("files.tab") if mark == "\t" else mark


class BrokenQuotes(DataError):
    """A quotation mark where none can stand: nobody can tell where records end."""


def broken_quotes(path: str, line: int) -> BrokenQuotes:
    return BrokenQuotes(
        text("files.broken_quoting", path=path, line=line), hint=text("files.double_quotes")
    )


def _split(
    path: str, record: str, declared: str | None, score: HeaderScore, line: int
) -> tuple[str, list[str]]:
    """The delimiter that wins, and the fields that it makes of the header."""
    # A file of one column has no delimiter; a comma then stands for none.
    there = [mark for mark in DELIMITERS if mark in record] or [","]
    candidates = {mark: fields(record, mark) for mark in ([declared] if declared else there)}
    split = {mark: names for mark, names in candidates.items() if names}
    if not split:
        raise broken_quotes(path, line)
    scores = {mark: score(names) for mark, names in split.items()}
    best = [mark for mark in split if scores[mark] == max(scores.values())]
    if len(best) > 1:
        marks = joined(map(delimiter_name, best), text("general.or"))
        raise DataError(
            text(
                "files.which_delimiter", path=path, line=line, delimiters=marks, header=record[:80]
            ),
            hint=text("files.declare_delimiter"),
        )
    return best[0], split[best[0]]


def _refuse_other(path: str, head: bytes) -> None:
    """Raises DataError for a file that is something else under a name of a table."""
    kinds = next((names for first, names in _OTHERS.items() if head.startswith(first)), None)
    if kinds:
        raise DataError(
            text("files.other_kind", path=path, kind=one_of(kinds)), hint=text("files.save_as_csv")
        )


def _shape(head: bytes, top: RecordLine, mark: str, headers: tuple[str, ...]) -> HeaderShape:
    """What the first rows say about the header."""
    return header_shape(headers, [fields(row.text, mark) for row in _below(head, top)])
