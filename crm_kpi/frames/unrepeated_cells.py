"""Which ids, e-mail addresses and telephone numbers are not those of an earlier row.

COLUMN:cells and COLUMN:ok of every row. The first of all rows that share a value, by date
and then by id, is right; so is an address or number in another row of the same customer,
and the row of a customer who came back after the earlier stays had ended. Capitals and
outer blanks make no difference.
"""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.frames._cells import ROW, cells, parted
from crm_kpi.frames._context import Context
from crm_kpi.tables import TABLES

KEY, END, LATEST = "id:key", "id:end", "id:latest"


def build(context: Context, *, table: str, columns: tuple[str, ...], region: str) -> nw.LazyFrame:
    rows = context.frame("phones", table=table, region=region)
    there = rows.columns
    id_ = TABLES[table].id
    if id_ is None or id_ not in there:
        return cells(context, rows, {}, columns)
    key = nw.col(id_).str.strip_chars().str.to_lowercase()
    if table == "surveys" and "survey" in there:  # one response may answer several surveys
        key = nw.concat_str(key, nw.col("survey").fill_null(""), separator=" ")
    keys = {id_: KEY} | {c: f"{c}:key" for c in columns if c != id_ and c in there}
    rows = rows.with_columns(key.alias(KEY))
    alone, shared = parted(context, rows, list(keys.values()))
    there_is = {name: ~nw.col(key).is_null() for name, key in keys.items()}
    right = {name: nw.lit(value=True) for name in keys}
    first = cells(context, alone, {n: (there_is[n], right[n]) for n in keys}, columns)
    shared, right[id_] = _ids(context, shared, table, there)
    for name in keys:
        if name != id_:
            shared, right[name] = _of_one_customer(shared, name)
    return nw.concat(
        [first, cells(context, shared, {n: (there_is[n], right[n]) for n in keys}, columns)]
    )


def _ids(
    context: Context, rows: nw.LazyFrame, table: str, there: list[str]
) -> tuple[nw.LazyFrame, nw.Expr]:
    """The first row of an id, and each later stay of a customer."""
    forever = nw.lit(date.max)
    end = nw.col("churn_date").fill_null(date.max) if "churn_date" in there else forever
    order = ["day", END, *context.by, *(name for name in there if name == ROW)]
    rows = rows.with_columns(end.alias(END)).with_columns(
        nw.col(KEY).cum_count().over(KEY, order_by=order).alias("id:place"),
        nw.col(END).cum_max().over(KEY, order_by=order).alias(LATEST),
    )
    if table != "customers":
        return rows, nw.col("id:place") == 1
    rows = rows.with_columns(nw.col(LATEST).shift(1).over(KEY, order_by=["id:place"]).alias(LATEST))
    start = nw.col("signup_date")
    again = (start >= nw.col(LATEST)) & (start < nw.col(END))
    return rows, (nw.col("id:place") == 1) | again.fill_null(value=False)


def _of_one_customer(rows: nw.LazyFrame, name: str) -> tuple[nw.LazyFrame, nw.Expr]:
    """The first row of an address or number, and the others of the customer whose it is."""
    key, place, holder = f"{name}:key", f"{name}:place", f"{name}:holder"
    rows = rows.with_columns(nw.col(KEY).is_null().cast(nw.Int64).alias("nobody"))
    rank = nw.col(key).cum_count().over(key, order_by=["nobody", "day", KEY])
    rows = rows.with_columns(rank.alias(place))
    first = nw.when(nw.col(place) == 1).then(nw.col(KEY))
    rows = rows.with_columns(first.max().over(key).alias(holder))
    mine = nw.col(KEY) == nw.col(holder)
    return rows, (nw.col(place) == 1) | mine.fill_null(value=False)


def compared(table: str) -> tuple[str, ...]:
    """The columns whose values should not stand twice."""
    id_ = TABLES[table].id
    return (id_, *(c for c in ("email", "phone") if c in TABLES[table])) if id_ else ()
