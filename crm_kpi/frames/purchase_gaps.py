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
    later = context.frame("order_sequence", order=order).filter(~nw.col("previous").is_null())
    gaps = later.join(context.days, on="day", how="inner").select(
        "customer_id", "period", days=ordinal(nw.col("day")) - ordinal(nw.col("previous"))
    )
    return context.keep(buyer_segments.attach(gaps, context, order=order))
