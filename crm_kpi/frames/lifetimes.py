"""Tickets by the day they were created, with how long they lived, as known at the period's end.

    seconds   from created_at to solved_at, or, of a ticket that is still open, to the
              period's end
    ended     whether it was solved by then

With a schedule, open seconds.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames._elapsed import Schedule, with_seconds
from crm_kpi.tables import day


def build(context: Context, *, schedule: Schedule | None) -> nw.LazyFrame:
    solved_on, ended = nw.col(day("solved_at")), nw.col("ended")
    rows = (
        context.frame("rows", table="tickets", at=day("created_at"))
        .with_columns(ended=~solved_on.is_null() & (solved_on < nw.col("until")))
        .select("period", *context.by, "created_at", "solved_at", "ended")
        .join(context.frame("period_ends").select("period", "ends"), on="period", how="inner")
        .with_columns(left=nw.when(ended).then(nw.col("solved_at")).otherwise(nw.col("ends")))
    )
    rows = with_seconds(rows, context, schedule, seconds=("created_at", "left"))
    return context.keep(rows.select("period", *context.by, "seconds", "ended"))
