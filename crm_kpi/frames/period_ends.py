"""The instant at which each period ends, as far as it is known: period, until, ends."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context) -> nw.LazyFrame:
    begun = [(i, period.until) for i, period in enumerate(context.calendar.periods) if period.begun]
    return context.adapter.table(
        {
            "period": [i for i, _ in begun],
            "until": [until for _, until in begun],
            "ends": [context.instant(until) for _, until in begun],
        },
        {"period": nw.Int32, "until": nw.Date, "ends": nw.Datetime("us")},
    )
