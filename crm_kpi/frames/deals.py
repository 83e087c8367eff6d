"""Deals and the days between which they are open: opportunity_id, opened, closed.

A deal is open at an instant b when opened < b and closed is null or closed >= b.
`closed` is null for an open deal, whatever date it has beside (some CRMs keep
the expected one there). Of an open deal with a blank creation it is known that
it is open now, so `opened` is the day of `as_of`; of a closed one it is not
known when it was open, and it is left out.

Beside them, null where the file has none: amount, probability (as it is
written), expected (the expected day of closing), and stage, which is null too
where no metric has asked for that text to be read.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.periods import DAY
from crm_kpi.tables import day

MONEY = nw.Decimal(38, 4)


def build(context: Context) -> nw.LazyFrame:
    rows = context.tables["opportunities"]
    there = rows.columns

    def column(name: str, type_: nw.dtypes.DType) -> nw.Expr:
        return nw.col(name) if name in there else nw.lit(None, type_)

    has_close = context.has("opportunities", "closed_at")
    close = nw.col(day("closed_at")) if has_close else nw.lit(None, nw.Date)
    still = nw.col("outcome").is_null() | (nw.col("outcome") == "open")
    created = nw.col(day("created_at"))
    opened = nw.when(still & created.is_null()).then(nw.lit(context.known - DAY, nw.Date))
    return context.keep(
        rows.filter(still | (~close.is_null() & ~created.is_null())).select(
            "opportunity_id",
            *context.by,
            opened=opened.otherwise(created),
            closed=nw.when(~still).then(close),
            stage=column("stage", nw.String()),
            amount=amount(context),
            probability=column("probability", nw.Float64()),
            expected=column("expected_close", nw.Date()),
        )
    )


def amount(context: Context) -> nw.Expr:
    """The amount, null in every row where the file has no such column."""
    return nw.col("amount") if context.has("opportunities", "amount") else nw.lit(None, MONEY)
