"""Orders and revenue: what each customer bought, and when.

What periods, customers and segments are asked for is added up from one grain,
`revenue_by_customer_slot`; transactions are gone through once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext

SUMS = ("lines", "gross", "refunds", "orders")

OrderRule = Literal["id", "day", "row"]


def orders(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
    """Orders of a net amount above zero, each on the day of its first row.

    `order` says which rows make one:
        id    the rows of a customer that share a transaction_id; a row without one is an order of
              its own. None is id, and row where the file has none
        day   the rows of one customer and day
        row   each row
    An order whose rows add up to nothing or less, such as a refund with an id of its own, is none.

    Grain: one row per order.

    Columns:
        customer_id   text; null where the file names nobody
        day           date of the first row
        amount        money, above 0
        and the segment columns that transactions have themselves, the smallest value of the rows

    Source: transactions.
    """
    rows = context.tables.without_customer_segments["transactions"]
    rows = rows.with_columns(day=nw.col("date"))
    if is_row(context, order):
        return _orders(rows, context)
    key = "day" if order == "day" else "transaction_id"
    known = ~nw.col("customer_id" if order == "day" else key).is_null()
    grouped = _grouped(rows.filter(known), ["customer_id", key], context)
    return context.backend.materialize(
        nw.concat([_orders(grouped, context), _orders(rows.filter(~known), context)])
    )


def is_row(context: FrameContext, order: OrderRule | None) -> bool:
    """Whether each row with an amount above zero is an order."""
    if order is None or order == "id":
        has_id = context.has("transactions", "transaction_id")
        return not has_id or ("transactions", "transaction_id") in context.tables.unique_columns
    return order == "row"


def _orders(rows: nw.LazyFrame, context: FrameContext) -> nw.LazyFrame:
    columns = ["customer_id", "day", "amount", *context.tables.own_segment_columns("transactions")]
    return rows.filter(nw.col("amount") > 0).select(columns)


def _grouped(rows: nw.LazyFrame, keys: list[str], context: FrameContext) -> nw.LazyFrame:
    day = {} if "day" in keys else {"day": nw.col("day").min()}
    segments = {
        name: nw.col(name).min() for name in context.tables.own_segment_columns("transactions")
    }
    return rows.group_by(*keys).agg(amount=nw.col("amount").sum(), **day, **segments)


def revenue_by_customer_slot(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
    """What each customer bought in each slot of time: the grain of everything about revenue.

    Grain: one row per customer (those without a customer are one, null), slot and value of the
    segment columns that transactions have themselves.

    Columns:
        customer_id   text; null for nobody
        slot          int, see `Timeline`
        lines         int, rows of the table
        gross         money, the sum of the amounts above zero
        refunds       money, the sum of those below: a negative number
        orders        int, each in the slot of its first row
        first, last   dates of the first and the last of them; null where there is none
        and all segment columns

    Source: transactions, customers.
    """
    if context.parent_slice is not None:
        whole, mine = context.parent_slice
        rows = whole.frame(revenue_by_customer_slot, order=order)
        return context.backend.materialize(rows.filter(*mine)) if mine else rows
    keys = ["customer_id", "slot", *context.tables.own_segment_columns("transactions")]
    counts, known = is_row(context, order), context.timeline.first_unknown_day
    bounds = [
        context.timeline.first_day,
        *(b for b in context.timeline.bounds if context.timeline.first_day < b < known),
    ]

    def part(start: date, stop: date) -> nw.LazyFrame:
        found = _of_rows(context, keys, start, stop, counts=counts)
        return context.tables.attach_customer_segments(found, "transactions") if counts else found

    found = context.backend.materialize_by_time(part, [*bounds, known])
    if counts:
        return found
    both = nw.concat([found, _of_orders(context, keys, order)])
    sums = (nw.col(name).sum() for name in SUMS)
    every = both.group_by(*keys).agg(*sums, nw.col("first").min(), nw.col("last").max())
    return context.backend.materialize(
        context.tables.attach_customer_segments(every, "transactions")
    )


def _of_rows(
    context: FrameContext, keys: list[str], start: date, stop: date, *, counts: bool
) -> nw.LazyFrame:
    """What the rows from one day to another bring; and orders too, if each row with an amount
    above zero is one."""
    amount, day = nw.col("amount"), nw.col("day")
    rows = (
        context.tables.without_customer_segments["transactions"]
        .select("customer_id", *keys[2:], "amount", day=nw.col("date"))
        .filter(day >= start, day < stop)
        .join(context.timeline.slots, on="day", how="inner")
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


def _of_orders(context: FrameContext, keys: list[str], order: OrderRule | None) -> nw.LazyFrame:
    """The orders, where several rows can make one; without their amounts, which rows bring."""
    placed = context.frame(orders, order=order).join(context.timeline.slots, on="day", how="inner")
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


def purchases(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
    """What was bought in a period, by whomever: `revenue_by_customer_slot` by period.

    Grain: one row per customer (those without a customer are one, null), period and segment.

    Columns:
        customer_id, lines, gross, refunds, orders   as there
        period                                       int, index in the calendar

    Source: transactions, customers.
    """
    rows = context.frame(revenue_by_customer_slot, order=order).join(
        context.timeline.slots_of_periods, on="slot", how="inner"
    )
    keys = ["customer_id", "period", *context.by]
    if context.timeline.periods_are_slots:
        return rows.select(*keys, *SUMS)
    return context.backend.materialize(_summed(rows, keys))


def _purchases_of_customers(context: FrameContext, order: OrderRule | None) -> nw.LazyFrame:
    """The same per known customer and period, without the transactions' own segment columns."""
    found = context.frame(purchases, order=order).filter(~nw.col("customer_id").is_null())
    if not context.tables.own_segment_columns("transactions"):
        return found
    return _summed(
        found, ["customer_id", "period", *context.tables.customer_segment_columns("transactions")]
    )


def _summed(rows: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    return rows.group_by(*keys).agg(nw.col(name).sum() for name in SUMS)


def buyers(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
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


def spending(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
    """What each known customer spent in a period. No rows where there is no transactions table.

    Grain: one row per customer and period with a transaction.

    Columns:
        customer_id, period, gross, refunds   as in `purchases`
        net       money, gross and refunds together
        orders    int, 0 for who has only refunds in the period

    Source: transactions, customers.
    """
    if not context.has("transactions"):
        return _nothing(context)
    spent = _purchases_of_customers(context, order).with_columns(
        net=nw.col("gross") + nw.col("refunds")
    )
    return attach_own_segments(spent, context, order=order, segments=spender_segments)


def _nothing(context: FrameContext) -> nw.LazyFrame:
    numbers = ("period", "gross", "refunds", "net", "orders")
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
        context.frame(revenue_by_customer_slot, order=None)
        .filter(~nw.col("customer_id").is_null())
        .with_columns(amount=nw.col("gross") + nw.col("refunds"), customers=none)
    )
    firsts = context.frame(first_purchase_slots, order=None).select("customer_id", "slot")
    first = rows.join(firsts, on=["customer_id", "slot"], how="inner").unique(["customer_id"])
    first = first.with_columns(amount=nw.col("amount") * 0, customers=one)
    changes = nw.concat([rows.select(columns), first.select(columns)])
    return attach_own_segments(changes, context, order=None, segments=spender_segments)


def first_purchase_slots(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
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


def buyer_segments(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
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
    order: OrderRule | None,
    segments: Callable[..., nw.LazyFrame] = buyer_segments,
) -> nw.LazyFrame:
    """The frame with the segments that its customers have by their transactions, if there are
    any; `segments` tells which, `buyer_segments` or `spender_segments`."""
    if not context.tables.own_segment_columns("transactions"):
        return frame
    return frame.join(context.frame(segments, order=order), on="customer_id", how="left")


def attach_segments(
    frame: nw.LazyFrame, context: FrameContext, *, order: OrderRule | None
) -> nw.LazyFrame:
    """The frame with all segments of its customers."""
    return context.tables.attach_customer_segments(
        attach_own_segments(frame, context, order=order), "transactions"
    )


def spender_segments(context: FrameContext, *, order: OrderRule | None) -> nw.LazyFrame:
    """The segment of each customer with a transaction, whether it makes an order or not.

    Buyers are where their first purchase was; of who has only refunds or rows worth nothing, the
    first row decides.

    Grain: one row per customer with a transaction.

    Columns: as in `buyer_segments`.

    Source: transactions.
    """
    buyers = context.frame(buyer_segments, order=order)
    others = (
        context.tables.without_customer_segments["transactions"]
        .filter(~nw.col("customer_id").is_null())
        .select(
            "customer_id", *context.tables.own_segment_columns("transactions"), day=nw.col("date")
        )
        .join(buyers, on="customer_id", how="anti")
    )
    columns = ["customer_id", *context.tables.own_segment_columns("transactions")]
    first = _first_of(others, context)
    return context.backend.materialize(nw.concat([buyers.select(columns), first.select(columns)]))
