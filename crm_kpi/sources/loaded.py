"""What reading a table gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_kpi.results import Account

if TYPE_CHECKING:
    import polars as pl


@dataclass
class Loaded:
    frame: pl.DataFrame
    """Our columns, typed as `tables.Kind` says, and the texts that were asked for by the name
    they were asked under."""
    account: Account
    columns: frozenset[str]
    """Our columns that every file of the table has, constants included. Text columns that
    nobody asked for are named here, but not read."""
    headers: tuple[str, ...]
    """The files' own headers."""
    currency: str | None
    """Of all money in the frame; None if there is none, or the files name no currency."""
