"""Deals won or lost, in the periods in which they were closed.

won (true or false), amount (null where there is none) and seconds, the time
from creation to the close of a won deal (null for a lost one, or where the
creation is blank).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames.deals import amount
from crm_kpi.tables import day


def build(context: Context) -> nw.LazyFrame:
    rows = context.frame("rows", table="opportunities", at=day("closed_at"))
    won = nw.col("outcome") == "won"
    seconds = context.seconds(nw.col("created_at"), nw.col("closed_at"))
    return context.keep(
        rows.filter(won | (nw.col("outcome") == "lost")).select(
            "period",
            *context.by,
            won=won,
            amount=amount(context),
            seconds=nw.when(won).then(seconds),
        )
    )
