"""Every movement of recurring revenue, judged customer by customer, month by month.

A customer's yearly amount is compared at each month's start and at the
period's bounds with what it was at the instant before. One row per customer
and instant with a change, in the period it falls into, the amount in one of:

    new          0 before and never paid before
    reactivated  0 before, but paid once
    expansion    paid before and pays more
    contraction  paid before and pays less
    churned      paid before and pays nothing
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context

MOVES = ("new", "reactivated", "expansion", "contraction", "churned")


def build(context: Context) -> nw.LazyFrame:
    own = context.own_by("subscriptions")
    levels = (
        context.frame("mrr_changes")
        .join(context.instants, on="day", how="inner")
        .group_by("customer_id", "layer", "instant")
        .agg(
            nw.col("yearly").sum(),
            nw.col("running").sum(),
            *(nw.col(name).max() for name in ("period", *own)),
        )
        .with_columns(
            level=nw.col("running").cum_sum().over("customer_id", "layer", order_by="instant")
        )
        .with_columns(
            pays=nw.col("level") > 0,
            paid=(nw.col("level") - nw.col("running")) > 0,
        )
    )
    # The first change of a customer is the first subscription: whoever rises from
    # nothing at a later instant has paid before, if only between two instants.
    ever = nw.col("instant") > nw.col("instant").min().over("customer_id", "layer")
    levels = levels.with_columns(ever=ever)
    pays, paid, ever, change = nw.col("pays"), nw.col("paid"), nw.col("ever"), nw.col("yearly")
    kinds = {
        "new": (pays & ~paid & ~ever, change),
        "reactivated": (pays & ~paid & ever, change),
        "expansion": (pays & paid & (change > 0), change),
        "contraction": (pays & paid & (change < 0), -change),
        "churned": (~pays & paid, -change),
    }
    moves = levels.filter(~nw.col("period").is_null()).select(
        "customer_id",
        "period",
        *own,
        **{name: nw.when(condition).then(amount) for name, (condition, amount) in kinds.items()},
    )
    return context.keep(context.with_theirs(moves, "subscriptions"))
