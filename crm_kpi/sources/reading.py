"""How one column of text is read, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from crm_kpi.sources.rejects import Fault
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import Column


@dataclass(frozen=True)
class Reading:
    """One column of one source, and how its faults are told."""

    column: Column
    spec: SourceSpec
    timezone: str
    rows: pl.Series
    """The numbers of its records in the table."""
    place: Callable[[int], str]
    """`FILE:LINE` of a record."""

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def dates(self) -> str | None:
        return _of(self.spec.dates, self.name)

    @property
    def numbers(self) -> str | None:
        return _of(self.spec.numbers, self.name)

    def option(self, key: str) -> str:
        """The config key that decides for this column."""
        each = isinstance(getattr(self.spec, key), dict)
        return f"sources.{self.spec.table}.{key}" + (f".{self.name}" if each else "")

    def fault(
        self, bad: pl.Series, reason: str, text: pl.Series, hint: str | None = None
    ) -> list[Fault]:
        """The rows where `bad` is true, if there are any."""
        if not bad.any():
            return []
        bad = bad.fill_null(False)
        return [Fault(self.rows.filter(bad), reason, self.name, text.filter(bad), hint)]


@dataclass
class Typed:
    """What became of a column: its series (two for a time), and the rows that were not read."""

    series: list[pl.Series]
    faults: list[Fault] = field(default_factory=list)
    currencies: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def _of(declared: str | dict[str, str] | None, column: str) -> str | None:
    return declared.get(column) if isinstance(declared, dict) else declared
