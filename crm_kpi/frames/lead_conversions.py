"""Leads and the day each became a customer, as known at `as_of`: created, conversion, dated.

`conversion` is null while a lead is none. Where `converted` says yes and no
date is given, it is the day of `as_of`, the first on which it is known for
sure, and `dated` is 0. A date after `as_of` has not come yet, whatever the
flag says. `told` is 0 when the file has neither column.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.periods import DAY
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    has_date, has_flag = (context.has("leads", c) for c in ("converted_at", "converted"))
    dated = nw.col(day("converted_at")) if has_date else nw.lit(None, nw.Date)
    conversion: nw.Expr = nw.when(dated < context.known).then(dated)
    if has_flag:
        only_said = dated.is_null() & nw.col("converted")
        today = nw.lit(context.known - DAY, nw.Date)
        conversion = nw.when(only_said).then(today).otherwise(conversion)
    return context.keep(
        context.tables["leads"].select(
            *context.by,
            created=nw.col(day("created_at")),
            conversion=conversion,
            dated=(~dated.is_null()).cast(nw.Int64),
            told=nw.lit(int(has_date or has_flag)).cast(nw.Int64),
        )
    )
