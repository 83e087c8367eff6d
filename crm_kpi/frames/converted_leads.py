"""Leads in the periods in which they became customers, whenever they were created."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    return (
        context.frame("lead_conversions")
        .join(context.days, left_on="conversion", right_on="day", how="inner")
        .select("period", *context.by)
    )
