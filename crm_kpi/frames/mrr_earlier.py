"""Recurring revenue as it was some months before: `mrr_changes`, each so many months later.

As a stock its level at an instant is the level `months` before that instant.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, months: int) -> nw.LazyFrame:
    later = nw.col("day").dt.offset_by(f"{months}mo").cast(nw.Date)
    return context.frame("mrr_changes").with_columns(day=later)
