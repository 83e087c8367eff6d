"""What the answer of a database may take: bytes and seconds."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import polars as pl

from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import text

STATEMENT_SECONDS = 600
"""After so long a query has lost its way."""
_VIEW = 16
"""Bytes that polars takes for each text beside its letters."""


def size_of(texts: pl.DataFrame) -> int:
    """Bytes that the texts take: polars' estimate leaves out where each of them lies."""
    return int(texts.estimated_size()) + _VIEW * texts.height * texts.width


def within(most: int, frames: Generator[pl.DataFrame, None, None], width: int) -> pl.DataFrame:
    """All rows, taken in batches so that too many are noticed before they are all here.

    Raises MemoryError for more than `most` bytes.
    """
    taken, held = [pl.DataFrame(schema=columns(width))], 0
    with closing(frames):
        for frame in frames:
            taken.append(frame)
            held += size_of(frame)
            if held > most:
                raise MemoryError
    return pl.concat(taken)


def columns(width: int) -> dict[str, type[pl.String]]:
    """Texts by position."""
    return dict.fromkeys(map(str, range(width)), pl.String)


def too_much(name: str, most: int) -> UsageError:
    """The error of rows that take more than `most` bytes."""
    return UsageError(
        text("files.many_rows", query=name, most=most >> 20), hint=text("files.ask_for_fewer")
    )


def too_long(name: str) -> DataError:
    """The error of a query that does not end."""
    return DataError(text("files.slow_query", query=name), hint=text("files.ask_for_less"))
