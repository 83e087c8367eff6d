"""Recurring revenue as a stock, customer by customer and day by day.

One row per customer and day on which something changes: day, yearly (change of
the yearly amount), running (change of the number of paid subscriptions) and
paying (+1 when the customer begins to pay, -1 when they stop, else 0).

Amounts are in the scaled whole numbers of `paid_subscriptions`.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    paid = context.frame("paid_subscriptions", of="bare")
    one = nw.lit(1).cast(nw.Int64)
    began = paid.select("customer_id", "yearly", day=nw.col("first_paid"), running=one)
    ended = paid.filter(~nw.col("ended").is_null()).select(
        "customer_id", yearly=-nw.col("yearly"), day=nw.col("ended"), running=-one
    )
    changes = (
        nw.concat(
            [
                began.select("customer_id", "day", "yearly", "running"),
                ended.select("customer_id", "day", "yearly", "running"),
            ]
        )
        .group_by("customer_id", "day")
        .agg(nw.col("yearly").sum(), nw.col("running").sum())
        .with_columns(level=nw.col("running").cum_sum().over("customer_id", order_by="day"))
    )
    pays = (nw.col("level") > 0).cast(nw.Int64)
    paid_before = (nw.col("level") - nw.col("running") > 0).cast(nw.Int64)
    changes = changes.select("customer_id", "day", "yearly", "running", paying=pays - paid_before)
    own = context.own_by("subscriptions")
    if own:
        first = paid.group_by("customer_id").agg(first=nw.col("first_paid").min())
        segments = (
            paid.join(first, on="customer_id", how="inner")
            .filter(nw.col("first_paid") == nw.col("first"))
            .group_by("customer_id")
            .agg(**{name: nw.col(name).min() for name in own})
        )
        changes = changes.join(segments, on="customer_id", how="left")
    return context.keep(context.with_theirs(changes, "subscriptions"))
