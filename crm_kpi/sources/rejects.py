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
from pathlib import PurePath
from typing import Any

import polars as pl

from crm_kpi.errors import Problem
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


class Locator:
    """The rows of a table, numbered through all its files, and where each came from."""

    def __init__(self) -> None:
        self._bases: list[int] = []
        self._files: list[TabularFile] = []
        self._reads: list[Mapping[str, int]] = []
        self._next = 0

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
        self.faults: list[Fault] = []
        self._rows = pl.Series(ROW, [], dtype=pl.UInt32)
        self._shown: list[tuple[int, Fault, str | None]] = []
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
                self._rows = self._rows.append(rows)
            shown = pl.repeat(True, len(new), eager=True) if self._everything else new
            self._show(fault, shown)

    def _show(self, fault: Fault, shown: pl.Series) -> None:
        rows = fault.rows.filter(shown)[: self._most]
        if fault.values is None:
            self._shown += [(row, fault, None) for row in rows]
            return
        values = fault.values.filter(shown)[: self._most]
        self._shown += [(row, fault, _text(value)) for row, value in zip(rows, values, strict=True)]

    def without(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that are not rejected."""
        if self._rows.is_empty():
            return frame
        return frame.filter(~pl.col(ROW).is_in(self._rows.implode()))

    def problems(self, locator: Locator) -> list[Problem]:
        """The first rejected rows in their order, with their places."""
        problems = []
        for row, fault, value in sorted(self._shown, key=lambda shown: shown[0])[: self._most]:
            path, line = locator.place(row)
            if fault.parsed and fault.column and value is not None:
                value = locator.cell(row, fault.column) or value
            record = locator.record(row) if self._everything else None
            problems.append(
                Problem(fault.message, path, line, fault.column, value, fault.hint, record)
            )
        return problems


def _text(value: Any) -> str | None:
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return None if value is None else str(value)
