"""Which table a file is: the one whose columns its headers are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_kpi.errors import DataError
from crm_kpi.messages import text
from crm_kpi.sources.mapping import presets, survey_questions
from crm_kpi.sources.mapping.headers import listed, matches, positions, recognised
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.names import key
from crm_kpi.sources.readers.xlsx.sheet_file import SheetFile
from crm_kpi.sources.spec import DerivedColumn, Preset, SourceSpec
from crm_kpi.sources.tabular_file import TabularFile
from crm_kpi.tables import TABLES, Table

WISHED = {"transactions": ("customer_id",)}
"""Columns without which a table is read, but says nothing of customers: the wizard asks for them
where a header is spelled nearly like them."""


_FILES = {
    "customers": ("khachhang",),
    "transactions": ("donhang", "hoadon", "banhang", "trahang", "doanhthu", "order", "invoice"),
    "subscriptions": ("thuebao", "goicuoc"),
    "surveys": ("khaosat", "danhgia", "phieu", "response"),
    "tickets": ("yeucau", "khieunai"),
    "opportunities": ("cohoi", "deal"),
    "interactions": ("tuongtac",),
    "costs": ("chiphi", "expense"),
}
"""What files are called beside the names of our tables."""


LEAST = 2
"""Headers that have to say something, where none is written as we write it."""


@dataclass(frozen=True)
class Fit:
    """How well a file fits one table, by its headers."""

    table: str
    headers: tuple[str, ...]
    columns: dict[str, tuple[int, ...]]
    """Our column: the positions of the headers that can be it; without those that none can. None
    for a column that a preset makes from several."""
    score: int
    """How many headers say something in this table."""
    named: bool
    """The file is called like the table."""
    preset: Preset | None = None
    """What knows the file by its headers."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that no header can be."""
        return TABLES[self.table].lacking(self.columns)


def recognise(path: str, session: Session | None = None) -> str:
    """The name of the table with all its required columns in the file, and most others.

    With a `session`, which will read the file later, a pipe is read once.

    Raises:
        DataError: the file cannot be read, or fits no table.
    """
    best = fits(path, session)[0]
    if best.missing:
        raise fits_none(path, best.headers)
    return best.table


def fits(path: str, session: Session | None = None) -> list[Fit]:
    """How the file fits each table: those whose required columns it has first, the best first.

    A single header such as `date` says nothing, so two are needed, or one that is written as
    we write it.

    Raises:
        DataError: the file cannot be read.
    """
    session = session or Session()
    every: list[Fit] = []
    unreadable: DataError | None = None
    for name, table in TABLES.items():
        try:
            file = session.open(path, table, SourceSpec(name, (path,)))
        except DataError as error:
            if isinstance(error.__cause__, OSError):  # the file itself, whatever the table
                raise
            unreadable = error
            continue
        every.append(_fit(file, table))
    if not every:
        assert unreadable is not None
        raise unreadable
    return sorted(every, key=_rank)


def best_of(file: TabularFile) -> Fit | None:
    """The table that an opened file fits best; None for one without headers."""
    every = [_fit(file, table) for table in TABLES.values()] if file.headers else []
    return min(every, key=_rank, default=None)


def sheets(path: str) -> list[str]:
    """The tables that the sheets of a workbook are, where they are several.

    Each table is read from the sheet that has its columns, so that its name says which.
    """
    session = Session()
    best: dict[str, Fit] = {}
    for name, table in TABLES.items():
        try:
            file = session.open(path, table, SourceSpec(name, (path,)))
        except DataError:
            continue  # said by whoever reads the file as a whole
        if not isinstance(file, SheetFile):
            return []
        fit = _fit(file, table)
        if not fit.missing:
            best[file.sheet] = min(fit, best.get(file.sheet, fit), key=_rank)
    return [fit.table for fit in best.values()] if len(best) > 1 else []


def fits_none(path: str, headers: Sequence[str]) -> DataError:
    """The file with these headers is no table."""
    return DataError(
        text("mapping.fits_no_table", path=path, headers=listed(headers)),
        hint=text("mapping.name_table"),
    )


def _fit(file: TabularFile, table: Table) -> Fit:
    headers = file.headers
    columns = {name: tuple(at) for name in table.names if (at := matches(table, name, headers))}
    score = recognised(table, headers, ())
    preset = presets.recognised(table.name, headers)
    if preset is not None:
        columns |= _by_preset(preset, table, headers)
        score += len(preset.headers)
    if table.name == "surveys" and "survey" not in columns:
        asked = survey_questions.found_in(file, columns.get("score", ()))
        score += 2 * len(asked)
        if asked:
            columns["score"] = tuple(sorted((*columns.get("score", ()), *asked)))
    ours = {key(header) for header in headers}
    telling = (*table.required, *WISHED.get(table.name, ()))
    if score < LEAST and not any(key(name) in ours for name in telling):
        columns = {}
    return Fit(table.name, headers, columns, score, _called(file.path, table.name), preset)


def _by_preset(preset: Preset, table: Table, headers: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The columns that the preset decides."""
    spec = presets.merged(SourceSpec(table.name, ()), preset, headers)
    columns: dict[str, tuple[int, ...]] = dict.fromkeys(spec.constants, ())
    for name, source in spec.columns.items():
        if isinstance(source, DerivedColumn | int):
            columns[name] = ()
        else:
            names = (source,) if isinstance(source, str) else source
            there = (places for n in names if (places := positions(headers, n)))
            columns[name] = tuple(next(there))
    return columns


def _called(path: str, table: str) -> bool:
    name = key(Path(path).stem)
    return any(word in name for word in (key(table.removesuffix("s")), *_FILES.get(table, ())))


def _rank(fit: Fit) -> tuple[bool, int, bool, bool, int, int]:
    """A table that asks for more, or has less beside what the file has, is told by more. Days and
    amounts alone are sales rather than costs."""
    table = TABLES[fit.table]
    needs, size = len(table.required), len(table.columns)
    costs = fit.table == "costs" and "kind" not in fit.columns
    return bool(fit.missing), -fit.score, not fit.named, costs, -needs, size
