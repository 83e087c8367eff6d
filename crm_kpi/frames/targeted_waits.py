"""Tickets by the day they were created, with how long they waited and how long they may.

seconds   as in `waits`
so_far    the same; of who is still waiting, to the end of the last known day
target    seconds, by the ticket's priority: the `targets` by names in small letters, and
          `rest` for every other one and the blank one; null for none
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames._elapsed import Schedule


def build(
    context: Context,
    *,
    event: str,
    schedule: Schedule | None,
    targets: tuple[tuple[str, int], ...],
    rest: int | None,
) -> nw.LazyFrame:
    columns = ("priority",) if targets else ()
    rows = context.frame("waits", event=event, schedule=schedule, columns=columns)
    target: nw.Expr = nw.lit(rest, nw.Int64)
    for priority, seconds in targets:
        named = nw.col("priority").str.to_lowercase() == priority
        target = nw.when(named).then(nw.lit(seconds).cast(nw.Int64)).otherwise(target)
    took = nw.col("seconds")
    so_far = nw.when(took.is_null()).then(nw.col("waited")).otherwise(took)
    return rows.with_columns(so_far=so_far, target=target)
