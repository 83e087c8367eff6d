"""Tickets by the day they were created, with the seconds until the first public reply.

`seconds` is null while nobody has answered (as of the last known day).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    answered = nw.col(day("first_reply_at")) < context.known
    waited = (nw.col("first_reply_at") - nw.col("created_at")).dt.total_seconds()
    rows = context.frame("rows", table="tickets", at=day("created_at"))
    return context.keep(
        rows.select("period", *context.by, seconds=nw.when(answered).then(waited).cast(nw.Int64))
    )
