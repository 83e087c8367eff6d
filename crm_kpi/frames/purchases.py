"""What each customer bought in a period: the grain of everything about revenue.

One row per customer (those without a customer are one, null), period and value of
the segment columns that transactions have themselves:

    lines     rows of the table
    gross     the sum of the amounts above zero
    refunds   the sum of those below, a negative number
    orders    how many orders, each in the period of its first row
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import orders
from crm_kpi.frames._context import Context

SUMS = ("lines", "gross", "refunds", "orders")


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    keys = ["customer_id", "period", *context.own_by("transactions")]
    amount, one = nw.col("amount"), nw.lit(1).cast(nw.Int64)
    nothing, none = amount * 0, nw.lit(0).cast(nw.Int64)
    rows = (
        context.bare["transactions"]
        .select(*keys[:1], *keys[2:], "amount", day=nw.col("date"))
        .join(context.days.select("day", "period"), on="day", how="inner")
    )
    counts = orders.is_row(context, order)
    found = _summed(
        rows.select(
            *keys,
            lines=one,
            gross=nw.when(amount > 0).then(amount).otherwise(nothing),
            refunds=nw.when(amount < 0).then(amount).otherwise(nothing),
            orders=(amount > 0).cast(nw.Int64) if counts else none,
        ),
        keys,
    )
    if not counts:
        placed = context.frame("order_rows", order=order)
        of_orders = placed.select(*keys, lines=none, gross=nothing, refunds=nothing, orders=one)
        columns = [*keys, *SUMS]
        both = [found.select(columns), _summed(of_orders, keys).select(columns)]
        found = _summed(nw.concat(both), keys)
    return context.keep(found)


def _summed(rows: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    return rows.group_by(*keys).agg(nw.col(name).sum() for name in SUMS)


def of_customers(context: Context, order: str | None) -> nw.LazyFrame:
    """The same per known customer and period: gross, refunds, orders."""
    found = context.frame("purchases", order=order).filter(~nw.col("customer_id").is_null())
    if not context.own_by("transactions"):
        return found.select("customer_id", "period", *SUMS[1:])
    return found.group_by("customer_id", "period").agg(nw.col(name).sum() for name in SUMS[1:])
