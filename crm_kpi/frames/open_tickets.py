"""The tickets that are open at each period's end: one row per ticket and period, with its age.

age   seconds from created_at to the period's end
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    solved_on = nw.col(day("solved_at"))
    tickets = context.tables["tickets"].select(
        "created_at",
        *context.by,
        created_on=nw.col(day("created_at")),
        # Who is not solved is open until the last known day: one comparison below, no null,
        # which lets an engine join by range and not pair every ticket with every period.
        open_until=nw.when(~solved_on.is_null()).then(solved_on).otherwise(context.known),
    )
    until = nw.col("until")
    pairs = tickets.join(context.frame("period_ends"), how="cross").filter(
        nw.col("created_on") < until, nw.col("open_until") >= until
    )
    age = context.seconds(nw.col("created_at"), nw.col("ends"))
    return context.keep(pairs.select("period", *context.by, age=age))
