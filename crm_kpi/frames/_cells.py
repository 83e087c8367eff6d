"""Rows of a table as cells that are checked: which apply, and which are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import invalid

ROW = "\0row"
"""The number of a row in its table, where somebody wants to find it again."""

Check = tuple[nw.Expr, nw.Expr]
"""Whether the check applies to a row, and whether the row passes it."""


def filled(column: str) -> nw.Expr:
    """Something stands in the cell, be it readable or not."""
    return ~nw.col(column).is_null() | nw.col(invalid(column))


def cells(
    context: Context, rows: nw.LazyFrame, checks: Mapping[str, Check], names: Sequence[str]
) -> nw.LazyFrame:
    """One row per row of the table that `--where` keeps: the segments, day, rows (1), and for
    each check NAME:cells and NAME:ok, 1 or 0. A name without a check applies nowhere."""
    one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    columns: dict[str, nw.Expr] = {}
    for name in names:
        columns[f"{name}:cells"] = columns[f"{name}:ok"] = none
        if name in checks:
            applies, passes = (part.fill_null(value=False) for part in checks[name])
            columns[f"{name}:cells"] = applies.cast(nw.Int64)
            columns[f"{name}:ok"] = (applies & passes).cast(nw.Int64)
    row = [ROW] if ROW in rows.columns else []
    return rows.filter(nw.col("kept")).select(*context.by, "day", *row, rows=one, **columns)


def parted(
    context: Context, rows: nw.LazyFrame, keys: Sequence[str]
) -> tuple[nw.LazyFrame, nw.LazyFrame]:
    """The rows that have each of these values alone, and those that share one with another.

    The second are few as a rule, and they alone have to be put in order.
    """
    counts = {f"{key}:count": nw.col(key).count().over(key) for key in keys}
    counted = context.keep(rows.with_columns(**counts))
    shared = nw.any_horizontal(*(nw.col(name) > 1 for name in counts), ignore_nulls=True)
    return counted.filter(~shared).drop(*counts), counted.filter(shared).drop(*counts)
