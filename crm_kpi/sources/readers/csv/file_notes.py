"""What was assumed, skipped or noticed: each in a sentence, and the most important in few words.

The sentences stand in the JSON and under -v; the few words make one line on stderr.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from crm_kpi.tables import Kind, Table, day

if TYPE_CHECKING:
    from crm_kpi.sources.readers.csv.csv_file import CsvFile

EPOCH = date(1970, 1, 1)
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


def of_file(file: CsvFile, skips: Mapping[int, str]) -> list[str]:
    """Whole sentences about a file. `skips` are its records that are no rows,
    but for empty lines, and why."""
    dialect, blob, path = file.dialect, file.blob, file.path
    notes = []
    if blob.packing:
        notes.append(f"{path}: unpacked from {blob.packing}")
    if blob.encoding:
        notes.append(f"{path}: decoded from {blob.encoding}")
    if blob.escaped:
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
    blank = file.blank + (0 if dialect.titles else dialect.above)
    if blank:
        notes.append(f"{path}: {blank} empty lines skipped")
    repeated = [row for row, why in skips.items() if why == REPEATED]
    if repeated:
        lines = ", ".join(map(str, file.lines(repeated[:_SHOWN])))
        more = f" and {len(repeated) - _SHOWN} more" if len(repeated) > _SHOWN else ""
        notes.append(f"{path}: header repeated on line {lines}{more}, skipped")
    for row, why in skips.items():
        if why != REPEATED:
            notes.append(f"{path}:{file.lines([row])[0]}: below the table, skipped: {why[:80]!r}")
    if file.proof.records and not file.proof.final_newline:
        notes.append(f"{path}: no line end after the last record")
    if file.proof.control_characters:
        notes.append(f"{path}: holds control characters, as text read in a wrong encoding")
    if file.proof.old_vietnamese:
        notes.append(f"{path}: has words as old Vietnamese fonts (TCVN3) write them; not decoded")
    return notes


def in_short(file: CsvFile, skips: Mapping[int, str]) -> list[str]:
    """What everybody should know of a file, in few words each."""
    dialect, found = file.dialect, []
    if file.blob.encoding:
        found.append(file.blob.encoding.upper())
    if file.blob.escaped:
        found.append('\\" for quotation marks')
    if dialect.separator:
        found.append(f"{_mark(dialect.separator)} between fields")
    if dialect.titles:
        found.append("title lines skipped")
    if dialect.indexed and dialect.short:
        found.append("first column without header")
    if file.proof.control_characters or file.proof.old_vietnamese:
        found.append("text looks wrongly decoded")
    whys = set(skips.values())
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


def observed(frame: pl.DataFrame, table: Table, as_of: date) -> list[str]:
    notes = []
    for column in table.columns:
        name = day(column.name) if column.kind is Kind.TIME else column.name
        if column.kind not in (Kind.DATE, Kind.TIME) or name not in frame.columns:
            continue
        days = frame[name]
        first, last = days.min(), days.max()
        if column.name != table.at and isinstance(first, date) and first < EPOCH:
            notes.append(f"{column.name}: {_rows(days < EPOCH)} before 1970")
        if isinstance(last, date) and last > as_of:
            notes.append(f"{column.name}: {_rows(days > as_of)} after {as_of}")
    if table.name == "customers":
        alike = _alike(frame["customer_id"])
        if alike:
            notes.append(f"customer_id: {alike} ids are another one but for case or Unicode form")
    return notes


def _alike(ids: pl.Series) -> int:
    """How many ids are another one's if case and Unicode form do not count."""
    folded = ids.str.to_lowercase()
    if (ids.str.len_bytes() != ids.str.len_chars()).any():
        folded = folded.str.normalize("NFKC")
    return ids.hash().n_unique() - folded.hash().n_unique()


def _rows(mask: pl.Series) -> str:
    count = mask.sum()
    return "1 row" if count == 1 else f"{count} rows"
