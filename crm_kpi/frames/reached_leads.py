"""Leads in the periods in which they were created: reached is 1 with any interaction by now.

A lead without one has no segment (null). Without a leads table there are no rows.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    columns = ["period", *context.by, "reached"]
    if not context.has("leads", "lead_id"):
        types = {"period": nw.Int32, **dict.fromkeys(context.by, nw.String), "reached": nw.Int64}
        return context.adapter.table({name: [] for name in columns}, types)
    reached = context.frame("touch_segments").with_columns(found=nw.lit(1).cast(nw.Int64))
    return (
        context.frame("rows", table="leads", at=day("created_at"))
        .select("lead_id", "period")
        .join(reached, on="lead_id", how="left")
        .select("period", *context.by, reached=nw.col("found").fill_null(0))
    )
