"""The days of each customer's first and second order, as changes of two stocks.

One row per customer and milestone: day, first (1 on the first order), second
(1 on the second).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    orders = context.frame("orders", order=order).filter(~nw.col("customer_id").is_null())
    numbered = (
        orders.select("customer_id", "day")
        .with_columns(one=nw.lit(1).cast(nw.Int64))
        .with_columns(number=nw.col("one").cum_sum().over("customer_id", order_by="day"))
    )
    milestones = numbered.filter(nw.col("number") <= 2).select(
        "customer_id",
        "day",
        first=(nw.col("number") == 1).cast(nw.Int64),
        second=(nw.col("number") == 2).cast(nw.Int64),
    )
    return context.keep(buyer_segments.attach(milestones, context, order=order))
