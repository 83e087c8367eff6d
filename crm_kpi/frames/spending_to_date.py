"""What customers have spent so far, as changes of stocks.

One row per transaction of a known customer: day, amount, customers (0); and one
on the day of each customer's first: day, amount (0), customers (1).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import spender_segments
from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    rows = (
        context.bare["transactions"]
        .filter(~nw.col("customer_id").is_null())
        .select("customer_id", "amount", day=nw.col("date"), customers=nw.lit(0).cast(nw.Int64))
    )
    first = (
        rows.group_by("customer_id")
        .agg(nw.col("day").min(), amount=nw.col("amount").max() * 0)
        .with_columns(customers=nw.lit(1).cast(nw.Int64))
    )
    columns = ["customer_id", "day", "amount", "customers"]
    changes = nw.concat([rows.select(columns), first.select(columns)])
    return spender_segments.attach(changes, context, order=None)
