"""Rejected rows: counted by reason, shown with file, line, column and value.

Everything here costs nothing as long as no row is rejected.
"""

from __future__ import annotations

import bisect
import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import PurePath
from typing import Any

import polars as pl

from crm_kpi.errors import FIRST_PLACES, Problem, ProblemKind
from crm_kpi.messages import Message
from crm_kpi.results import MAX_PROBLEMS
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.tabular_file import TabularFile
from crm_kpi.tables import ROW

RowPlace = Callable[[int], tuple[str, int]]
"""The file and line of a row."""


@dataclass(frozen=True)
class Fault:
    """Rows of one column that share a reason. `rows` ascend; `values` stand beside them."""

    rows: pl.Series
    reason: Reason | Message
    column: str | None = None
    values: pl.Series | None = None
    hint: Message | None = None
    parsed: bool = False
    """`values` are what was read; the cells' own text is to be shown instead."""

    @property
    def message(self) -> Message:
        """The reason as it is counted and shown."""
        return self.reason.value if isinstance(self.reason, Reason) else self.reason


_Shown = tuple[int, Fault, str | None]
"""A rejected row, why, and the value that is to blame."""


class Locator:
    """The rows of a table, numbered through all its files, and where each came from."""

    def __init__(self) -> None:
        self._bases: list[int] = []
        self._files: list[TabularFile] = []
        self._reads: list[Mapping[str, int]] = []
        self._next = 0

    @property
    def files(self) -> list[TabularFile]:
        """All that were added."""
        return self._files

    @property
    def bases(self) -> list[int]:
        """The number of the first row of each file."""
        return self._bases

    @property
    def numbers(self) -> list[int]:
        """The number of each file that was added: one that is read in two ways has one, and so
        have Parquet files of one folder, which engines write as pieces of one table."""
        pieces = [
            str(PurePath(file.path).parent) if file.path.endswith(".parquet") else id(file)
            for file in self._files
        ]
        known = {piece: at for at, piece in reversed([*enumerate(pieces)])}
        return [known[piece] for piece in pieces]

    def add(self, file: TabularFile, reads: Mapping[str, int]) -> int:
        """Give the rows of `file` their numbers; returns the first. `reads` says where our
        columns stand in it."""
        base = self._next
        self._bases.append(base)
        self._files.append(file)
        self._reads.append(reads)
        self._next += file.records
        return base

    def part(self, row: int) -> int:
        """Which of the added files holds the row."""
        return bisect.bisect_right(self._bases, row) - 1

    def place(self, row: int) -> tuple[str, int]:
        """File and line."""
        there = self.part(row)
        file = self._files[there]
        return file.name, file.lines([row - self._bases[there]])[0]

    def cell(self, row: int, column: str) -> str | None:
        """The text of one cell; None for a column that is not read from one."""
        there = self.part(row)
        position = self._reads[there].get(column)
        if position is None:
            return None
        return self._files[there].contents([row - self._bases[there]])[0][position]

    def record(self, row: int) -> str:
        """All fields of the row as one line of CSV."""
        there = self.part(row)
        line = io.StringIO()
        csv.writer(line).writerows(self._files[there].contents([row - self._bases[there]]))
        return line.getvalue().removesuffix("\r\n")

    def content(self, row: int) -> tuple[tuple[str, str], ...]:
        """Every field of the row with its header, whatever columns are read."""
        there = self.part(row)
        file = self._files[there]
        fields = file.contents([row - self._bases[there]])[0]
        headers = file.headers or tuple(map(str, range(len(fields))))
        return tuple(sorted(zip(headers, fields, strict=False)))


class Rejects:
    """The rejected rows of one table, each once, for the first of its reasons.

    Shown are the first rows of all; with `everything`, each fault of each row.
    """

    def __init__(self, *, everything: bool = False) -> None:
        self.reasons: Counter[str] = Counter()
        self._kinds: dict[tuple[str, str | None], tuple[int, list[_Shown]]] = {}
        self.faults: list[Fault] = []
        self._rows = pl.Series(ROW, [], dtype=pl.UInt32)
        self._shown: list[_Shown] = []
        self._everything = everything
        self._most = None if everything else MAX_PROBLEMS

    def __len__(self) -> int:
        return self.reasons.total()

    @property
    def rows(self) -> pl.Series:
        """The numbers of all of them."""
        return self._rows

    def add(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.faults.append(fault)
            new = ~fault.rows.is_in(self._rows.implode())
            rows = fault.rows.filter(new)
            if not rows.is_empty():
                self.reasons[fault.message] += len(rows)
                self._count(fault, new)
                self._rows = self._rows.append(rows)
            shown = pl.repeat(True, len(new), eager=True) if self._everything else new
            self._show(fault, shown)

    def _count(self, fault: Fault, new: pl.Series) -> None:
        """Add rows to their kind, and the first of them to its places."""
        number, first = self._kinds.get((fault.message, fault.column), (0, []))
        first = sorted([*first, *_first(fault, new, FIRST_PLACES)], key=itemgetter(0))
        kind = number + int(new.sum()), first[:FIRST_PLACES]
        self._kinds[fault.message, fault.column] = kind

    def _show(self, fault: Fault, shown: pl.Series) -> None:
        self._shown += _first(fault, shown, self._most)

    def without(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that are not rejected."""
        if self._rows.is_empty():
            return frame
        return frame.filter(~pl.col(ROW).is_in(self._rows.implode()))

    def problems(self, locator: Locator) -> list[Problem]:
        """The first rejected rows in their order, with their places."""
        first = sorted(self._shown, key=itemgetter(0))[: self._most]
        return [self._problem(shown, locator) for shown in first]

    def kinds(self, locator: Locator) -> list[ProblemKind]:
        """The rejected rows by reason and column, the most first."""
        every = sorted(self._kinds.values(), key=lambda kind: (-kind[0], kind[1][0][0]))
        return [
            ProblemKind(number, tuple(self._problem(shown, locator) for shown in first))
            for number, first in every
        ]

    def _problem(self, shown: _Shown, locator: Locator) -> Problem:
        row, fault, value = shown
        path, line = locator.place(row)
        if fault.parsed and fault.column and value is not None:
            value = locator.cell(row, fault.column) or value
        record = locator.record(row) if self._everything else None
        return Problem(fault.message, path, line, fault.column, value, fault.hint, record)


def _first(fault: Fault, among: pl.Series, most: int | None) -> list[_Shown]:
    """The first rows of a fault that are wanted, with their values."""
    rows = fault.rows.filter(among)[:most]
    if fault.values is None:
        return [(row, fault, None) for row in rows]
    values = fault.values.filter(among)[:most]
    return [(row, fault, _text(value)) for row, value in zip(rows, values, strict=True)]


def _text(value: Any) -> str | None:
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return None if value is None else str(value)
