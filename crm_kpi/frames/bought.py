"""What each customer bought in each slot of time: the grain of everything about revenue.

The transactions are gone through once; what periods, customers and segments are asked for
is added up from here. One row per customer (those without a customer are one, null), slot
and value of the segment columns that transactions have themselves, with the customer's
other segment columns beside:

    lines     rows of the table
    gross     the sum of the amounts above zero
    refunds   the sum of those below, a negative number
    orders    how many orders, each in the slot of its first row
    first     the day of the first of them, null where there is none
    last      the day of the last
"""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.frames import orders
from crm_kpi.frames._context import Context

SUMS = ("lines", "gross", "refunds", "orders")


def build(context: Context, *, order: str | None) -> nw.LazyFrame:
    if context.within is not None:
        whole, mine = context.within
        rows = whole.frame("bought", order=order)
        return context.keep(rows.filter(*mine)) if mine else rows
    keys = ["customer_id", "slot", *context.own_by("transactions")]
    counts, known = orders.is_row(context, order), context.known
    bounds = [context.first_day, *(b for b in context.bounds if context.first_day < b < known)]

    def part(start: date, stop: date) -> nw.LazyFrame:
        found = _of_rows(context, keys, start, stop, counts=counts)
        return context.with_theirs(found, "transactions") if counts else found

    found = context.adapter.keep_parts(part, [*bounds, known])
    if counts:
        return found
    both = nw.concat([found, _of_orders(context, keys, order)])
    sums = (nw.col(name).sum() for name in SUMS)
    every = both.group_by(*keys).agg(*sums, nw.col("first").min(), nw.col("last").max())
    return context.keep(context.with_theirs(every, "transactions"))


def _of_rows(
    context: Context, keys: list[str], start: date, stop: date, *, counts: bool
) -> nw.LazyFrame:
    """What the rows from one day to another bring; and orders too, if each row with an amount
    above zero is one."""
    amount, day = nw.col("amount"), nw.col("day")
    rows = (
        context.bare["transactions"]
        .select("customer_id", *keys[2:], "amount", day=nw.col("date"))
        .filter(day >= start, day < stop)
        .join(context.slots, on="day", how="inner")
        # As few columns as can be, for they are as long as the table.
        .select(
            *keys,
            "amount",
            gross=nw.when(amount > 0).then(amount).otherwise(amount * 0),
            ordered=nw.when(amount > 0).then(day) if counts else nw.lit(None, nw.Date),
        )
    )
    ordered = nw.col("ordered")
    return (
        rows.group_by(*keys)
        .agg(
            nw.col("gross").sum(),
            lines=nw.len(),
            net=amount.sum(),
            orders=ordered.count(),
            first=ordered.min(),
            last=ordered.max(),
        )
        .select(
            *keys,
            nw.col("lines").cast(nw.Int64),
            "gross",
            nw.col("orders").cast(nw.Int64),
            "first",
            "last",
            refunds=nw.col("net") - nw.col("gross"),
        )
        .select(*keys, *SUMS, "first", "last")
    )


def _of_orders(context: Context, keys: list[str], order: str | None) -> nw.LazyFrame:
    """The orders, where several rows can make one; without their amounts, which rows bring."""
    placed = context.frame("orders", order=order).join(context.slots, on="day", how="inner")
    day, nothing = nw.col("day"), nw.col("nothing")
    return (
        placed.group_by(*keys)
        .agg(orders=nw.len(), first=day.min(), last=day.max(), nothing=nw.col("amount").max())
        .select(
            *keys,
            lines=nw.lit(0).cast(nw.Int64),
            gross=nothing * 0,
            refunds=nothing * 0,
            orders=nw.col("orders").cast(nw.Int64),
            first=nw.col("first"),
            last=nw.col("last"),
        )
    )
