"""The segment of each buyer: where their first purchase was.

One row per customer with an order: customer_id and the segment columns that
transactions have themselves. A channel or a category may differ between the
orders of a customer; the first purchase decides (of several on that day, the
smallest value), so that segments add up. A column of the customers table needs
no such rule: it is looked up.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    orders = context.frame("orders", order=order).filter(~nw.col("customer_id").is_null())
    return context.keep(first_of(orders, context))


def first_of(rows: nw.LazyFrame, context: Context) -> nw.LazyFrame:
    """Per customer the segment of the earliest row; of several that day the smallest value."""
    first = rows.group_by("customer_id").agg(first=nw.col("day").min())
    return (
        rows.join(first, on="customer_id", how="inner")
        .filter(nw.col("day") == nw.col("first"))
        .group_by("customer_id")
        .agg(**{name: nw.col(name).min() for name in context.own_by("transactions")})
    )


def attach(frame: nw.LazyFrame, context: Context, *, order: str | None) -> nw.LazyFrame:
    """The frame with its customers' segments; without segments, the frame itself."""
    if context.own_by("transactions"):
        segments = context.frame("buyer_segments", order=order)
        frame = frame.join(segments, on="customer_id", how="left")
    return context.with_theirs(frame, "transactions")
