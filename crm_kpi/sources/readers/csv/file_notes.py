"""What was assumed, skipped or noticed: each in a sentence, and the most important in few words.

The sentences stand in the JSON and under -v; the few words make one line on stderr.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv.dialect import Dialect
from crm_kpi.sources.readers.csv.structure import StructureScan

REPEATED = "repeated header"
"""Why a record is no row; of a footer, this is its text."""

_EXAMPLE = date(2024, 12, 31)
_FOUND = re.compile(
    r"read as (.+), (?:which its rows prove|as [A-Z]{3} has no decimals)"
    r"|(preset \w+)\)\Z"
    r"|score is read from (the question .+), survey"
    r"|(times at .+ UTC days);"
    r"|(day and month may be swapped)"
)
_NAMES = {"\t": "tab"}
_SHOWN = 5


@dataclass(frozen=True)
class FileFacts:
    """What of a CSV file can be worth a note."""

    file_bytes: FileBytes
    dialect: Dialect
    proof: StructureScan
    blank: int
    """Records that hold nothing."""
    skips: Mapping[int, str]
    """Other records that are no rows, and why."""
    lines: Callable[[Sequence[int]], list[int]]
    """Where records stand."""


def of_file(facts: FileFacts) -> list[str]:
    """Whole sentences about a file."""
    dialect, file_bytes, skips, path = (
        facts.dialect,
        facts.file_bytes,
        facts.skips,
        facts.file_bytes.path,
    )
    notes = []
    if file_bytes.packing:
        notes.append(f"{path}: unpacked from {file_bytes.packing}")
    if file_bytes.encoding:
        notes.append(f"{path}: decoded from {file_bytes.encoding}")
    if file_bytes.escaped:
        notes.append(f"{path}: quotation marks within fields stand behind a backslash")
    if dialect.separator:
        notes.append(f"{path}: {_mark(dialect.separator)} between fields")
    if dialect.titles:
        lines = "line 1" if dialect.titles == 1 else f"lines 1-{dialect.titles}"
        notes.append(f"{path}: {lines} above the table skipped")
    if dialect.padding:
        notes.append(f"{path}: each record ends with {_fields(dialect.padding)} without header")
    if dialect.indexed:
        notes.append(f"{path}: the first column, without header, counts the records")
    blank = facts.blank + (0 if dialect.titles else dialect.above)
    if blank:
        notes.append(f"{path}: {blank} empty lines skipped")
    repeated = [row for row, why in skips.items() if why == REPEATED]
    if repeated:
        lines = ", ".join(map(str, facts.lines(repeated[:_SHOWN])))
        more = f" and {len(repeated) - _SHOWN} more" if len(repeated) > _SHOWN else ""
        notes.append(f"{path}: header repeated on line {lines}{more}, skipped")
    for row, why in skips.items():
        if why != REPEATED:
            notes.append(f"{path}:{facts.lines([row])[0]}: below the table, skipped: {why[:80]!r}")
    if facts.proof.records and not facts.proof.final_newline:
        notes.append(f"{path}: no line end after the last record")
    if facts.proof.control_characters:
        notes.append(f"{path}: holds control characters, as text read in a wrong encoding")
    if facts.proof.old_vietnamese:
        notes.append(f"{path}: has words as old Vietnamese fonts (TCVN3) write them; not decoded")
    return notes


def in_short(facts: FileFacts) -> list[str]:
    """What everybody should know of a file, in few words each."""
    dialect, found = facts.dialect, []
    if facts.file_bytes.encoding:
        found.append(facts.file_bytes.encoding.upper())
    if facts.file_bytes.escaped:
        found.append('\\" for quotation marks')
    if dialect.separator:
        found.append(f"{_mark(dialect.separator)} between fields")
    if dialect.titles:
        found.append("title lines skipped")
    if dialect.indexed and dialect.short:
        found.append("first column without header")
    if facts.proof.control_characters or facts.proof.old_vietnamese:
        found.append("text looks wrongly decoded")
    whys = set(facts.skips.values())
    if REPEATED in whys:
        found.append("repeated headers skipped")
    if whys - {REPEATED}:
        found.append("footer lines skipped")
    return found


def of_columns(notes: Iterable[str]) -> list[str]:
    """In few words how a program, dates and numbers were recognised, of the notes that say so.

    >>> of_columns(["date: read as %d/%m/%Y, which its rows prove"])
    ['dates day first (31/12/2024)']
    """
    ways = [way[way.lastindex or 0] for note in notes if (way := _FOUND.search(note))]
    return [_way(way) for way in dict.fromkeys(ways)]


def _way(way: str) -> str:
    if way.startswith("%"):
        first = "day" if way.find("%d") < way.find("%m") else "month"
        return f"dates {first} first ({_EXAMPLE:{way}})"
    return f"numbers as {way}" if way[0].isdigit() else way


def _mark(delimiter: str) -> str:
    return _NAMES.get(delimiter, delimiter)


def _fields(count: int) -> str:
    return "an empty field" if count == 1 else f"{count} empty fields"
