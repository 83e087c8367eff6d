"""How one column of text is read, and what becomes of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from crm_kpi.sources.rejects import Fault
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import Column

MISSING = r"(?i)\A(?:|-|n/a|na|null|none|#n/a)\z"
"""What means empty in a column of dates or numbers."""


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


def stripped(text: pl.Series) -> pl.Series:
    """Text without outer blanks; nothing left is null. Usually that is the text as it was."""
    bare, length = text.str.strip_chars(), text.str.len_bytes()
    if length.sum() == bare.str.len_bytes().sum() and length.min() != 0:
        return text
    return bare.set((bare == "").fill_null(False), None)


def tidy(text: pl.Series) -> pl.Series:
    """Text of dates or numbers without outer blanks; the words for missing are null."""
    text = text.str.strip_chars()
    return text.set(text.str.contains(MISSING).fill_null(False), None)


def mapped(text: pl.Series, mean: Callable[[str], str | None]) -> pl.Series:
    """Each text replaced by what it means; its distinct values are looked at once each."""
    few = text.unique().drop_nulls()
    meant = [mean(one) for one in few]
    if meant == few.to_list():
        return text
    return text.replace_strict(few, pl.Series(meant, dtype=pl.String), default=None)


def in_our_words(text: pl.Series, how: Reading) -> pl.Series:
    """After `values:` and `missing:`; the text itself without them."""
    words = {plain(theirs): ours for theirs, ours in how.spec.values.get(how.name, {}).items()}
    empty = {plain(one) for one in how.spec.missing or ()}
    if not words and not empty:
        return text

    def mean(one: str) -> str | None:
        one = plain(one)
        if one:
            one = words.get(one, words.get("*", one))
        return None if one in empty or not one else one

    return mapped(text, mean)


def plain(text: str) -> str:
    """Text as it is compared: composed letters, no outer blanks."""
    return unicodedata.normalize("NFC", text).strip()


def first_of(
    parts: Sequence[pl.Series], height: int, dtype: pl.DataType | type[pl.DataType]
) -> pl.Series:
    """The first value of each row that is there; all null without parts."""
    if not parts:
        return pl.repeat(None, height, dtype=dtype, eager=True)
    first, *others = parts
    for other in others:
        first = first.zip_with(first.is_not_null(), other)
    return first


def _of(declared: str | dict[str, str] | None, column: str) -> str | None:
    return declared.get(column) if isinstance(declared, dict) else declared
