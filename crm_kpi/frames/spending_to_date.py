"""What customers have spent so far, as changes of stocks.

One row per known customer and slot: amount, customers (0); and one in the slot of each
customer's first transaction: amount (0), customers (1).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    columns = ["customer_id", *context.their_by("transactions"), "slot", "amount", "customers"]
    none, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    rows = (
        context.frame("bought", order=None)
        .filter(~nw.col("customer_id").is_null())
        .with_columns(amount=nw.col("gross") + nw.col("refunds"), customers=none)
    )
    firsts = context.frame("firsts", order=None).select("customer_id", "slot")
    first = rows.join(firsts, on=["customer_id", "slot"], how="inner").unique(["customer_id"])
    first = first.with_columns(amount=nw.col("amount") * 0, customers=one)
    changes = nw.concat([rows.select(columns), first.select(columns)])
    return buyer_segments.attach_own(changes, context, order=None, segments="spender_segments")
