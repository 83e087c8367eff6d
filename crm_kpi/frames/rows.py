"""The rows of one table, each in the periods that its date falls into.

One row per row and period: all columns of the table, `period`, `start`, `until`.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, table: str, at: str) -> nw.LazyFrame:
    """`at` names the column with the day that counts."""
    return context.tables[table].join(context.days, left_on=at, right_on="day", how="inner")
