"""Who is a customer from when to when: spans of time, and what happens at their ends.

`basis` contract takes signup and churn dates of the customers table. With activity a purchase
makes a customer for `window` days; purchases that lie no further apart make one span, which
ends `window` days after the last.
"""

from __future__ import annotations

from typing import Literal

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule, orders
from crm_kpi.frames.orders_and_revenue import attach_segments
from crm_kpi.frames.timeline import ordinal

Basis = Literal["contract", "activity"]


def active_spans(context: FrameContext, *, basis: Basis, window: int | None) -> nw.LazyFrame:
    """The spans of time in which somebody is a customer.

    A customer is active at an instant b (the state on the last day before b) when signup < b and
    churn is null or churn >= b. Of a customer who came back all spans are in the latest's segment.
    Who has left nobody knows when is left out: see `undated_customers`.

    Grain: one row per customer and span.

    Columns:
        customer_id   text
        signup        date on which the span begins
        churn         date on which it ends; null while it lasts
        first         date of the customer's first signup ever

    Source: customers; with basis activity transactions, too.
    """
    if basis == "contract":
        spans = context.frame(contracts)
        dated = spans.filter(nw.col("undated") == 0) if "undated" in spans.columns else spans
        return dated.select("customer_id", "signup", "churn", "first", *context.by)
    assert window is not None
    return context.backend.materialize(
        attach_segments(_activity(context, window), context, order=OrderRule())
    )


def contracts(context: FrameContext) -> nw.LazyFrame:
    """The rows of the customers table as spans, of all customers.

    Grain: one row per customer and span.

    Columns:
        those of `active_spans`
        undated   int, 1 for a customer who has left, nobody knows when, else 0; only where the
                  table says who has left

    Source: customers.
    """
    signup = nw.col("signup_date")
    churn = (
        nw.col("churn_date") if context.has("customers", "churn_date") else nw.lit(None, nw.Date)
    )
    rows, first = context.tables.filtered["customers"], signup
    segments = {name: nw.col(name) for name in context.by}
    undated = {}
    if context.has("customers", "churned"):
        left = nw.col("churned").fill_null(value=False) & churn.is_null()
        undated["undated"] = left.cast(nw.Int64)
    if ("customers", "customer_id") not in context.tables.unique_columns:
        undated = {name: each.max().over("customer_id") for name, each in undated.items()}
        first = signup.min().over("customer_id")
        # A customer who came back is one person in one segment: the latest.
        order = ["signup_date", *context.by]
        latest = signup.cum_count(reverse=True).over("customer_id", order_by=order) == 1
        rows = rows.with_columns(latest=latest)
        segments = {
            name: nw.when(nw.col("latest")).then(nw.col(name)).max().over("customer_id")
            for name in context.by
        }
    spans = rows.select(
        "customer_id", signup=signup, churn=churn, first=first, **undated, **segments
    )
    return context.backend.materialize(spans)


def undated_customers(context: FrameContext) -> nw.LazyFrame | None:
    """Customers who have left, nobody knows when; None where the table does not say who has left.

    Grain: one row per customer.

    Columns:
        customer_id   text
        first         date of the customer's first signup ever

    Source: customers.
    """
    spans = context.frame(contracts)
    if "undated" not in spans.columns:
        return None
    return spans.filter((nw.col("undated") == 1) & (nw.col("signup") == nw.col("first"))).select(
        "customer_id", "first", *context.by
    )


def _activity(context: FrameContext, window: int) -> nw.LazyFrame:
    length = f"{window}d"
    days = (
        context.frame(orders, order=OrderRule())
        .filter(~nw.col("customer_id").is_null())
        .select("customer_id", "day")
        .unique(["customer_id", "day"])
    )
    before = nw.col("before")
    begins = (before.is_null() | (before.dt.offset_by(length) < nw.col("day"))).cast(nw.Int64)
    return (
        context.backend.with_lag(days, "customer_id", "day", {"before": ("day", 1)})
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


def customer_movements(context: FrameContext, *, basis: Basis, window: int | None) -> nw.LazyFrame:
    """What each customer did in a period: who came, returned and went.

    Grain: one row per customer and period with a change.

    Columns, each int, 0 or 1, by whether a customer is there at the start and at the end:
        lost              there at the start, not at the end
        new               there at the end, not at the start, first signup ever inside
        returned          there at the end, not at the start, signed up before
        joined_and_left   at neither end, but joined inside
        first             first signup ever inside, whether still there at the end or not
        events            how many spans ended inside (a customer can leave twice)
        placed            left nobody knows when, but inside: first signup inside a period that
                          goes on to the last known day; joined_and_left, first and events too

    Source: as `active_spans`.
    """
    spans = context.frame(active_spans, basis=basis, window=window)
    there_at_start = (nw.col("signup") < nw.col("start")).cast(nw.Int64)
    there_at_end = (nw.col("churn").is_null() | (nw.col("churn") >= nw.col("until"))).cast(nw.Int64)
    keys = ["customer_id", "period", "start", "first", *context.by]
    zero, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    left = spans.join(context.timeline.days, left_on="churn", right_on="day", how="inner").select(
        *keys, s=there_at_start, e=zero, loss=one, join=zero
    )
    joined = spans.join(
        context.timeline.days, left_on="signup", right_on="day", how="inner"
    ).select(*keys, s=zero, e=there_at_end, loss=zero, join=one)
    changes = nw.concat([left, joined])
    per_customer = changes.group_by("customer_id", "period").agg(
        *(nw.col(name).max() for name in ("s", "e", "join", "start", "first", *context.by)),
        events=nw.col("loss").sum(),
    )
    s, e = nw.col("s") == 1, nw.col("e") == 1
    inside = nw.col("first") >= nw.col("start")
    moves = per_customer.select(
        "customer_id",
        "period",
        *context.by,
        events=nw.col("events").cast(nw.Int64),
        lost=(s & ~e).cast(nw.Int64),
        new=(e & ~s & inside).cast(nw.Int64),
        returned=(e & ~s & ~inside).cast(nw.Int64),
        first=(inside & (nw.col("join") == 1)).cast(nw.Int64),
        joined_and_left=(~s & ~e & (nw.col("join") == 1)).cast(nw.Int64),
        placed=zero,
    )
    undated = undated_customers(context) if basis == "contract" else None
    if undated is not None:
        flags = dict.fromkeys(("lost", "new", "returned"), zero)
        flags |= dict.fromkeys(("events", "first", "joined_and_left", "placed"), one)
        last = context.timeline.periods.filter(
            nw.col("until") == nw.lit(context.timeline.first_unknown_day, nw.Date)
        )
        left = undated.join(last, how="cross").filter(nw.col("first") >= nw.col("start"))
        left = left.select("customer_id", "period", *context.by, **flags)
        moves = nw.concat([moves, left.select(moves.columns)])
    return context.backend.materialize(moves)


def headcount(context: FrameContext, *, basis: Basis, window: int | None) -> nw.LazyFrame:
    """Customers as a running total.

    Grain: one row per beginning and end of a span, and per undated customer.

    Columns:
        day       date
        change    int, +1 or -1
        days      int, the change times the number of its day, from which time spent is added up
        ever      int, 1 at each customer's first signup, else 0
        undated   int, 1 at the first signup of who has left nobody knows when, else 0
        told      int, 1 where the table says when, or whether, customers left, else 0

    Source: as `active_spans`.
    """
    spans = context.frame(active_spans, basis=basis, window=window)
    zero, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    ever = (nw.col("signup") == nw.col("first")).cast(nw.Int64)
    ended = spans.filter(~nw.col("churn").is_null())
    changes = [
        spans.select(*context.by, day=nw.col("signup"), change=one, ever=ever, undated=zero),
        ended.select(*context.by, day=nw.col("churn"), change=-one, ever=zero, undated=zero),
    ]
    undated = undated_customers(context) if basis == "contract" else None
    if undated is not None:
        changes.append(
            undated.select(*context.by, day=nw.col("first"), change=zero, ever=one, undated=one)
        )
    told = basis == "activity" or undated is not None or context.has("customers", "churn_date")
    return nw.concat(changes).with_columns(
        days=nw.col("change") * ordinal(nw.col("day")), told=one if told else zero
    )


def tenures(context: FrameContext) -> nw.LazyFrame:
    """How long each customer has stayed, as it was known at each period's end.

    Grain: one row per span and period that it began before the end of.

    Columns:
        period   int
        tenure   int, days in a year of twelve months of thirty days, so that whole months and years
                 come out whole
        ended    int, 1 when the customer has left by then, else 0: still open

    Source: customers.
    """

    def parts(day: nw.Expr) -> nw.Expr:
        year, month = day.dt.year().cast(nw.Int64), day.dt.month().cast(nw.Int64)
        return year * 360 + month * 30 + day.dt.day().cast(nw.Int64)

    signup, churn, until = nw.col("signup"), nw.col("churn"), nw.col("until")
    # Of spans and periods, and not of their pairs, which are many.
    spans = context.frame(active_spans, basis="contract", window=None).select(
        "signup", "churn", *context.by, begun=parts(signup), left=parts(churn)
    )
    periods = context.timeline.periods.with_columns(now=parts(until))
    ended = ~churn.is_null() & (churn < until)
    last = nw.when(ended).then(nw.col("left")).otherwise(nw.col("now"))
    return (
        spans.join(periods, how="cross")
        .filter(signup < until)
        .select(*context.by, "period", tenure=last - nw.col("begun"), ended=ended.cast(nw.Int64))
    )
