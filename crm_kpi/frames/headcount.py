"""Customers as a stock: one row per span and change, with day and change (+1 or -1).

`days` is the change times the number of its day, from which time spent is added up.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames._days import ordinal


def build(context: Context, *, basis: str, window: int | None = None) -> nw.LazyFrame:
    spans = context.frame("spans", basis=basis, window=window)
    joined = spans.select(*context.by, day=nw.col("signup"), change=nw.lit(1).cast(nw.Int64))
    left = spans.filter(~nw.col("churn").is_null()).select(
        *context.by, day=nw.col("churn"), change=nw.lit(-1).cast(nw.Int64)
    )
    changes = nw.concat([joined, left])
    return changes.with_columns(days=nw.col("change") * ordinal(nw.col("day")))
