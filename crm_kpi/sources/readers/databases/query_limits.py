"""What the answer of a database may take: bytes and seconds."""

from __future__ import annotations

import polars as pl

from crm_kpi.errors import DataError, UsageError

STATEMENT_SECONDS = 600
"""After so long a query has lost its way."""
_VIEW = 16
"""Bytes that polars takes for each text beside its letters."""


def size_of(texts: pl.DataFrame) -> int:
    """Bytes that the texts take: polars' estimate leaves out where each of them lies."""
    return int(texts.estimated_size()) + _VIEW * texts.height * texts.width


def too_much(name: str, most: int) -> UsageError:
    """The error of rows that take more than `most` bytes."""
    return UsageError(
        f"{name}: its rows take more than the {most >> 20} MiB of memory that they may",
        hint="ask for fewer rows and columns, or let the database add them up",
    )


def too_long(name: str) -> DataError:
    """The error of a query that does not end."""
    return DataError(
        f"{name}: the query takes too long, and was stopped",
        hint="ask for less, or read a table that holds the answer",
    )
