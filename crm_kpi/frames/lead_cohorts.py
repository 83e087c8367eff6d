"""Leads in the periods in which they were created, and whether they converted in time.

Flags (0 or 1), as known at `as_of`:

    converted   within `window` of the day of creation; without one, at any time
    pending     not converted, and the window is still open
    untold      converted, but without a date, and the window has passed: in time or late
    told        the file says at all who converted
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, window: str | None) -> nw.LazyFrame:
    """`window` is an offset such as 30d or 3mo; its last day is inside."""
    rows = context.frame("lead_conversions").join(
        context.days, left_on="created", right_on="day", how="inner"
    )
    conversion = nw.col("conversion")
    done = ~conversion.is_null()
    open_ = late = untold = nw.lit(value=False)
    if window is not None:
        last = nw.col("created").dt.offset_by(window)
        open_ = last >= context.known
        late = done & (conversion > last)
        untold = late & (nw.col("dated") == 0)
    return context.keep(
        rows.select(
            "period",
            "told",
            *context.by,
            converted=(done & ~late).cast(nw.Int64),
            pending=(~done & open_).cast(nw.Int64),
            untold=untold.cast(nw.Int64),
        )
    )
