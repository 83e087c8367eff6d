"""Which cells of a row agree with another cell of it, or with other rows of the customer.

NAME:cells and NAME:ok of every row. START_to_END: where both dates are there, the second is
not before the first. one_email: a customer has the same address in all rows as in the first.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._cells import Check, cells, parted
from crm_kpi.frames._context import Context
from crm_kpi.tables import TABLES

ONE_EMAIL = "one_email"


def build(context: Context, *, table: str) -> nw.LazyFrame:
    rows = context.frame("emails", table=table)
    there = rows.columns
    checks: dict[str, Check] = {}
    for start, end in TABLES[table].ordered:
        if start in there and end in there:
            both = ~nw.col(start).is_null() & ~nw.col(end).is_null()
            checks[pair(start, end)] = both, nw.col(end) >= nw.col(start)
    names = compared(table)
    if "email" not in there or "customer_id" not in there:
        return cells(context, rows, checks, names)
    applies = ~nw.col("customer_id").is_null() & ~nw.col("email:key").is_null()
    alone, several = parted(context, rows, ["customer_id"])
    address = nw.col("email:key")
    place = address.cum_count().over("customer_id", order_by=["unknown", "day", "email:key"])
    several = several.with_columns(unknown=address.is_null().cast(nw.Int64))
    several = several.with_columns(place=place)
    first = nw.when((nw.col("place") == 1) & (nw.col("unknown") == 0)).then(address)
    several = several.with_columns(first=first.max().over("customer_id"))
    one = checks | {ONE_EMAIL: (applies, nw.lit(value=True))}
    same = checks | {ONE_EMAIL: (applies, address == nw.col("first"))}
    return nw.concat([cells(context, alone, one, names), cells(context, several, same, names)])


def pair(start: str, end: str) -> str:
    return f"{start}_to_{end}"


def compared(table: str) -> tuple[str, ...]:
    """What there can be to compare within a table."""
    pairs = [pair(start, end) for start, end in TABLES[table].ordered]
    return (*pairs, ONE_EMAIL) if "email" in TABLES[table] else tuple(pairs)
