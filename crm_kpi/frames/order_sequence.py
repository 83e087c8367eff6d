"""The orders of each known customer, one after the other.

One row per order: customer_id, day and previous (the day of the order before, null for
the first).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    orders = context.frame("orders", order=order).filter(~nw.col("customer_id").is_null())
    in_order = context.beside(orders.select("customer_id", "day"), previous=("day", 1))
    return context.keep(in_order)
