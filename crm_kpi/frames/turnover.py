"""Buyers of a period against buyers of the period before: one row per customer and period.

Flags (0 or 1): `start` bought in the period before, `end` bought in this one,
`lost`, `new` (first purchase ever inside), `returned`.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments, purchases
from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    days = (
        context.frame("orders", order=None)
        .filter(~nw.col("customer_id").is_null())
        .select("customer_id", "day")
    )
    first = days.group_by("customer_id").agg(first=nw.col("day").min())
    zero, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    keys = ["customer_id", "period"]
    now = purchases.of_customers(context, None).filter(nw.col("orders") > 0).select(keys)
    before = days.join(context.days_before.select("day", "period"), on="day", how="inner")
    both = nw.concat(
        [
            now.with_columns(start=zero, end=one),
            before.select(keys).unique(keys).with_columns(start=one, end=zero),
        ]
    )
    per_customer = (
        both.group_by(*keys)
        .agg(nw.col("start").max(), nw.col("end").max())
        .join(first, on="customer_id", how="inner")
        .join(context.periods.select("period", begins="start"), on="period", how="inner")
    )
    s, e = nw.col("start") == 1, nw.col("end") == 1
    fresh = nw.col("first") >= nw.col("begins")
    flags = per_customer.select(
        *keys,
        "start",
        "end",
        lost=(s & ~e).cast(nw.Int64),
        new=(e & ~s & fresh).cast(nw.Int64),
        returned=(e & ~s & ~fresh).cast(nw.Int64),
    )
    return context.keep(buyer_segments.attach(flags, context, order=None))
