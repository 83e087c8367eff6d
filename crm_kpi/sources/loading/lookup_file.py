"""A file that feeds no table, but is looked up: exchange rates, the team of each owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from crm_kpi.errors import DataError, Problem
from crm_kpi.messages import Message, text
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.tables import ROW


@dataclass(frozen=True)
class LookupFile:
    """All cells of a file as text."""

    file: TabularFile
    frame: pl.DataFrame
    """A column for each of the file, named by its position, and the number of each row, `ROW`."""

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def headers(self) -> tuple[str, ...]:
        return self.file.headers

    @property
    def rows(self) -> pl.Series:
        return self.frame[ROW]

    def column(self, position: int) -> pl.Series:
        """The cells of a column as they stand there."""
        return self.frame[str(position)]

    def place(self, row: int) -> tuple[str, int]:
        """File and line."""
        return self.path, self.file.lines([row])[0]

    def problem(
        self,
        row: int,
        reason: Message,
        column: str,
        value: str | None = None,
        hint: Message | None = None,
    ) -> Problem:
        """A cell that cannot be right."""
        return Problem(reason, self.path, self.place(row)[1], column, value, hint)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """
        Raises:
            DataError: there is a problem. One row left out would change what others mean.
        """
        found = sorted(problems, key=lambda problem: problem.line or 0)
        if found:
            what = text("loading.lookup_faults", path=self.path, count=len(found))
            raise DataError(what, problems=found)


def opened(path: str, session: Session) -> LookupFile:
    """
    Raises:
        DataError: it cannot be read, or a record has too few or too many fields.
    """
    file = session.open_any(path)
    file.want(ColumnRequest(range(file.width)))
    found = LookupFile(file, file.frame())
    found.refuse(
        Problem(reason, path, line)
        for reason, rows in file.faults.items()
        for line in file.lines(rows)
    )
    return found
