"""What each customer spent in a period: one row per customer and period with a transaction.

    gross     the sum of the amounts above zero
    refunds   the sum of those below, a negative number
    net       both together
    orders    how many orders, 0 for who has only refunds in the period

No rows where there is no transactions table.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments, purchases
from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    if not context.has("transactions"):
        return _nothing(context)
    spent = purchases.of_customers(context, order).with_columns(
        net=nw.col("gross") + nw.col("refunds")
    )
    return buyer_segments.attach_own(spent, context, order=order, segments="spender_segments")


def _nothing(context: Context) -> nw.LazyFrame:
    numbers = ("period", "gross", "refunds", "net", "orders")
    types = dict.fromkeys(numbers, nw.Int64) | dict.fromkeys(context.by, nw.String)
    return context.adapter.table({name: [] for name in types}, types)
