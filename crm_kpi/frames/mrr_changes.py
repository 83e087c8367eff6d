"""Recurring revenue as a stock, customer by customer and day by day.

One row per customer and day on which something changes: day, yearly (change of
the yearly amount), running (change of the number of paid subscriptions) and
paying (+1 when the customer begins to pay, -1 when they stop, else 0).

Amounts are kept as amount x quantity x periods a year x SCALE / interval_count,
in whole numbers where a twelfth or a thirtieth would have to be rounded;
metrics divide by 12 x SCALE at the end, in exact fractions.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context

SCALE = 5040
"""Divisible by every interval_count that occurs: 1 to 10, 12, 14, 15, 18, 24, 30, 36, 48, 60, 90."""

PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}


def build(context: Context) -> nw.LazyFrame:
    rows = context.tables["subscriptions"]

    def whole(name: str) -> nw.Expr:
        return nw.col(name).fill_null(1) if context.has("subscriptions", name) else nw.lit(1).cast(nw.Int64)

    per_year = nw.lit(PER_YEAR["month"]).cast(nw.Int64)
    if context.has("subscriptions", "interval"):
        for interval, times in PER_YEAR.items():
            per_year = (
                nw.when(nw.col("interval") == interval).then(nw.lit(times)).otherwise(per_year)
            )
    yearly = nw.col("amount") * whole("quantity") * (per_year * SCALE) / whole("interval_count")
    start = nw.col("start_date")
    if context.has("subscriptions", "trial_end"):
        late = ~nw.col("trial_end").is_null() & (nw.col("trial_end") > start)
        start = nw.when(late).then(nw.col("trial_end")).otherwise(start)
    end = nw.col("end_date") if context.has("subscriptions", "end_date") else nw.lit(None, nw.Date)
    paid = rows.select("customer_id", *context.by, start=start, end=end, yearly=yearly).filter(
        (nw.col("yearly") > 0) & (nw.col("end").is_null() | (nw.col("end") > nw.col("start")))
    )
    one = nw.lit(1).cast(nw.Int64)
    began = paid.select("customer_id", "yearly", day=nw.col("start"), running=one)
    ended = paid.filter(~nw.col("end").is_null()).select(
        "customer_id", yearly=-nw.col("yearly"), day=nw.col("end"), running=-one
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
    if context.by:
        first = paid.group_by("customer_id").agg(first=nw.col("start").min())
        segments = (
            paid.join(first, on="customer_id", how="inner")
            .filter(nw.col("start") == nw.col("first"))
            .group_by("customer_id")
            .agg(**{name: nw.col(name).min() for name in context.by})
        )
        changes = changes.join(segments, on="customer_id", how="left")
    return context.keep(changes)
