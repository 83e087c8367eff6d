"""Who bought, and how often: customer_id, period, orders; one row per customer and period."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments, purchases
from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    bought = purchases.of_customers(context, order).filter(nw.col("orders") > 0)
    return buyer_segments.attach_own(bought, context, order=order)
