"""Medians per group that are one or two of the values themselves, the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw


def middle(rows: nw.LazyFrame, column: str, *keys: str) -> nw.LazyFrame:
    """Per group the values between which the median lies, and the largest one.

    One row per group: the keys, n (rows with a value), below, above, largest.
    """
    value = nw.col(column)
    rank, n = nw.col("rank").cast(nw.Int64), nw.col("n").cast(nw.Int64)
    return (
        rows.filter(~value.is_null())
        .with_columns(rank=value.rank("ordinal").over(*keys), n=value.count().over(*keys))
        .group_by(*keys)
        .agg(
            n=n.max(),
            below=nw.when(rank == (n + 1) // 2).then(value).max(),
            above=nw.when(rank == n // 2 + 1).then(value).max(),
            largest=value.max(),
        )
    )


def median(row: Mapping[str, Any] | None) -> Fraction | None:
    """Of a row of `middle`; None where there is no row."""
    return None if row is None else Fraction(row["below"] + row["above"]) / 2
