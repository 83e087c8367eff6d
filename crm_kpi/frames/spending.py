"""What each customer spent in a period: one row per customer and period with a transaction.

    gross     the sum of the amounts above zero
    refunds   the sum of those below, a negative number
    net       both together
    orders    how many orders, 0 for who has only refunds in the period

No rows where there is no transactions table.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import spender_segments
from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    if not context.has("transactions"):
        return _nothing(context)
    amount, none = nw.col("amount"), nw.col("amount") * 0
    spent = (
        context.frame("rows", table="transactions", at="date")
        .filter(~nw.col("customer_id").is_null())
        .select(
            "customer_id",
            "period",
            gross=nw.when(amount > 0).then(amount).otherwise(none),
            refunds=nw.when(amount < 0).then(amount).otherwise(none),
        )
        .group_by("customer_id", "period")
        .agg(nw.col("gross").sum(), nw.col("refunds").sum())
        .with_columns(net=nw.col("gross") + nw.col("refunds"))
    )
    orders = context.frame("buyers", order=order).select("customer_id", "period", "orders")
    counted = spent.join(orders, on=["customer_id", "period"], how="left").with_columns(
        orders=nw.col("orders").fill_null(0)
    )
    return context.keep(spender_segments.attach(counted, context, order=order))


def _nothing(context: Context) -> nw.LazyFrame:
    numbers = ("period", "gross", "refunds", "net", "orders")
    types = dict.fromkeys(numbers, nw.Int64) | dict.fromkeys(context.by, nw.String)
    return context.adapter.table({name: [] for name in types}, types)
