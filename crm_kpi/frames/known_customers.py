"""Which rows of a table name a customer whom the customers table has.

TABLE:customer_id:cells and TABLE:customer_id:ok of every row; no rows where one of the two
tables was not read. Rejected customers are known: their row is wrong, not they.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._cells import cells
from crm_kpi.frames._context import Context


def build(context: Context, *, table: str) -> nw.LazyFrame:
    name = f"{table}:customer_id"
    if "customers" not in context.columns or not context.has(table, "customer_id"):
        counts = {"rows": nw.Int64, f"{name}:cells": nw.Int64, f"{name}:ok": nw.Int64}
        types = {**dict.fromkeys(context.by, nw.String), "day": nw.Date, **counts}
        return context.adapter.table({column: [] for column in types}, types)
    known = context.frame("as_read", table="customers").select("customer_id", known=nw.lit(1))
    rows = context.frame("as_read", table=table).join(
        known.unique(["customer_id"]), on="customer_id", how="left"
    )
    named = ~nw.col("customer_id").is_null()
    return cells(context, rows, {name: (named, ~nw.col("known").is_null())}, (name,))
