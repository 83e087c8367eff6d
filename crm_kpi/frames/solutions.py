"""Tickets by the day they were last solved, with the time that it took.

    seconds   from created_at to solved_at
    first     from created_at to first_solved_at; null where the file has none

With a schedule, open seconds.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames._elapsed import Schedule, with_seconds
from crm_kpi.tables import day


def build(context: Context, *, schedule: Schedule | None) -> nw.LazyFrame:
    rows = context.frame("rows", table="tickets", at=day("solved_at"))
    spans = {"seconds": ("created_at", "solved_at")}
    if context.has("tickets", "first_solved_at"):
        spans["first"] = ("created_at", "first_solved_at")
    else:
        rows = rows.with_columns(first=nw.lit(None, nw.Int64))
    rows = with_seconds(rows, context, schedule, **spans)
    return context.keep(rows.select("period", *context.by, "seconds", "first"))
