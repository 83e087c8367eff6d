"""Churn reasons: why customers left in the range asked for, and what they took with them.

    share = 100 x customers / all who left

    reason         the customers' `churn_reason`, as the file writes it; blanks are
                   one, the reason null
    customers      those who left inside the range and were not back at its end; who
                   joined inside and left again too
    lost_revenue   with subscriptions: the MRR of these customers when they last paid,
                   where that was within the 12 months before they left; else, with
                   transactions: what they paid in the 12 months before they left, net
                   of refunds; null with neither
    median_tenure  median days from signup to leaving
    undated        customers of this reason who have left, nobody knows when (`churned`
                   without a date); where they can only have left inside the range, as
                   it begins before they signed up and goes on to the last known day,
                   `customers` counts them too, and else nothing does

The most frequent reason first.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.analyses._median import median, middle
from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.frames import customer_base, recurring_revenue
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.timeline import ordinal
from crm_kpi.kpi import Definition
from crm_kpi.metrics._state import exact, ratio
from crm_kpi.periods import Period

A_YEAR = "12mo"
ONE, ZERO = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)


def rows(scope: Scope, definition: Definition) -> list[Row]:
    context = scope.context
    (period,) = scope.periods
    left = context.backend.materialize(_left(context, period))
    counts = left.group_by("reason").agg(
        nw.col("counted").sum(), nw.col("undated").sum(), dated=nw.col("left").count()
    )
    money = _lost_revenue(context, left.filter(~nw.col("left").is_null()))
    sums = money.group_by("reason").agg(nw.col("lost").sum()) if money is not None else counts
    counted, tenures, lost = context.backend.fetch([counts, middle(left, "tenure", "reason"), sums])
    medians = {row["reason"]: median(row) for row in tenures}
    revenue = {row["reason"]: row["lost"] for row in lost} if money is not None else None
    total = sum(row["counted"] for row in counted)
    found = [_row(row, total, medians, revenue, context) for row in counted]
    return sorted(found, key=lambda row: (-row["customers"], row["reason"] is None, row["reason"]))


def _row(
    row: Mapping[str, Any],
    total: int,
    medians: Mapping[str | None, Fraction | None],
    revenue: Mapping[str | None, Decimal | None] | None,
    context: FrameContext,
) -> Row:
    reason, tenure = row["reason"], medians.get(row["reason"])
    lost = None
    if revenue is not None and row["dated"]:
        lost = revenue.get(reason) or Decimal(0)
        if _has_subscriptions(context):
            lost = exact(Fraction(lost) / (12 * recurring_revenue.SCALE))
    return {
        "reason": reason,
        "customers": int(row["counted"]),
        "share": ratio(100 * row["counted"], total) if total else None,
        "lost_revenue": lost,
        "median_tenure": None if tenure is None else float(tenure),
        "undated": int(row["undated"]),
    }


def _left(context: FrameContext, period: Period) -> nw.LazyFrame:
    """One row per customer who left: customer_id, reason, left (the day, null where nobody knows
    it), tenure (days), counted and undated (1 or 0)."""
    until = nw.lit(period.until, nw.Date)
    spans = context.frame(customer_base.active_spans, basis="contract", window=None)
    begun = spans.filter(nw.col("signup") < until)
    there = nw.col("churn").is_null() | (nw.col("churn") >= until)
    last = begun.with_columns(
        there=there.cast(nw.Int64).max().over("customer_id"),
        last=nw.col("churn").max().over("customer_id"),
    ).filter((nw.col("there") == 0) & (nw.col("churn") == nw.col("last")))
    dated = last.filter(nw.col("churn") >= nw.lit(period.start, nw.Date))
    reasons = context.tables.filtered["customers"].select(
        "customer_id",
        nw.col("churn_reason").alias("reason"),
        signup="signup_date",
        churn="churn_date",
    )
    names = ("customer_id", "reason", "left", "tenure", "counted", "undated")
    tenure = ordinal(nw.col("churn")) - ordinal(nw.col("signup"))
    left = (
        # Who is back on the day of leaving, and leaves again, has two spans that end then.
        dated.group_by("customer_id", "churn")
        .agg(nw.col("signup").max())
        .join(reasons, on=["customer_id", "signup", "churn"], how="left")
        .group_by("customer_id", "signup", "churn")
        .agg(nw.col("reason").max())
        .select("customer_id", "reason", left="churn", tenure=tenure, counted=ONE, undated=ZERO)
    )
    undated = customer_base.undated_customers(context)
    if undated is None:
        return left.select(*names)
    inside = period.until == context.timeline.first_unknown_day
    first = nw.col("first") >= nw.lit(period.start, nw.Date)
    unknown = (
        undated.filter(nw.col("first") < until)
        .select("customer_id", "first")
        .join(
            reasons.filter(nw.col("churn").is_null()).select("customer_id", "reason"),
            on="customer_id",
            how="left",
        )
        .group_by("customer_id", "first")
        .agg(nw.col("reason").max())
        .select(
            "customer_id",
            "reason",
            left=nw.lit(None, nw.Date),
            tenure=nw.lit(None, nw.Int64),
            counted=first.cast(nw.Int64) if inside else ZERO,
            undated=ONE,
        )
    )
    return nw.concat([left.select(*names), unknown.select(*names)])


def _has_subscriptions(context: FrameContext) -> bool:
    return context.has("subscriptions", "customer_id", "start_date", "amount")


def _lost_revenue(context: FrameContext, left: nw.LazyFrame) -> nw.LazyFrame | None:
    """reason and lost, what somebody who left no longer pays: scaled yearly amounts of
    subscriptions, else amounts; None where there is neither."""
    who = left.select("customer_id", "reason", "left")
    if _has_subscriptions(context):
        return _lost_subscriptions(context, who)
    if not context.has("transactions", "customer_id", "date", "amount"):
        return None
    bought = context.tables.filtered["transactions"].select("customer_id", "date", "amount")
    before = nw.col("date") < nw.col("left")
    recent = nw.col("date").dt.offset_by(A_YEAR).cast(nw.Date) >= nw.col("left")
    paid = who.join(bought, on="customer_id", how="inner").filter(before & recent)
    return paid.select("reason", lost="amount")


def _lost_subscriptions(context: FrameContext, who: nw.LazyFrame) -> nw.LazyFrame:
    changes = context.frame(recurring_revenue.mrr_changes)
    day = nw.col("day")
    levels = (
        changes.select("customer_id", "day", "yearly", "running")
        .with_columns(
            level=nw.col("yearly").cum_sum().over("customer_id", order_by="day"),
            paid=nw.col("running").cum_sum().over("customer_id", order_by="day"),
        )
        .join(who, on="customer_id", how="inner")
        .filter(day <= nw.col("left"))
    )
    last = levels.filter(day == day.max().over("customer_id"))
    pays = nw.col("paid") > 0
    recent = day.dt.offset_by(A_YEAR).cast(nw.Date) >= nw.col("left")
    lost = nw.when(pays).then(nw.col("level")).otherwise(nw.col("level") - nw.col("yearly"))
    return last.filter(pays | recent).select("reason", lost=lost)


ANALYSIS = Analysis(
    needs=always(customers=("customer_id", "signup_date", "churn_date", "churn_reason")),
    optional=lambda definition: {"subscriptions": (), "transactions": ()},
    rows=rows,
    sources=(
        "own definition: counts by the file's own words; revenue as it was just before leaving, "
        "as afterwards there is none",
    ),
)
