"""Orders and revenue: what each customer bought, and when.

What periods, customers and segments are asked for is added up from one grain,
`revenue_by_customer_slot`; transactions are gone through once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import (
    OrderRule,
    discounts,
    has_discounts,
    is_row,
    is_sale,
    orders,
    row_is_order,
    transactions,
)

SUMS = ("lines", "gross", "refunds", "orders", "value")


def revenue_by_customer_slot(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """What each customer bought in each slot of time: the grain of everything about revenue.

    Grain: one row per customer (those without a customer are one, null), slot and value of the
    segment columns that transactions have themselves.

    Columns:
        customer_id   text; null for nobody
        slot          int, see `Timeline`
        lines         int, rows of the table
        gross         money, the sum of the sale and discount lines
        refunds       money, the sum of the others: a negative number
        orders        int, each in the slot of its first sale line
        value         money, what these orders are worth
        first, last   dates of the first and the last of them; null where there is none
        and all segment columns

    Source: transactions, customers.
    """
    if context.parent_slice is not None:
        whole, mine = context.parent_slice
        rows = whole.frame(revenue_by_customer_slot, order=order)
        return context.backend.materialize(rows.filter(*mine)) if mine else rows
    keys = ["customer_id", "slot", *context.tables.own_segment_columns("transactions")]
    known = context.timeline.first_unknown_day
    others = [] if is_row(context, order) else [_of_orders(context, keys, order)]
    if has_discounts(context.tables):
        others.append(_of_discounts(context, keys))
    bounds = [
        context.timeline.first_day,
        *(b for b in context.timeline.bounds if context.timeline.first_day < b < known),
    ]

    def part(start: date, stop: date) -> nw.LazyFrame:
        found = _of_rows(context, keys, start, stop, order)
        return found if others else context.tables.attach_customer_segments(found, "transactions")

    found = context.backend.materialize_by_time(part, [*bounds, known])
    if not others:
        return found
    sums = (nw.col(name).sum() for name in SUMS)
    every = (
        nw.concat([found, *others])
        .group_by(*keys)
        .agg(*sums, nw.col("first").min(), nw.col("last").max())
    )
    return context.backend.materialize(
        context.tables.attach_customer_segments(every, "transactions")
    )


def _of_rows(
    context: FrameContext, keys: list[str], start: date, stop: date, order: OrderRule
) -> nw.LazyFrame:
    """What the rows from one day to another bring, discounts among the refunds; and orders too,
    if each sale line is one."""
    amount, day, counts = nw.col("amount"), nw.col("day"), is_row(context, order)
    ordered, names = row_is_order(context, order), ["gross"]
    measures = {
        "gross": nw.when(is_sale(context.tables)).then(amount).otherwise(amount * 0),
        "ordered": nw.when(ordered).then(day) if counts else nw.lit(None, nw.Date),
    }
    if counts and context.has("transactions", "kind"):  # else the value is the gross
        measures["value"] = nw.when(ordered).then(amount).otherwise(amount * 0)
        names.append("value")
    rows = (
        context.frame(transactions)
        .filter(day >= start, day < stop)
        .join(context.timeline.slots, on="day", how="inner")
        # As few columns as can be, for they are as long as the table.
        .select(*keys, "amount", **measures)
    )
    gross = nw.col("gross")
    value = nw.col("value") if "value" in names else gross if counts else gross * 0
    return (
        rows.group_by(*keys)
        .agg(
            *(nw.col(name).sum() for name in names),
            lines=nw.len(),
            net=amount.sum(),
            orders=nw.col("ordered").count(),
            first=nw.col("ordered").min(),
            last=nw.col("ordered").max(),
        )
        .select(
            *keys,
            nw.col("lines").cast(nw.Int64),
            "gross",
            nw.col("orders").cast(nw.Int64),
            "first",
            "last",
            refunds=nw.col("net") - gross,
            value=value,
        )
        .select(*keys, *SUMS, "first", "last")
    )


def _of_orders(context: FrameContext, keys: list[str], order: OrderRule) -> nw.LazyFrame:
    """The orders, where several rows can make one; what they bring, rows say."""
    placed = context.frame(orders, order=order).join(context.timeline.slots, on="day", how="inner")
    day, value = nw.col("day"), nw.col("value")
    return (
        placed.group_by(*keys)
        .agg(orders=nw.len(), first=day.min(), last=day.max(), value=nw.col("amount").sum())
        .select(
            *keys,
            lines=nw.lit(0).cast(nw.Int64),
            gross=value * 0,
            refunds=value * 0,
            orders=nw.col("orders").cast(nw.Int64),
            value=value,
            first=nw.col("first"),
            last=nw.col("last"),
        )
    )


def _of_discounts(context: FrameContext, keys: list[str]) -> nw.LazyFrame:
    """The discounts, which rows alone take for refunds: moved from there to the gross."""
    placed = context.frame(discounts).join(context.timeline.slots, on="day", how="inner")
    amount, nothing = nw.col("amount"), nw.lit(0).cast(nw.Int64)
    return (
        placed.group_by(*keys)
        .agg(amount.sum())
        .select(
            *keys,
            lines=nothing,
            gross=amount,
            refunds=-amount,
            orders=nothing,
            value=amount * 0,
            first=nw.lit(None, nw.Date),
            last=nw.lit(None, nw.Date),
        )
    )


def purchases(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """What was bought in a period, by whomever: `revenue_by_customer_slot` by period.

    Grain: one row per customer (those without a customer are one, null), period and segment.

    Columns:
        customer_id, lines, gross, refunds, orders, value   as there
        period                                              int, index in the calendar

    Source: transactions, customers.
    """
    rows = context.frame(revenue_by_customer_slot, order=order).join(
        context.timeline.slots_of_periods, on="slot", how="inner"
    )
    keys = ["customer_id", "period", *context.by]
    if context.timeline.periods_are_slots:
        return rows.select(*keys, *SUMS)
    return context.backend.materialize(_summed(rows, keys))


def _purchases_of_customers(context: FrameContext, order: OrderRule) -> nw.LazyFrame:
    """The same per known customer and period, without the transactions' own segment columns."""
    found = context.frame(purchases, order=order).filter(~nw.col("customer_id").is_null())
    if not context.tables.own_segment_columns("transactions"):
        return found
    return _summed(
        found, ["customer_id", "period", *context.tables.customer_segment_columns("transactions")]
    )


def _summed(rows: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    return rows.group_by(*keys).agg(nw.col(name).sum() for name in SUMS)


def buyers(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """Who bought, and how often.

    Grain: one row per known customer and period with an order.

    Columns:
        customer_id   text
        period        int
        orders        int, above 0
        and the other sums of `purchases`

    Source: transactions, customers.
    """
    bought = _purchases_of_customers(context, order).filter(nw.col("orders") > 0)
    return attach_own_segments(bought, context, order=order)


def spending(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """What each known customer spent in a period. No rows where there is no transactions table.

    Grain: one row per customer and period with a transaction.

    Columns:
        customer_id, period, gross, refunds   as in `purchases`
        net       money, gross and refunds together
        squared   the square of that, times 10,000; null from 10^10 on
        orders    int, 0 for who has only refunds in the period

    Source: transactions, customers.
    """
    if not context.has("transactions"):
        return _nothing(context)
    spent = _purchases_of_customers(context, order).with_columns(
        net=nw.col("gross") + nw.col("refunds")
    )
    spent = spent.with_columns(squared=_squared("net"))
    return attach_own_segments(spent, context, order=order, segments=spender_segments)


def order_values(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """How far apart orders lie in value.

    Grain: one row per day, period that holds it, and segment, with an order.

    Columns:
        period    int
        orders    int, those with a square
        squared   the sum of the squares of what orders are worth, times 10,000; of those from
                  10^10 on there are none

    Source: transactions, customers.
    """
    found = context.tables.attach_customer_segments(
        context.frame(orders, order=order).with_columns(squared=_squared("amount")), "transactions"
    )
    # Day by day before periods are joined: orders are many, days are few.
    by_day = found.group_by("day", *context.by).agg(
        nw.col("squared").sum(), orders=nw.col("squared").count().cast(nw.Int64)
    )
    placed = by_day.join(context.timeline.slots, on="day", how="inner").join(
        context.timeline.slots_of_periods, on="slot", how="inner"
    )
    return placed.select("period", *context.by, "orders", "squared")


LARGEST_SQUARED = 10**10
"""Amounts from so much on have no square: no engine has digits for a sum of many."""


def _squared(column: str) -> nw.Expr:
    """The square, times 10,000: so its 8 decimals are 4, which every engine keeps."""
    value = nw.col(column)
    small = (value < LARGEST_SQUARED) & (value > -LARGEST_SQUARED)
    hundredfold = nw.when(small).then(value * 100)
    return hundredfold * hundredfold


def _nothing(context: FrameContext) -> nw.LazyFrame:
    numbers = ("period", "gross", "refunds", "net", "squared", "orders", "value")
    types = dict.fromkeys(numbers, nw.Int64) | dict.fromkeys(context.by, nw.String)
    return context.backend.from_columns({name: [] for name in types}, types)


def spending_to_date(context: FrameContext) -> nw.LazyFrame:
    """What customers have spent so far, as changes of running totals.

    Grain: one row per known customer and slot, and one in the slot of each customer's first
    transaction.

    Columns:
        slot        int
        amount      money; 0 in the second kind of rows
        customers   int, 0, and 1 in the second kind

    Source: transactions, customers.
    """
    columns = [
        "customer_id",
        *context.tables.customer_segment_columns("transactions"),
        "slot",
        "amount",
        "customers",
    ]
    none, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    rows = (
        context.frame(revenue_by_customer_slot, order=OrderRule())
        .filter(~nw.col("customer_id").is_null())
        .with_columns(amount=nw.col("gross") + nw.col("refunds"), customers=none)
    )
    firsts = context.frame(first_purchase_slots, order=OrderRule()).select("customer_id", "slot")
    first = rows.join(firsts, on=["customer_id", "slot"], how="inner").unique(["customer_id"])
    first = first.with_columns(amount=nw.col("amount") * 0, customers=one)
    changes = nw.concat([rows.select(columns), first.select(columns)])
    return attach_own_segments(changes, context, order=OrderRule(), segments=spender_segments)


def first_purchase_slots(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """When each known customer came in.

    Grain: one row per customer with a transaction.

    Columns:
        customer_id   text
        slot          int, of the first row
        ordered       int, the slot of the first order; null for who has none

    Source: transactions.
    """
    slot = nw.col("slot")
    return context.backend.materialize(
        context.frame(revenue_by_customer_slot, order=order)
        .filter(~nw.col("customer_id").is_null())
        .with_columns(ordered=nw.when(nw.col("orders") > 0).then(slot))
        .group_by("customer_id")
        .agg(slot.min(), nw.col("ordered").min())
    )


def buyer_segments(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """The segment of each buyer: where their first purchase was.

    A channel or a category may differ between the orders of a customer; the first purchase decides
    (of several on that day, the smallest value), so that segments add up. A column of the customers
    table needs no such rule: it is looked up.

    Grain: one row per customer with an order.

    Columns:
        customer_id   text
        and the segment columns that transactions have themselves

    Source: transactions.
    """
    bought = context.frame(revenue_by_customer_slot, order=order).filter(
        ~nw.col("customer_id").is_null(), nw.col("orders") > 0
    )
    return context.backend.materialize(_first_of(bought.rename({"first": "day"}), context))


def _first_of(rows: nw.LazyFrame, context: FrameContext) -> nw.LazyFrame:
    """Per customer the segment of the earliest row; of several that day the smallest value."""
    first = rows.group_by("customer_id").agg(first=nw.col("day").min())
    return (
        rows.join(first, on="customer_id", how="inner")
        .filter(nw.col("day") == nw.col("first"))
        .group_by("customer_id")
        .agg(
            **{
                name: nw.col(name).min()
                for name in context.tables.own_segment_columns("transactions")
            }
        )
    )


def attach_own_segments(
    frame: nw.LazyFrame,
    context: FrameContext,
    *,
    order: OrderRule,
    segments: Callable[..., nw.LazyFrame] = buyer_segments,
) -> nw.LazyFrame:
    """The frame with the segments that its customers have by their transactions, if there are
    any; `segments` tells which, `buyer_segments` or `spender_segments`."""
    if not context.tables.own_segment_columns("transactions"):
        return frame
    return frame.join(context.frame(segments, order=order), on="customer_id", how="left")


def attach_segments(
    frame: nw.LazyFrame, context: FrameContext, *, order: OrderRule
) -> nw.LazyFrame:
    """The frame with all segments of its customers."""
    return context.tables.attach_customer_segments(
        attach_own_segments(frame, context, order=order), "transactions"
    )


def spender_segments(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """The segment of each customer with a transaction, whether it makes an order or not.

    Buyers are where their first purchase was; of who has only refunds or rows worth nothing, the
    first row decides.

    Grain: one row per customer with a transaction.

    Columns: as in `buyer_segments`.

    Source: transactions.
    """
    buyers = context.frame(buyer_segments, order=order)
    others = (
        context.frame(transactions)
        .filter(~nw.col("customer_id").is_null())
        .select("customer_id", *context.tables.own_segment_columns("transactions"), "day")
        .join(buyers, on="customer_id", how="anti")
    )
    columns = ["customer_id", *context.tables.own_segment_columns("transactions")]
    first = _first_of(others, context)
    return context.backend.materialize(nw.concat([buyers.select(columns), first.select(columns)]))
