"""The days between consecutive orders of a customer: one row per gap and period.

A gap falls into the period of its later order. `days` is 0 between two orders
of one day.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context
from crm_kpi.frames._days import ordinal


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    orders = context.frame("orders", order=order).filter(~nw.col("customer_id").is_null())
    number = nw.col("number")
    gaps = (
        orders.select("customer_id", "day", number=ordinal(nw.col("day")))
        .with_columns(days=number - number.shift(1).over("customer_id", order_by="number"))
        .filter(~nw.col("days").is_null())
        .join(context.days, on="day", how="inner")
        .select("customer_id", "period", "days")
    )
    return context.keep(buyer_segments.attach(gaps, context, order=order))
