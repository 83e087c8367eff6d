"""A table that was read: by the loader into memory, or by the engine where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crm_kpi.results import Account
from crm_kpi.sources import Loaded

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw


@dataclass
class ScannedTable:
    """A table of the engine's, with what the run wants to know of it; else as `Loaded`."""

    rows: nw.LazyFrame
    """The rows that are used."""
    account: Account
    columns: frozenset[str]
    headers: tuple[str, ...]
    currency: str | None
    unique: frozenset[str]
    first: date | None
    last: date | None
    """The days of the first and the last row that is used."""


Found = Loaded | ScannedTable
