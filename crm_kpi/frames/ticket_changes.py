"""Open tickets as a stock: one row per ticket created and per ticket solved.

day       when it was created or last solved
change    +1 or -1
created   1 for a ticket created, else 0
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    tickets = context.tables["tickets"]
    one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    created = tickets.select(*context.by, day=nw.col(day("created_at")), change=one, created=one)
    solved_on = nw.col(day("solved_at"))
    solved = tickets.filter(~solved_on.is_null()).select(
        *context.by, day=solved_on, change=-one, created=none
    )
    return nw.concat([created, solved])
