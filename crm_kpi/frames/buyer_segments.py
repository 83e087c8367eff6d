"""The segment of each buyer: where their first purchase was.

One row per customer with an order: customer_id and the segment columns. A
column of the customers table is the same on all their orders; a column of the
transactions (a channel, a category) may differ, and then the first purchase
decides (of several on that day, the smallest value), so that segments add up.
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
        .agg(**{name: nw.col(name).min() for name in context.by})
    )


def attach(frame: nw.LazyFrame, context: Context, *, order: str | None) -> nw.LazyFrame:
    """The frame with its customers' segments; without segments, the frame itself."""
    if not context.by:
        return frame
    segments = context.frame("buyer_segments", order=order)
    return frame.join(segments, on="customer_id", how="left")
