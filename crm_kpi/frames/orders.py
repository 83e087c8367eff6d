"""Orders: customer_id, day, amount, one row each, net amount above zero.

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
    rows = context.tables["transactions"]
    has_id = context.has("transactions", "transaction_id")
    order = order or ("id" if has_id else "row")
    columns = ["customer_id", "day", "amount", *context.by]
    rows = rows.with_columns(day=nw.col("date"))
    if order == "day":
        known = ~nw.col("customer_id").is_null()
        orders = nw.concat(
            [
                _grouped(rows.filter(known), ["customer_id", "day"], context).select(columns),
                rows.filter(~known).select(columns),
            ]
        )
    elif order == "id" and has_id and ("transactions", "transaction_id") not in context.unique:
        known = ~nw.col("transaction_id").is_null()
        orders = nw.concat(
            [
                _grouped(rows.filter(known), ["customer_id", "transaction_id"], context).select(
                    columns
                ),
                rows.filter(~known).select(columns),
            ]
        )
    else:
        orders = rows.select(columns)
    return context.keep(orders.filter(nw.col("amount") > 0))


def _grouped(rows: nw.LazyFrame, keys: list[str], context: Context) -> nw.LazyFrame:
    day = {} if "day" in keys else {"day": nw.col("day").min()}
    segments = {name: nw.col(name).min() for name in context.by}
    return rows.group_by(*keys).agg(amount=nw.col("amount").sum(), **day, **segments)
