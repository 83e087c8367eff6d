"""Tickets by the day they were created, with how long they waited for one event.

    seconds   from created_at to `event`, null while it has not happened
    waited    from created_at to the end of the last known day

and the `columns` asked for beside. With a schedule, open seconds.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames._elapsed import Schedule, with_seconds
from crm_kpi.tables import day


def build(
    context: Context, *, event: str, schedule: Schedule | None, columns: tuple[str, ...] = ()
) -> nw.LazyFrame:
    rows = context.frame("rows", table="tickets", at=day("created_at"))
    end = nw.lit(context.instant(context.known), nw.Datetime("us"))
    rows = with_seconds(
        rows.with_columns(now=end),
        context,
        schedule,
        seconds=("created_at", event),
        waited=("created_at", "now"),
    )
    happened = nw.col(day(event)) < context.known
    return context.keep(
        rows.select(
            "period",
            *context.by,
            *columns,
            seconds=nw.when(happened).then(nw.col("seconds")),
            waited=nw.col("waited"),
        )
    )
