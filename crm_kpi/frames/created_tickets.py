"""Tickets by the day they were created, and whether they are solved by now.

solved   1 when solved by the last known day, else 0
dated    1 when the file has a column that says so, else 0
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    rows = context.frame("rows", table="tickets", at=day("created_at"))
    none, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    if not context.has("tickets", "solved_at"):
        return rows.select("period", *context.by, solved=none, dated=none)
    solved = nw.col(day("solved_at")) < context.known
    return rows.select(
        "period", *context.by, solved=nw.when(solved).then(one).otherwise(none), dated=one
    )
