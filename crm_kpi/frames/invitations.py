"""Surveys by the day they were sent, and whether they are answered by now: period, answered."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    rows = context.frame("rows", table="surveys", at=day("sent_at"))
    answered_on = nw.col(day("answered_at"))
    by_now = answered_on.is_null() | (answered_on < context.known)
    return rows.select("period", *context.by, answered=~nw.col("score").is_null() & by_now)
