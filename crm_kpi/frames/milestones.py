"""The days of each customer's first and second order, as changes of two stocks.

One row per customer and milestone: day, first (1 on the first order), second
(1 on the second).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    orders = context.frame("order_sequence", order=order)
    later = orders.filter(~nw.col("previous").is_null())
    milestones = nw.concat([_earliest(orders, first=1), _earliest(later, second=1)])
    return context.keep(buyer_segments.attach(milestones, context, order=order))


def _earliest(orders: nw.LazyFrame, *, first: int = 0, second: int = 0) -> nw.LazyFrame:
    return (
        orders.group_by("customer_id")
        .agg(nw.col("day").min())
        .select(
            "customer_id",
            "day",
            first=nw.lit(first).cast(nw.Int64),
            second=nw.lit(second).cast(nw.Int64),
        )
    )
