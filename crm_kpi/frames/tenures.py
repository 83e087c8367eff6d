"""How long each customer has stayed, as it was known at each period's end.

One row per span and period that it began before: months30 (days in a year of
twelve months of thirty days, so that whole months and years come out whole)
and ended (1 when the customer has left by then, else 0: still open).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    spans = context.frame("spans", basis="contract", window=None).select(
        "signup", "churn", *context.by
    )
    signup, until = nw.col("signup"), nw.col("until")
    ended = ~nw.col("churn").is_null() & (nw.col("churn") < until)
    last = nw.when(ended).then(nw.col("churn")).otherwise(until)

    def parts(day: nw.Expr) -> nw.Expr:
        year, month = day.dt.year().cast(nw.Int64), day.dt.month().cast(nw.Int64)
        return year * 360 + month * 30 + day.dt.day().cast(nw.Int64)

    return (
        spans.join(context.periods, how="cross")
        .filter(signup < until)
        .select(
            *context.by,
            "period",
            tenure=parts(last) - parts(signup),
            ended=ended.cast(nw.Int64),
        )
    )
