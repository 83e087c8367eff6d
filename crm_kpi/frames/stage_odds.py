"""How deals ended that had been in a stage: period, stage, closed, won; as of each period's end.

Each deal counts once in every stage it was in, or in its own stage where
stage_changes does not know it. All deals of the file are learned from, whatever
`--where` leaves out: the odds of a stage do not depend on who asks.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import _levels
from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    has_stage = context.has("opportunities", "stage")
    ended = context.whole["opportunities"].filter(nw.col("outcome").is_in(["won", "lost"]))
    ended = ended.select(
        "opportunity_id",
        stage=nw.col("stage") if has_stage else nw.lit(None, nw.String),
        day=nw.col(day("closed_at"))
        if context.has("opportunities", "closed_at")
        else nw.lit(None, nw.Date),
        won=(nw.col("outcome") == "won").cast(nw.Int64),
        closed=nw.lit(1).cast(nw.Int64),
    )
    if context.has("stage_changes", "stage"):
        steps = (
            context.whole["stage_changes"]
            .group_by("opportunity_id", "stage")
            .agg(entered=nw.col(day("entered_at")).min())
        )
        # A stage entered after the close, such as a reopened deal's, counts from then on.
        told = (
            ended.drop("stage")
            .join(steps, on="opportunity_id", how="inner")
            .with_columns(day=nw.max_horizontal("day", "entered"))
        )
        untold = ended.join(steps, on="opportunity_id", how="anti")
        ended = nw.concat([told.select(untold.columns), untold])
    return context.keep(
        _levels.at_period_ends(
            context,
            ended.filter(~nw.col("day").is_null() & ~nw.col("stage").is_null()),
            keys=["stage"],
            sums=["won", "closed"],
        )
    )
