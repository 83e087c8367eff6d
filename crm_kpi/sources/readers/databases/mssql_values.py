"""Typed values of SQL Server as the text that is exactly each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import numpy
import polars as pl

from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.sources.query import Query
from crm_kpi.sources.readers import canonical_text

_REAL, _FLOAT = 59, 62
_MONEY = (60, 122)
_DECIMAL = (106, 108)
"""Types, as the protocol numbers them."""
_NUMBERS = (_REAL, _FLOAT, *_MONEY, *_DECIMAL)
_NO_TEXT = {0: "clr", 34: "image", 98: "sql_variant", 165: "varbinary"}
"""Types whose values could be written in several ways."""
_OF_MONEY = 4


class DescribedColumn(NamedTuple):
    name: str
    kind: int
    decimals: int


def described(description: Iterable[Sequence[Any]], query: Query) -> list[DescribedColumn]:
    """The columns of a cursor.

    Raises UsageError for one of a type that has no one text.
    """
    columns = []
    for name, kind, _, _, _, scale, _ in description:
        columns.append(DescribedColumn(name, kind, _OF_MONEY if kind in _MONEY else scale or 0))
        if refused := _NO_TEXT.get(kind):
            column = name or len(columns)
            raise UsageError(
                text("files.no_text_of", query=query.name, column=column, type=refused),
                hint=text("files.cast_column"),
            )
    return columns


def exact(value: object, column: DescribedColumn) -> str | None:
    """What is in a cell, rounded nowhere."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:.{column.decimals}f}"
    if isinstance(value, float):
        return str(numpy.float32(value)) if column.kind == _REAL else repr(value)
    if isinstance(value, datetime):
        shown = value.isoformat(" ")
        return shown.rstrip("0") if value.microsecond else shown
    # Ids as the server writes them, and so the exports of its programs.
    return str(value).upper() if isinstance(value, UUID) else str(value)


def canonical(columns: Sequence[DescribedColumn]) -> list[pl.Expr]:
    """Their texts by position, in which no number can be read in two ways."""
    return [
        pl.col(str(i)).map_batches(canonical_text.numbers, return_dtype=pl.String)
        if column.kind in _NUMBERS
        else pl.col(str(i))
        for i, column in enumerate(columns)
    ]
