"""When each known customer came in: one row per customer with a transaction.

slot      of the first row
ordered   of the first order; null for who has none
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    slot = nw.col("slot")
    return context.keep(
        context.frame("bought", order=order)
        .filter(~nw.col("customer_id").is_null())
        .with_columns(ordered=nw.when(nw.col("orders") > 0).then(slot))
        .group_by("customer_id")
        .agg(slot.min(), nw.col("ordered").min())
    )
