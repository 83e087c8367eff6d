"""The segment of each customer with a transaction, whether it makes an order or not.

One row per customer: customer_id and the segment columns that transactions have
themselves. Buyers are where
their first purchase was; of who has only refunds or rows worth nothing, the
first row decides.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    buyers = context.frame("buyer_segments", order=order)
    others = (
        context.bare["transactions"]
        .filter(~nw.col("customer_id").is_null())
        .select("customer_id", *context.own_by("transactions"), day=nw.col("date"))
        .join(buyers, on="customer_id", how="anti")
    )
    columns = ["customer_id", *context.own_by("transactions")]
    first = buyer_segments.first_of(others, context)
    return context.keep(nw.concat([buyers.select(columns), first.select(columns)]))
