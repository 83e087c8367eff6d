"""Orders of a customer one after the other, and buyers who came, stayed and went."""

from __future__ import annotations

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule, orders, transactions
from crm_kpi.frames.orders_and_revenue import (
    attach_own_segments,
    attach_segments,
    buyers,
    first_purchase_slots,
    revenue_by_customer_slot,
)
from crm_kpi.frames.timeline import ordinal

FLAGS = ("start", "end", "lost", "new", "returned")


def order_sequence(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """The orders of each known customer, one after the other.

    Grain: one row per order.

    Columns:
        customer_id   text
        day           date
        previous      date of the order before; null for the first

    Source: transactions.
    """
    rows = context.frame(orders, order=order).filter(~nw.col("customer_id").is_null())
    days = rows.select("customer_id", "day")
    previous = {"previous": ("day", 1)}
    return context.backend.materialize(
        context.backend.with_lag(days, "customer_id", "day", previous)
    )


def closed_gaps(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """The days between consecutive orders of a customer.

    Grain: one row per order but each customer's first.

    Columns:
        day     date of the later order
        days    int, 0 between two orders of one day

    Source: transactions, customers.
    """
    later = context.frame(order_sequence, order=order).filter(~nw.col("previous").is_null())
    gaps = later.select(
        "customer_id", "day", days=ordinal(nw.col("day")) - ordinal(nw.col("previous"))
    )
    return context.backend.materialize(attach_segments(gaps, context, order=order))


def purchase_gaps(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """The same in the period of the later order.

    Grain: one row per gap and period.

    Columns:
        period   int
        days     int, 0 between two orders of one day

    Source: transactions, customers.
    """
    gaps = context.frame(closed_gaps, order=order)
    return gaps.join(context.timeline.days, on="day", how="inner")


def open_gaps(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """Customers who have not ordered again, as changes of a running total.

    Grain: one row per order, and one for each that is followed by another.

    Columns:
        day      date on which the gap begins or is closed by the next order
        since    int, number of the day on which it began
        change   int, +1 or -1

    Source: transactions, customers.
    """
    orders = context.frame(order_sequence, order=order)
    later, one = orders.filter(~nw.col("previous").is_null()), nw.lit(1).cast(nw.Int64)
    begun = orders.select("customer_id", "day", since=ordinal(nw.col("day")), change=one)
    closed = later.select("customer_id", "day", since=ordinal(nw.col("previous")), change=-one)
    return attach_segments(nw.concat([begun, closed]), context, order=order)


def returning_buyers(context: FrameContext, *, order: OrderRule, lookback: int) -> nw.LazyFrame:
    """Buyers of a period, and whether they had bought not long before.

    Grain: one row per known customer and period with an order.

    Columns:
        period      int
        returning   int, 1 with another order within `lookback` days before the last in the period
        early       int, 1 where the period begins less than `lookback` days after the first row of
                    transactions, so that such an order may be missing

    Source: transactions, customers.
    """
    length = f"{lookback}d"
    first = context.tables.unfiltered["transactions"].select(first_row=nw.col("date").min())
    bought = (
        context.frame(order_sequence, order=order)
        .join(context.timeline.days, on="day", how="inner")
        .group_by("customer_id", "period")
        # Of orders in a row, the latest has the latest before it.
        .agg(nw.col("start").min(), nw.col("day").max(), before=nw.col("previous").max())
        .join(first, how="cross")
    )
    again = nw.col("before").dt.offset_by(length) >= nw.col("day")
    early = nw.col("start") < nw.col("first_row").dt.offset_by(length)
    found = bought.select(
        "customer_id",
        "period",
        returning=nw.when(again).then(1).otherwise(0).cast(nw.Int64),
        early=early.cast(nw.Int64),
    )
    return attach_segments(found, context, order=order)


def steady_buyers(
    context: FrameContext, *, order: OrderRule, times: int, window: int
) -> nw.LazyFrame:
    """Customers who ordered so many times in the last so many days, as changes of a running total.

    An order that completes the number makes a customer steady until the first of them is more than
    `window` days old; the next order, if it comes before that, takes over.

    Grain: two rows per order that completes the number.

    Columns:
        day      date
        change   int, +1 or -1

    Source: transactions, customers.
    """
    bought = context.frame(order_sequence, order=order).select("customer_id", "day")
    looks = {"next": ("day", -1)} | ({"first": ("day", times - 1)} if times > 1 else {})
    bought = context.backend.with_lag(bought, "customer_id", "day", looks)
    first, next_ = nw.col("first" if times > 1 else "day"), nw.col("next")
    bought = bought.with_columns(until=first.dt.offset_by(f"{window}d").cast(nw.Date))
    until, one = nw.col("until"), nw.lit(1).cast(nw.Int64)
    steady = bought.filter(~first.is_null(), nw.col("day") < until)
    ends = nw.when(next_ < until).then(next_).otherwise(until)
    changes = [
        steady.select("customer_id", "day", change=one),
        steady.select("customer_id", day=ends, change=-one),
    ]
    return attach_segments(nw.concat(changes), context, order=order)


def kinds_bought(context: FrameContext, *, of: str, order: OrderRule) -> nw.LazyFrame:
    """Buyers, and of how many kinds they bought. `of` is the column that tells kinds.

    Grain: one row per known customer and period with an order.

    Columns:
        period   int
        kinds    int, how many values of the column; a row without one is of no kind

    Source: transactions, customers.
    """
    lines = context.frame(transactions).filter(nw.col("amount") > 0)
    bought = lines.join(context.timeline.days, on="day", how="inner")
    kinds = bought.select("customer_id", "period", kind=nw.col(of)).unique()
    counted = kinds.group_by("customer_id", "period").agg(kinds=nw.col("kind").count())
    found = context.frame(buyers, order=order).join(
        counted, on=["customer_id", "period"], how="left"
    )
    return found.with_columns(kinds=nw.col("kinds").fill_null(0).cast(nw.Int64))


def first_and_second_orders(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """The days of each customer's first and second order, as changes of two running totals.

    Grain: one row per customer and milestone.

    Columns:
        day      date
        first    int, 1 on the first order, else 0
        second   int, 1 on the second, else 0

    Source: transactions, customers.
    """
    orders = context.frame(order_sequence, order=order)
    later = orders.filter(~nw.col("previous").is_null())
    milestones = nw.concat([_earliest(orders, first=1), _earliest(later, second=1)])
    return context.backend.materialize(attach_segments(milestones, context, order=order))


def _earliest(orders: nw.LazyFrame, *, first: int = 0, second: int = 0) -> nw.LazyFrame:
    return (
        orders.group_by("customer_id")
        .agg(nw.col("day").min())
        .select(
            "customer_id",
            "day",
            first=nw.lit(first).cast(nw.Int64),
            second=nw.lit(second).cast(nw.Int64),
        )
    )


def buyers_vs_previous_period(context: FrameContext) -> nw.LazyFrame:
    """Buyers of a period against buyers of the period before, as numbers to be added up.

    Grain: up to three rows per customer and period.

    Columns:
        period     int
        start      int, 1: bought in the period before
        end        int, 1: bought in this one
        lost       int, 1 at the start, taken back where the end is reached too
        new        int, 1 at the end, if the first purchase ever lies inside
        returned   int, 1 at the end otherwise, taken back where they were there at the start

    Source: transactions, customers.
    """
    keys = ["customer_id", "period", *context.tables.customer_segment_columns("transactions")]
    now = context.frame(buyers, order=OrderRule()).select(keys)
    bought = context.frame(revenue_by_customer_slot, order=OrderRule()).filter(
        nw.col("orders") > 0, ~nw.col("customer_id").is_null()
    )
    before = bought.join(context.timeline.slots_before, on="slot", how="inner").select(keys)
    if (
        context.tables.own_segment_columns("transactions")
        or not context.timeline.slots_before_are_single
    ):
        before = before.unique(keys[:2])
    both = now.join(before.select(keys[:2]), on=keys[:2], how="inner")
    begins = context.timeline.slots_of_periods.group_by("period").agg(begins=nw.col("slot").min())
    first = context.frame(first_purchase_slots, order=OrderRule()).select("customer_id", "ordered")
    ends = now.join(first, on="customer_id", how="inner").join(begins, on="period", how="inner")
    fresh = (nw.col("ordered") >= nw.col("begins")).cast(nw.Int8)
    changes = [
        _with(ends, keys, end=1, new=fresh, returned=1 - fresh),
        _with(before, keys, start=1, lost=1),
        _with(both, keys, lost=-1, returned=-1),
    ]
    return attach_own_segments(nw.concat(changes), context, order=OrderRule())


def _with(rows: nw.LazyFrame, keys: list[str], **flags: nw.Expr | int) -> nw.LazyFrame:
    """The keys with these flags; the others are 0."""
    found = dict.fromkeys(FLAGS, 0) | flags
    return rows.select(
        *keys,
        **{
            # Of one byte each, as the rows are many; their sums are as long as any.
            name: (nw.lit(flag) if isinstance(flag, int) else flag).cast(nw.Int8)
            for name, flag in found.items()
        },
    )
