"""Buyers of a period against buyers of the period before: one row per customer and period.

Flags (0 or 1): `start` bought in the period before, `end` bought in this one,
`lost`, `new` (first purchase ever inside), `returned`.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    days = (
        context.frame("orders", order=None)
        .filter(~nw.col("customer_id").is_null())
        .select("customer_id", "day")
    )
    first = days.group_by("customer_id").agg(first=nw.col("day").min())
    zero, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)

    def inside(map_of_days: nw.LazyFrame, start: nw.Expr, end: nw.Expr) -> nw.LazyFrame:
        return days.join(map_of_days, on="day", how="inner").select(
            "customer_id", period="period", begins="start", start=start, end=end
        )

    both = nw.concat([inside(context.days, zero, one), inside(context.days_before, one, zero)])
    per_customer = (
        both.group_by("customer_id", "period")
        .agg(nw.col("start").max(), nw.col("end").max(), nw.col("begins").max())
        .join(first, on="customer_id", how="inner")
    )
    s, e = nw.col("start") == 1, nw.col("end") == 1
    fresh = nw.col("first") >= nw.col("begins")
    flags = per_customer.select(
        "customer_id",
        "period",
        "start",
        "end",
        lost=(s & ~e).cast(nw.Int64),
        new=(e & ~s & fresh).cast(nw.Int64),
        returned=(e & ~s & ~fresh).cast(nw.Int64),
    )
    return context.keep(buyer_segments.attach(flags, context, order=None))
