"""Interactions with leads: lead_id, period, touches; one row per lead and period with any."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    rows = context.frame("rows", table="interactions", at=day("occurred_at"))
    touches = (
        rows.filter(~nw.col("lead_id").is_null())
        .group_by("lead_id", "period")
        .agg(touches=nw.len().cast(nw.Int64))
    )
    if context.by:
        touches = touches.join(context.frame("touch_segments"), on="lead_id", how="left")
    return context.keep(touches)
