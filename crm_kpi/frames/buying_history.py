"""What each customer has bought by the end of a period: how often, how long, for how much."""

from __future__ import annotations

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule, transactions
from crm_kpi.frames.orders_and_revenue import attach_own_segments, spender_segments
from crm_kpi.frames.timeline import ordinal


def purchase_days(context: FrameContext) -> nw.LazyFrame:
    """What each known customer paid on each day, and was paid back.

    Grain: one row per customer and day.

    Columns:
        customer_id   text
        day           date
        amount        money, the sum of all amounts of the day

    Source: transactions.
    """
    return context.backend.materialize(
        context.frame(transactions)
        .filter(~nw.col("customer_id").is_null())
        .group_by("customer_id", "day")
        .agg(nw.col("amount").sum())
    )


def repeat_spending(context: FrameContext, *, free: bool, many: int, cell: float) -> nw.LazyFrame:
    """What those who came back paid for their repeat purchases, so that few are different.

    Grain: one row per period, and customer with a repeat purchase that was worth something.

    Columns:
        those of `buying_history`
        exactly   money, as `paid`; null where more than `many` have come back by the period's end
        near      int, then the cell of what a repeat purchase was worth: `cell` wide in its
                  logarithm, from the mean of all on; else null

    Source: as `buying_history`.
    """
    rows = context.frame(buying_history, free=free).filter(
        nw.col("repeats") > 0, nw.col("paid") > 0
    )
    all_of_them = (
        rows.group_by("period")
        .agg(returned=nw.len(), often=nw.col("repeats").sum(), much=nw.col("paid").sum())
        .select(
            "period",
            crowd=nw.col("returned") > many,
            mean=nw.col("much").cast(nw.Float64) / nw.col("often").cast(nw.Float64),
        )
    )
    worth = nw.col("paid").cast(nw.Float64) / nw.col("repeats").cast(nw.Float64)
    near = ((worth / nw.col("mean")).log() / cell).floor().cast(nw.Int64)
    crowd = nw.col("crowd")
    return rows.join(all_of_them, on="period", how="inner").with_columns(
        exactly=nw.when(~crowd).then(nw.col("paid")), near=nw.when(crowd).then(near)
    )


def buying_history(context: FrameContext, *, free: bool) -> nw.LazyFrame:
    """Purchases of each known customer up to the last day of a period, and nothing later.

    All that a customer buys on a day is one purchase, where it is worth more than nothing in the
    end; with `free`, where it is not worth less.

    Grain: one row per period, and customer with a purchase by then.

    Columns:
        customer_id   text
        period        int
        repeats       int, the purchases after the first
        recency       int, days from the first purchase to the last
        age           int, days from the first purchase to the last day that counts
        idle          int, days from the last purchase to it
        paid          money, what the repeat purchases were worth
        historic      money, the sum of all amounts, refunds too

    Source: transactions, customers.
    """
    day, amount, first = nw.col("day"), nw.col("amount"), nw.col("first")
    bought = amount >= 0 if free else amount > 0
    days = context.frame(purchase_days)
    firsts = days.filter(bought).group_by("customer_id").agg(first=day.min())
    again = bought & (day > first)
    by_slot = (
        days.join(firsts, on="customer_id", how="inner")
        .join(context.timeline.slots, on="day", how="inner")
        .select(
            "customer_id",
            "slot",
            "first",
            "amount",
            last=nw.when(bought).then(day),
            repeats=nw.when(again).then(1).otherwise(0).cast(nw.Int64),
            paid=nw.when(again).then(amount).otherwise(amount * 0),
        )
        .group_by("customer_id", "slot")
        .agg(
            *(nw.col(name).sum() for name in ("repeats", "paid", "amount")),
            first.min(),
            nw.col("last").max(),
        )
    )
    to_date = (
        context.backend.materialize(by_slot)
        .join(context.timeline.slots_to_date, on="slot", how="inner")
        .group_by("customer_id", "period")
        .agg(
            *(nw.col(name).sum() for name in ("repeats", "paid", "amount")),
            first.min(),
            nw.col("last").max(),
            nw.col("until").max(),
        )
        .filter(~nw.col("last").is_null())
    )
    began, last, until = (ordinal(nw.col(name)) for name in ("first", "last", "until"))
    found = to_date.select(
        "customer_id",
        "period",
        "paid",
        repeats=nw.col("repeats").cast(nw.Int64),
        recency=last - began,
        age=until - 1 - began,
        idle=until - 1 - last,
        historic=amount,
    )
    order = OrderRule(free=free)
    found = attach_own_segments(found, context, order=order, segments=spender_segments)
    return context.backend.materialize(
        context.tables.attach_customer_segments(found, "transactions")
    )


def buying_outcomes(context: FrameContext, *, free: bool) -> nw.LazyFrame:
    """What customers had bought by the end of a period, and how often they bought right after it.

    Grain: that of `buying_history`.

    Columns:
        those of `buying_history`
        later   int, purchases in the slot that begins where the period ends

    Source: as `buying_history`.
    """
    amount = nw.col("amount")
    later = (
        context.frame(purchase_days)
        .filter(amount >= 0 if free else amount > 0)
        .join(context.timeline.slots, on="day", how="inner")
        .join(context.timeline.slots_after, on="slot", how="inner")
        .group_by("customer_id", "period")
        .agg(later=nw.len())
    )
    found = context.frame(buying_history, free=free).join(
        later, on=["customer_id", "period"], how="left"
    )
    return found.with_columns(later=nw.col("later").fill_null(0).cast(nw.Int64))
