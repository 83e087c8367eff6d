"""Orders in the periods that their day falls into: customer_id, day, amount, period."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    return context.frame("orders", order=order).join(context.days, on="day", how="inner")
