"""How one column of text is read, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, joined
from crm_kpi.readings import How, Reading
from crm_kpi.sources.parsing.dates import DateOrder
from crm_kpi.sources.parsing.text_ops import stripped, tidy
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Fault, RowPlace
from crm_kpi.sources.spec import SourceSpec, declared_for
from crm_kpi.tables import Column

PROVED = "parsing.proved"
"""The key of the note that the rows of a column prove how it is written: its value `way`."""


@dataclass(frozen=True)
class ColumnContext:
    """One column of one source, and how its faults are told."""

    column: Column
    spec: SourceSpec
    timezone: str
    rows: pl.Series
    """The numbers of its records in the table."""
    place: RowPlace
    headers: tuple[str, ...] = ()
    """What the files call it."""
    currency: str | None = None
    """Of money, where neither a sign nor a column says another."""
    vietnamese: bool = False
    """By the headers of its file: dates are day first then, and 1.250 is 1250."""
    order: DateOrder | None = None
    """Of its dates, where its rows leave it open."""
    wall: bool = False
    """Its times are those that clocks showed, whatever offset stands beside them."""
    workbook: bool = False
    """It stands in a sheet, where dates may be day numbers."""

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def header(self) -> str:
        """What people know it by."""
        return self.headers[0] if self.headers else self.name

    @property
    def why_vietnamese(self) -> tuple[How, Message]:
        """How it is known that it is written as in Vietnam, and on what evidence."""
        if self.spec.locale is not None:
            return How.DECLARED, messages.text("parsing.vietnamese_locale")
        return How.CONVENTIONAL, messages.text("parsing.vietnamese_headers")

    @property
    def dates(self) -> str | None:
        return declared_for(self.spec.dates, self.name)

    @property
    def numbers(self) -> str | None:
        return declared_for(self.spec.numbers, self.name)

    @property
    def zone(self) -> str:
        """Of its times without an offset. Raises UsageError when only some headers say UTC."""
        if self.spec.timezone is not None:
            return self.spec.timezone
        in_utc = {re.search(r"(?i)\(\s*utc\s*\)", header) is not None for header in self.headers}
        if len(in_utc) > 1:
            headers = joined(map(repr, dict.fromkeys(self.headers)), messages.text("general.and"))
            raise UsageError(
                messages.text(
                    "parsing.not_all_utc", table=self.spec.table, column=self.name, headers=headers
                ),
                hint=messages.text("parsing.declare_timezone"),
            )
        return "UTC" if True in in_utc else self.timezone

    @property
    def percent(self) -> bool:
        """The header says that its numbers are in percent."""
        return bool(self.headers) and all("(%)" in header for header in self.headers)

    def tidy(self, text: pl.Series) -> pl.Series:
        """Text without outer blanks and words for missing; a declared `missing:` has taken out
        the words that mean it here, and leaves no others."""
        return tidy(text) if self.spec.missing is None else stripped(text)

    def option(self, key: str) -> str:
        """The config key that decides for this column."""
        each = isinstance(getattr(self.spec, key), dict)
        return f"sources.{self.spec.table}.{key}" + (f".{self.name}" if each else "")

    def fault(
        self, bad: pl.Series, reason: Reason, text: pl.Series, hint: Message | None = None
    ) -> list[Fault]:
        """The rows where `bad` is true, if there are any."""
        if not bad.any():
            return []
        bad = bad.fill_null(False)
        typed = text.dtype != pl.String
        return [Fault(self.rows.filter(bad), reason, self.name, text.filter(bad), hint, typed)]


@dataclass
class TypedColumn:
    """What became of a column: its series (two for a time), and the rows that were not read."""

    series: list[pl.Series]
    faults: list[Fault] = field(default_factory=list)
    currencies: tuple[str, ...] = ()
    notes: list[Message] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    """What was taken that changes numbers."""
    offsets: frozenset[int] = frozenset()
    """The offsets from UTC beside its times, in minutes."""
    again: Callable[[], TypedColumn] | None = None
    """Where it has offsets: reads it once more as clocks there showed its times."""
    header: str = ""
    """What its file calls it."""
    dated: bool = False
    """Its last series is of days."""

    @property
    def proved(self) -> str | None:
        """The way in which its rows prove that they are written."""
        return next((note.values["way"] for note in self.notes if note.key == PROVED), None)
