"""The stages of each deal and the days it is in them: one row per deal and stage.

The columns of `deals`, with the stage's own `begins` and `ends` (null while it
lasts); a stage left on the day it was entered begins and ends on one day. From
stage_changes where there is such a table; a deal without a row in it, and every
deal without the table, is in its own stage from beginning to end.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    deals = context.frame("deals")
    one_stage = deals.with_columns(begins=nw.col("opened"), ends=nw.col("closed"))
    if not context.has("stage_changes", "stage"):
        return context.keep(one_stage)
    order, entered = ["entered_at", "stage"], nw.col(day("entered_at"))
    steps = context.whole["stage_changes"].select(
        "opportunity_id",
        "stage",
        first=entered.shift(1).over("opportunity_id", order_by=order).is_null(),
        entered=entered,
        left=entered.shift(-1).over("opportunity_id", order_by=order),
    )
    columns = deals.columns
    told = deals.drop("stage").join(steps, on="opportunity_id", how="inner")
    opened, closed = nw.col("opened"), nw.col("closed")
    # The first stage is that of the days before it was written down, too.
    start = nw.when(nw.col("first")).then(opened).otherwise(nw.max_horizontal("entered", "opened"))
    stop = nw.when(~nw.col("left").is_null()).then(nw.max_horizontal("left", "opened"))
    spans = told.with_columns(start=start, stop=stop).with_columns(
        begins=nw.min_horizontal("start", "closed"),
        ends=nw.when(~(closed.is_null() & nw.col("stop").is_null())).then(
            nw.min_horizontal("stop", "closed")
        ),
    )
    untold = one_stage.join(steps.select("opportunity_id"), on="opportunity_id", how="anti")
    names = [*columns, "begins", "ends"]
    return context.keep(nw.concat([spans.select(names), untold.select(names)]))
