"""Leads in the periods in which they were created: reached is 1 with any interaction by now.

By a column of the interactions a lead is where its first interaction was, and
nowhere (null) without one. Without a leads table there are no rows.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    if not context.has("leads", "lead_id"):
        types = {"period": nw.Int32, **dict.fromkeys(context.by, nw.String), "reached": nw.Int64}
        return context.adapter.table({name: [] for name in types}, types)
    touched = [name for name in context.by if name in context.own["interactions"]]
    leads = [name for name in context.by if name not in touched]
    reached = context.frame("touch_segments").select(
        "lead_id", *touched, found=nw.lit(1).cast(nw.Int64)
    )
    return (
        context.frame("rows", table="leads", at=day("created_at"))
        .select("lead_id", "period", *leads)
        .join(reached, on="lead_id", how="left")
        .select("period", *context.by, reached=nw.col("found").fill_null(0))
    )
