"""Subscriptions that somebody pays for: the rows of the table with three columns beside.

    first_paid  the start, or the trial's end where that is later
    ended       the end date; null while open
    yearly      amount x quantity x (periods a year x SCALE // interval_count)

A row worth nothing, or over before its first paid day, is left out. `of` says which rows
of the context. `SCALE` makes whole numbers of what would have to be rounded, such as a
thirtieth, so that decimals are multiplied only, which all engines do alike; metrics divide
by 12 x SCALE at the end, in exact fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import lcm
from typing import Literal

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context

SCALE = lcm(*range(1, 31))
"""Divisible by each interval_count up to 30 and by the larger ones that occur, such as 36, 45,
60, 90, 180; of any other the last of fourteen digits is lost. So small that a year's days of
it are exact as a float, through which some engines divide."""

PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}


def build(context: Context, *, of: Literal["tables", "bare", "whole"] = "tables") -> nw.LazyFrame:
    def has(name: str) -> bool:
        return context.has("subscriptions", name)

    def count(name: str) -> nw.Expr:
        return nw.col(name).fill_null(1) if has(name) else nw.lit(1).cast(nw.Int64)

    per_year = nw.lit(PER_YEAR["month"]).cast(nw.Int64)
    if has("interval"):
        for interval, times in PER_YEAR.items():
            per_year = (
                nw.when(nw.col("interval") == interval).then(nw.lit(times)).otherwise(per_year)
            )
    start = nw.col("start_date")
    if has("trial_end"):
        late = ~nw.col("trial_end").is_null() & (nw.col("trial_end") > start)
        start = nw.when(late).then(nw.col("trial_end")).otherwise(start)
    tables: Mapping[str, nw.LazyFrame] = getattr(context, of)
    rows = tables["subscriptions"].with_columns(
        first_paid=start,
        ended=nw.col("end_date") if has("end_date") else nw.lit(None, nw.Date),
        yearly=nw.col("amount")
        * count("quantity")
        * (per_year * SCALE // count("interval_count")).cast(nw.Int64),
    )
    open_or_later = nw.col("ended").is_null() | (nw.col("ended") > nw.col("first_paid"))
    return rows.filter((nw.col("yearly") > 0) & open_or_later)
