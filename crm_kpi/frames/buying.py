"""What was bought in a period, by whomever: `purchases` with all segment columns."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    return context.with_theirs(context.frame("purchases", order=order), "transactions")
