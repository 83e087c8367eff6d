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
    bought = context.frame("bought", order=order).filter(
        ~nw.col("customer_id").is_null(), nw.col("orders") > 0
    )
    return context.keep(first_of(bought.rename({"first": "day"}), context))


def first_of(rows: nw.LazyFrame, context: Context) -> nw.LazyFrame:
    """Per customer the segment of the earliest row; of several that day the smallest value."""
    first = rows.group_by("customer_id").agg(first=nw.col("day").min())
    return (
        rows.join(first, on="customer_id", how="inner")
        .filter(nw.col("day") == nw.col("first"))
        .group_by("customer_id")
        .agg(**{name: nw.col(name).min() for name in context.own_by("transactions")})
    )


def attach_own(
    frame: nw.LazyFrame,
    context: Context,
    *,
    order: str | None,
    segments: str = "buyer_segments",
) -> nw.LazyFrame:
    """The frame with the segments that its customers have by their transactions, as the frame
    of that name tells, if there are any."""
    if not context.own_by("transactions"):
        return frame
    return frame.join(context.frame(segments, order=order), on="customer_id", how="left")


def attach(frame: nw.LazyFrame, context: Context, *, order: str | None) -> nw.LazyFrame:
    """The frame with all segments of its customers."""
    return context.with_theirs(attach_own(frame, context, order=order), "transactions")
