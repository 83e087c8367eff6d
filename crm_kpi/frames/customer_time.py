"""The time that customers have had to buy in: from signup, or from the first order where no signup
is known."""

from __future__ import annotations

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.customer_base import active_spans, customer_movements
from crm_kpi.frames.orders import OrderRule, orders
from crm_kpi.frames.orders_and_revenue import attach_own_segments, attach_segments, buyers
from crm_kpi.frames.timeline import year_parts


def unsigned_buyers(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """Buyers of whom no signup is known.

    Grain: one row per customer with an order and without a row in customers.

    Columns:
        customer_id   text
        day           date of the first order

    Source: transactions, customers.
    """
    bought = context.frame(orders, order=order).filter(~nw.col("customer_id").is_null())
    firsts = bought.group_by("customer_id").agg(nw.col("day").min())
    if context.has("customers"):
        signed = context.tables.unfiltered["customers"].select("customer_id")
        firsts = firsts.join(signed, on="customer_id", how="anti")
    return context.backend.materialize(attach_segments(firsts, context, order=order))


def customer_time(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """Customers, signed up or not, as a running total.

    Grain: one row per beginning and end of a span, and per buyer without a signup.

    Columns:
        day        date
        present    int, +1 or -1
        time       int, the change times its day as `year_parts` counts, from which time is added up
        unsigned   int, 1 for a buyer without a signup, else 0

    Source: transactions, customers.
    """
    none, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    columns = ["day", "present", "unsigned", *context.by]
    unsigned = context.frame(unsigned_buyers, order=order)
    changes = [unsigned.with_columns(present=one, unsigned=one).select(columns)]
    if context.has("customers"):
        spans = context.frame(active_spans, basis="contract", window=None)
        spans = _where_they_bought(spans, ["signup", "churn"], context, order)
        joined = spans.with_columns(day=nw.col("signup"), present=one, unsigned=none)
        left = spans.filter(~nw.col("churn").is_null()).with_columns(
            day=nw.col("churn"), present=-one, unsigned=none
        )
        changes += [joined.select(columns), left.select(columns)]
    return nw.concat(changes).with_columns(time=nw.col("present") * year_parts(nw.col("day")))


def arrivals(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """Customers who were not there when a period began, and were inside it.

    Grain: one row per customer and period; others may stand there with 0.

    Columns:
        period   int
        came     int, 1 or 0

    Source: transactions, customers.
    """
    columns = ["period", "came", *context.by]
    unsigned = context.frame(unsigned_buyers, order=order)
    unsigned = unsigned.join(context.timeline.days, on="day", how="inner")
    came = [unsigned.with_columns(came=nw.lit(1).cast(nw.Int64)).select(columns)]
    if context.has("customers"):
        flags = ["new", "returned", "joined_and_left"]
        moved = context.frame(customer_movements, basis="contract", window=None)
        moved = _where_they_bought(moved, ["period", *flags], context, order)
        came.append(moved.with_columns(came=sum(map(nw.col, flags[1:]), nw.col("new"))))
    return nw.concat([each.select(columns) for each in came])


def buyers_time(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame:
    """The time that those who ordered in a period had in it.

    Grain: one row per known customer and period with an order.

    Columns:
        period         int
        time           int, as `year_parts` counts; 0 for who was no customer by the books
        unsigned       int, 1 without a signup
        first_orders   int, 1 where the first order of who has no signup lies in the period

    Source: transactions, customers.
    """
    keys = ["customer_id", "period", *context.by]
    bought = context.frame(buyers, order=order).select(keys)
    bought = bought.join(context.timeline.periods, on="period", how="inner")
    firsts = context.frame(unsigned_buyers, order=order).select("customer_id", signup="day")
    one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    inside = (nw.col("signup") >= nw.col("start")).cast(nw.Int64)
    parts = [
        bought.join(firsts, on="customer_id", how="inner").with_columns(
            churn=nw.lit(None, nw.Date), unsigned=one, first_orders=inside
        )
    ]
    if context.has("customers"):
        spans = context.frame(active_spans, basis="contract", window=None)
        spans = spans.select("customer_id", "signup", "churn")
        known = bought.join(firsts, on="customer_id", how="anti")
        known = known.join(spans, on="customer_id", how="left")
        parts.append(known.with_columns(unsigned=none, first_orders=none))
    columns = [*keys, "start", "until", "signup", "churn", "unsigned", "first_orders"]
    start, until = nw.col("start"), nw.col("until")
    begins = nw.when(nw.col("signup") > start).then(nw.col("signup")).otherwise(start)
    ends = nw.when(nw.col("churn") < until).then(nw.col("churn")).otherwise(until)
    time = year_parts(ends) - year_parts(begins)
    there = ~nw.col("signup").is_null() & (time > 0)
    rows = nw.concat([part.select(columns) for part in parts])
    rows = rows.with_columns(time=nw.when(there).then(time).otherwise(0))
    # Who came back has several spans.
    return rows.group_by(*keys).agg(
        nw.col("time").sum(), nw.col("unsigned").max(), nw.col("first_orders").max()
    )


def _where_they_bought(
    rows: nw.LazyFrame, columns: list[str], context: FrameContext, order: OrderRule
) -> nw.LazyFrame:
    """Columns of customers, in the segments in which their orders are counted."""
    theirs = context.tables.customer_segment_columns("transactions")
    found = rows.select("customer_id", *columns, *theirs)
    return attach_own_segments(found, context, order=order)
