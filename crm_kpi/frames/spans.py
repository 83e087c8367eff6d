"""The spans of time in which somebody is a customer: customer_id, signup, churn, first.

A customer is active at an instant b (the state on the last day before b) when
signup < b and churn is null or churn >= b. `first` is the first signup ever.

    contract   signup and churn dates of the customers table
    activity   a purchase makes active for `window` days; purchases that lie no
               further apart make one span, which ends `window` days after the last
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import buyer_segments
from crm_kpi.frames._context import Context


def build(context: Context, *, basis: str, window: int | None = None) -> nw.LazyFrame:
    if basis == "contract":
        return context.keep(_contract(context))
    assert window is not None
    return context.keep(buyer_segments.attach(_activity(context, window), context, order=None))


def _contract(context: Context) -> nw.LazyFrame:
    signup = nw.col("signup_date")
    churn = (
        nw.col("churn_date") if context.has("customers", "churn_date") else nw.lit(None, nw.Date)
    )
    rows, first = context.tables["customers"], signup
    segments = {name: nw.col(name) for name in context.by}
    if ("customers", "customer_id") not in context.unique:
        first = signup.min().over("customer_id")
        # A customer who came back is one person in one segment: the latest.
        order = ["signup_date", *context.by]
        latest = signup.cum_count(reverse=True).over("customer_id", order_by=order) == 1
        rows = rows.with_columns(latest=latest)
        segments = {
            name: nw.when(nw.col("latest")).then(nw.col(name)).max().over("customer_id")
            for name in context.by
        }
    return rows.select("customer_id", signup=signup, churn=churn, first=first, **segments)


def _activity(context: Context, window: int) -> nw.LazyFrame:
    length = f"{window}d"
    days = (
        context.frame("orders", order=None)
        .filter(~nw.col("customer_id").is_null())
        .select("customer_id", "day")
        .unique(["customer_id", "day"])
    )
    before = nw.col("before")
    begins = (before.is_null() | (before.dt.offset_by(length) < nw.col("day"))).cast(nw.Int64)
    return (
        context.beside(days, before=("day", 1))
        .with_columns(begins=begins)
        .with_columns(span=nw.col("begins").cum_sum().over("customer_id", order_by="day"))
        .group_by("customer_id", "span")
        .agg(signup=nw.col("day").min(), last=nw.col("day").max())
        .with_columns(
            # Of a day some engines make a moment.
            churn=nw.col("last").dt.offset_by(length).cast(nw.Date),
            first=nw.col("signup").min().over("customer_id"),
        )
        .select("customer_id", "signup", "churn", "first")
    )
