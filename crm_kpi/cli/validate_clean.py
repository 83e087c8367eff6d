"""`validate --clean DIR`: what was read, as CSV that every tool reads, and what was not.

Each table with our columns, ISO dates and plain numbers; a file that is no table as text;
`rejects.csv` with the rows left out. UTF-8, commas, every record as wide as the header.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crm_kpi.addresses import shown_path
from crm_kpi.cli.output import make_folder, opened
from crm_kpi.errors import Problem
from crm_kpi.records import record
from crm_kpi.render.as_csv import LEADING_COMMAND, SUSPECT, line, safe
from crm_kpi.tables import ROW, TABLES, Kind

if TYPE_CHECKING:
    import polars as pl

    from crm_kpi.sources import LoadedTable
    from crm_kpi.sources.mapping.session import Session

OPTION = "--clean"
REJECTS = "rejects"
COLUMNS = ("path", "line", "column", "value", "reason", "row")
_PACKED = (".gz", ".zst")
_SLICE = 100_000
"""Rows that are written at a time."""


@dataclass(frozen=True)
class TextFile:
    """A file that fits no table, read as text."""

    headers: tuple[str, ...]
    frame: pl.DataFrame
    problems: list[Problem]
    """Its records of another width than the header."""


def targets(folder: Path, tables: Iterable[str], others: Iterable[str]) -> dict[str, Path]:
    """Where each table, each other file and the rejected rows go.

    A file that is called like another one, or like a table, gets a number.
    """
    names = {name: name for name in (*tables, REJECTS)}
    taken = {name.casefold() for name in names}
    for path in others:
        stem = "stdin" if path == "-" else _stem(Path(shown_path(path)))
        tries = (f"{stem}-{number}" if number > 1 else stem for number in range(1, 1 << 30))
        names[path] = next(name for name in tries if name.casefold() not in taken)
        taken.add(names[path].casefold())
    return {what: folder / f"{name}.csv" for what, name in names.items()}


def _stem(path: Path) -> str:
    return path.with_suffix("").stem if path.suffix.lower() in _PACKED else path.stem


def as_text(path: str, session: Session) -> TextFile:
    """All fields of a file that fits no table.

    Raises:
        DataError: it cannot be read.
    """
    from crm_kpi.sources.tabular_file import ColumnRequest

    file = session.open_any(path)
    file.want(ColumnRequest(range(file.width)))
    frame = file.frame()
    ragged = {row: reason for reason, rows in file.faults.items() for row in rows}
    problems = []
    for row in sorted(ragged):
        record = line(file.contents([row])[0])
        problems.append(Problem(ragged[row], path, file.lines([row])[0], row=record))
    frame = frame.filter(~frame[ROW].is_in(list(ragged)))
    return TextFile(tuple(file.headers), frame.select(map(str, range(file.width))), problems)


def write(
    tables: Mapping[str, LoadedTable],
    texts: Mapping[str, TextFile],
    rejected: Iterable[Problem],
    places: Mapping[str, Path],
) -> None:
    """All files, each whole or not there.

    Raises:
        OutputError: one of them cannot be written.
    """
    make_folder(places[REJECTS].parent, OPTION)
    for name, loaded in tables.items():
        save(places[name], *_canonical(name, loaded))
    for path, text in texts.items():
        save(places[path], text.headers, text.frame)
    with opened(places[REJECTS], OPTION) as stream:
        stream.write(f"{line(COLUMNS)}\n")
        for problem in rejected:
            cells = record(problem) | {"row": problem.row}
            stream.write(f"{line(cells[name] for name in COLUMNS)}\n")


def _canonical(name: str, loaded: LoadedTable) -> tuple[list[str], pl.DataFrame]:
    """Our columns in our order; money is in the currency that it was converted to."""
    import polars as pl

    table = TABLES[name]
    frame = loaded.frame
    names = [column for column in table.names if column in frame.columns]
    if loaded.currency is not None and "currency" in names:
        frame = frame.with_columns(currency=pl.lit(loaded.currency))
    times = [c for c in names if table[c].kind is Kind.TIME]
    return names, frame.select(names).with_columns(
        pl.col(times).dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    )


def save(path: Path, headers: Sequence[str], frame: pl.DataFrame, option: str = OPTION) -> None:
    """A frame as CSV that a spreadsheet takes for nothing but cells.

    Raises:
        OutputError: it cannot be written.
    """
    import polars as pl

    for name, kind in frame.schema.items():
        if kind == pl.String:
            texts = frame[name]
            few = texts.filter(texts.str.contains(SUSPECT)).unique()
            if len(few):
                frame = frame.with_columns(texts.replace(few, pl.Series(map(safe, few))))
    if frame.width == 1:  # an empty line would be no record
        frame = frame.with_columns(pl.all().cast(pl.String).fill_null(""))
    first = frame.to_series(0)
    commands = first.dtype == pl.String and first.str.contains(LEADING_COMMAND).any()
    style: Literal["non_numeric", "necessary"] = "non_numeric" if commands else "necessary"
    with opened(path, option) as stream:
        stream.write(f"{line(headers)}\n")
        for part in frame.iter_slices(_SLICE):
            stream.write(part.write_csv(include_header=False, quote_style=style))
