"""What reading a table gives: by the loader into memory, or by the engine where it lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crm_kpi.results import SourceAudit

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw
    import polars as pl

    from crm_kpi.sources.rejects import RowPlace


@dataclass
class LoadedTable:
    frame: pl.DataFrame
    """Our columns, typed as `tables.Kind` says, and the texts that were asked for by the name
    they were asked under; with `everything`, the numbers of the rows too. Where memory is short
    it is a `spill_files.SpilledTable`, which can be handed on like a frame."""
    audit: SourceAudit
    columns: frozenset[str]
    """Our columns that every file of the table has, constants included. Text columns that
    nobody asked for are named here, but not read."""
    headers: tuple[str, ...]
    """The files' own headers."""
    currency: str | None
    """Of all money in the frame; None if there is none, or the files name no currency."""
    unique: frozenset[str] = frozenset()
    """Columns of ids in which no value stands twice: the table's own, and transaction_id."""
    rejected: pl.DataFrame = field(kw_only=True)
    """The rows that are not in the frame because they were rejected, or repeat another: as far
    as they could be read, see `rejected_rows`."""
    place: RowPlace = field(kw_only=True)


@dataclass
class ScannedTable:
    """A table of the engine's, with what the run wants to know of it; else as `LoadedTable`."""

    rows: nw.LazyFrame
    """The rows that are used."""
    audit: SourceAudit
    columns: frozenset[str]
    headers: tuple[str, ...]
    currency: str | None
    unique: frozenset[str]
    first: date | None
    last: date | None
    """The days of the first and the last row that is used."""


TableInput = LoadedTable | ScannedTable
