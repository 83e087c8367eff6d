"""Who bought, and how often: customer_id, period, orders; one row per customer and period."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    orders = context.frame("order_rows", order=order).filter(~nw.col("customer_id").is_null())
    buyers = orders.group_by("customer_id", "period").agg(orders=nw.len().cast(nw.Int64))
    return context.keep(buyer_segments.attach(buyers, context, order=order))
