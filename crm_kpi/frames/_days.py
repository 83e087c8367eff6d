"""Days as whole numbers, so that lengths of time are the same arithmetic on every engine."""

from __future__ import annotations

import narwhals.stable.v2 as nw


def ordinal(day: nw.Expr) -> nw.Expr:
    """The day's number, counted as `date.toordinal` does."""
    years = day.dt.year().cast(nw.Int64) - 1
    leaps = years // 4 - years // 100 + years // 400
    return years * 365 + leaps + day.dt.ordinal_day().cast(nw.Int64)
