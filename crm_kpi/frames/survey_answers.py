"""The rows of the surveys table by the day they were answered; `squared` is the score's square."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    rows = context.frame("rows", table="surveys", at=day("answered_at"))
    return rows.with_columns(squared=nw.col("score") * nw.col("score"))
