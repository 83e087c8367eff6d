"""What each customer bought in each slot of time: the grain of everything about revenue.

The transactions are gone through once; what periods, customers and segments are asked for
is added up from here. One row per customer (those without a customer are one, null), slot
and value of the segment columns that transactions have themselves, with the customer's
other segment columns beside:

    lines     rows of the table
    gross     the sum of the amounts above zero
    refunds   the sum of those below, a negative number
    orders    how many orders, each in the slot of its first row
    first     the day of the first of them, null where there is none
    last      the day of the last
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import orders
from crm_kpi.frames._context import Context

SUMS = ("lines", "gross", "refunds", "orders")


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    if context.within is not None:
        whole, mine = context.within
        rows = whole.frame("bought", order=order)
        return context.keep(rows.filter(*mine)) if mine else rows
    keys = ["customer_id", "slot", *context.own_by("transactions")]
    amount, one, none = nw.col("amount"), nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    rows = (
        context.bare["transactions"]
        .select("customer_id", *keys[2:], "amount", day=nw.col("date"))
        .join(context.slots, on="day", how="inner")
    )
    nothing = amount * 0
    bought, counts = amount > 0, orders.is_row(context, order)
    never = nw.lit(None, nw.Date)
    ordered = nw.when(bought).then(nw.col("day")) if counts else never
    found = _summed(
        rows.select(
            *keys,
            lines=one,
            gross=nw.when(bought).then(amount).otherwise(nothing),
            refunds=nw.when(amount < 0).then(amount).otherwise(nothing),
            orders=bought.cast(nw.Int64) if counts else none,
            first=ordered,
            last=ordered,
        ),
        keys,
    )
    if not counts:
        placed = context.frame("orders", order=order).join(context.slots, on="day", how="inner")
        of_orders = placed.select(
            *keys,
            lines=none,
            gross=nothing,
            refunds=nothing,
            orders=one,
            first=nw.col("day"),
            last=nw.col("day"),
        )
        columns = [*keys, *SUMS, "first", "last"]
        both = [found.select(columns), _summed(of_orders, keys).select(columns)]
        found = _summed(nw.concat(both), keys)
    return context.keep(context.with_theirs(found, "transactions"))


def _summed(rows: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    sums = (nw.col(name).sum() for name in SUMS)
    return rows.group_by(*keys).agg(*sums, nw.col("first").min(), nw.col("last").max())
