"""What was bought in a period, by whomever: `bought` by period instead of slot.

One row per customer (those without a customer are one, null), period and values of the
segment columns: lines, gross, refunds, orders.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context
from crm_kpi.frames.bought import SUMS


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    rows = context.frame("bought", order=order).join(
        context.slots_of_periods, on="slot", how="inner"
    )
    keys = ["customer_id", "period", *context.by]
    if context.periods_are_slots:
        return rows.select(*keys, *SUMS)
    return context.keep(_summed(rows, keys))


def of_customers(context: Context, order: str | None) -> nw.LazyFrame:
    """The same per known customer and period, without the transactions' own segment columns."""
    found = context.frame("purchases", order=order).filter(~nw.col("customer_id").is_null())
    if not context.own_by("transactions"):
        return found
    return _summed(found, ["customer_id", "period", *context.their_by("transactions")])


def _summed(rows: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    return rows.group_by(*keys).agg(nw.col(name).sum() for name in SUMS)
