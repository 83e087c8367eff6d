"""Each customer's latest answer to one survey in each period: one row per customer and period.

Of answers at the same moment the one with the higher response_id counts, then the higher score.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context, *, survey: str) -> nw.LazyFrame:
    rows = context.frame("rows", table="surveys", at=day("answered_at")).filter(
        (nw.col("survey") == survey) & ~nw.col("score").is_null() & ~nw.col("customer_id").is_null()
    )
    order = ["answered_at"]
    if context.has("surveys", "response_id"):
        order.append("response_id")
    order += ["score", *context.by]
    latest = (
        nw.col("answered_at").cum_count(reverse=True).over("customer_id", "period", order_by=order)
    )
    return context.keep(rows.with_columns(place=latest).filter(nw.col("place") == 1))
