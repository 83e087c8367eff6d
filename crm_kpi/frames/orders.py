"""Orders: customer_id, day, amount and the segment columns of the rows themselves.

One row each, with a net amount above zero:

    id    the rows of a customer that share a transaction_id; a row without one
          is an order of its own
    day   the rows of one customer and day
    row   each row

The day of an order is that of its first row. An order whose rows add up to
nothing or less, such as a refund with an id of its own, is none.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    rows = context.bare["transactions"]
    rows = rows.with_columns(day=nw.col("date"))
    if is_row(context, order):
        return _orders(rows, context)
    key = "day" if order == "day" else "transaction_id"
    known = ~nw.col("customer_id" if order == "day" else key).is_null()
    grouped = _grouped(rows.filter(known), ["customer_id", key], context)
    return context.keep(
        nw.concat([_orders(grouped, context), _orders(rows.filter(~known), context)])
    )


def is_row(context: Context, order: str | None) -> bool:
    """Whether each row with an amount above zero is an order."""
    if order is None or order == "id":
        has_id = context.has("transactions", "transaction_id")
        return not has_id or ("transactions", "transaction_id") in context.unique
    return order == "row"


def _orders(rows: nw.LazyFrame, context: Context) -> nw.LazyFrame:
    columns = ["customer_id", "day", "amount", *context.own_by("transactions")]
    return rows.filter(nw.col("amount") > 0).select(columns)


def _grouped(rows: nw.LazyFrame, keys: list[str], context: Context) -> nw.LazyFrame:
    day = {} if "day" in keys else {"day": nw.col("day").min()}
    segments = {name: nw.col(name).min() for name in context.own_by("transactions")}
    return rows.group_by(*keys).agg(amount=nw.col("amount").sum(), **day, **segments)
