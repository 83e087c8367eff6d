"""Rows in a row: what stands before and after each one of a customer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import BITS, bits, dates


def with_lag(
    table: pl.DataFrame, by: str, order: str, columns: Mapping[str, tuple[str, int]]
) -> pl.DataFrame | None:
    """The rows sorted, with the days of other rows: see `Backend.with_lag`. None where a row is
    more than a number and a day."""
    if {*table.columns} != {by, order} or any(name != order for name, _ in columns.values()):
        return None
    if table[by].dtype != pl.UInt32 or table[order].dtype != pl.Date or not table.height:
        return None
    if table[by].null_count() or table[order].null_count():
        return None
    days = table[order].cast(pl.Int32).to_numpy()
    lowest = int(days.min())
    width = bits(int(days.max()) - lowest)
    if 32 + width > BITS:
        return None
    keys = table[by].cast(pl.Int64).to_numpy(writable=True)
    keys <<= width
    keys |= days - lowest
    if not (keys[1:] >= keys[:-1]).all():  # most often they have been sorted before
        keys.sort()
    day = (keys & ((1 << width) - 1)) + lowest
    keys >>= width
    every = np.ones(len(keys), np.bool_)
    found = {by: pl.Series(keys.astype(np.uint32)), order: dates(day, where=every)}
    for name, (_, rows) in columns.items():
        other, same = np.roll(day, rows), np.zeros(len(keys), np.bool_)
        if rows > 0:
            same[rows:] = keys[rows:] == keys[:-rows]
        else:
            same[:rows] = keys[:rows] == keys[-rows:]
        found[name] = dates(other, where=same)
    return pl.DataFrame(found).select(*table.columns, *columns)
