"""Levels of a stock at each period's end, where more than a running total is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def at_period_ends(
    context: Context, changes: nw.LazyFrame, *, keys: Sequence[str], sums: Sequence[str]
) -> nw.LazyFrame:
    """Per period and `keys` the sum of all changes before the period's end.

    `changes` has `day`. They are added up by day first, so that what is laid
    against every period is small.
    """
    totals = [nw.col(name).sum() for name in sums]
    return (
        changes.group_by("day", *keys)
        .agg(*totals)
        .join(context.periods, how="cross")
        .filter(nw.col("day") < nw.col("until"))
        .group_by("period", *keys)
        .agg(*totals)
    )
