"""The term of each subscription: how long it is agreed for, whatever is billed.

Days are ordinals here, as `date.toordinal` has them: differences of days are then the same
whole numbers on every engine.
"""

from __future__ import annotations

import re

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.recurring_revenue import ENDS, paid_subscriptions
from crm_kpi.frames.timeline import ordinal

MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}
CANCELED = "cancel|churn|hủy|huỷ"
"""In a status, or in the header of the ends: of what was given up."""
OF_CONTRACT = "contract|term|expir|hợp đồng|hết hạn|hiệu lực"
"""In the header of the ends: of what was agreed on."""


def days_of(months: int) -> int:
    """So many months in days, as few as they can have, and one less: a term from 1 January to
    31 March is one of three months."""
    return max(months * 1461 // 48 - 3, 0)


def subscription_terms(context: FrameContext, *, grace: int) -> nw.LazyFrame:
    """Paid subscriptions and how long their terms are.

    The term of a row is its `term_months`. Without, it is the whole row, from start to end, where
    the end was agreed on: a row of the same customer and plan follows within `grace` days, or the
    end lies after `as_of`, or the header of the ends is that of a contract's, or every row of the
    plan has an end and one of them was agreed on (a list of contracts). An end that was asked for,
    with a `canceled_at` or a status that says so, was not. Else the term is the interval; without
    one the time until the `due_date`, else a month.

    Grain: one row per row of the table that is paid, also of those that `--where` leaves out.

    Columns:
        customer_id   text
        plan          text, empty where there is none
        kept          bool, whether `--where` keeps the row; and the segment columns
        yearly        scaled money, see `recurring_revenue`
        start         int, the day of the start
        begins        int, the first paid day, and `first_paid`, its date
        until         int, the day of the end; null while open; and `ended`, its date
        due_at        int, the day of the `due_date`; null without
        renewed       int, the day of the `renewed_at`; null without
        whole         bool, whether the term is the whole row
        months, days  int, the length of the term in one of the two; null in both where it is whole
        length        int, the length of the term in days, about

    Source: subscriptions.
    """
    rows = context.backend.materialize(_rows(context))
    agreed = _agreed(context, rows, grace)
    interval, count = nw.col("interval"), nw.col("count")
    months, days = nw.lit(None, nw.Int64), nw.lit(None, nw.Int64)
    for name, number in MONTHS.items():
        months = nw.when(interval == name).then(count * number).otherwise(months)
    for name, number in DAYS.items():
        days = nw.when(interval == name).then(count * number).otherwise(days)
    until_due = nw.col("due_at") - nw.col("begins")
    days = nw.when(interval.is_null() & (until_due > 0)).then(until_due).otherwise(days)
    given = nw.col("term_months") > 0
    whole, own_length = nw.col("whole"), nw.col("until") - nw.col("begins")
    return context.backend.materialize(
        rows.join(agreed, on=["customer_id", "plan", "start", "until"], how="left")
        .with_columns(
            whole=(~nw.col("agreed").is_null() & ~given.fill_null(value=False)),
            days=nw.when(~given.fill_null(value=False)).then(days),
            months=nw.when(given).then(nw.col("term_months")).otherwise(months),
        )
        .with_columns(
            days=nw.when(~whole).then(nw.col("days")),
            months=nw.when(~whole & nw.col("days").is_null()).then(nw.col("months").fill_null(1)),
        )
        .with_columns(
            length=nw.when(whole)
            .then(own_length)
            .when(nw.col("days").is_null())
            .then(nw.col("months") * 1461 // 48)
            .otherwise(nw.col("days"))
        )
        .drop("agreed", "interval", "count", "term_months", "canceled")
    )


def _rows(context: FrameContext) -> nw.LazyFrame:
    """The columns that say something of a term, under names of their own."""

    def column(name: str, type_: nw.dtypes.DType) -> nw.Expr:
        there = context.has("subscriptions", name)
        return nw.col(name) if there else nw.lit(None, type_)

    def day(name: str) -> nw.Expr:
        return ordinal(column(name, nw.Date()))

    canceled = nw.lit(value=False)
    if context.has("subscriptions", "end_date", "canceled_at"):
        canceled = ~nw.col("canceled_at").is_null()
    if context.has("subscriptions", "status"):
        status = nw.col("status").fill_null("").str.to_lowercase()
        canceled = canceled | status.str.contains(CANCELED)
    if re.search(CANCELED, _header_of_ends(context)):
        canceled = nw.lit(value=True)
    return context.frame(paid_subscriptions, of="with_where_flag").select(
        "customer_id",
        "kept",
        *context.by,
        "yearly",
        "first_paid",
        "ended",
        plan=column("plan", nw.String()).fill_null(""),
        start=ordinal(nw.col("start_date")),
        begins=ordinal(nw.col("first_paid")),
        until=ordinal(nw.col("ended")),
        due_at=day("due_date"),
        renewed=day("renewed_at"),
        interval=column("interval", nw.String()),
        count=column("interval_count", nw.Int64()).fill_null(1),
        term_months=column("term_months", nw.Int64()),
        canceled=canceled,
    )


def _header_of_ends(context: FrameContext) -> str:
    name = next((end for end in ENDS if context.has("subscriptions", end)), "")
    return context.tables.headers.get("subscriptions", {}).get(name, name).lower()


def _agreed(context: FrameContext, rows: nw.LazyFrame, grace: int) -> nw.LazyFrame:
    """The ends that were agreed on: customer_id, plan, start, until, agreed."""
    keys = ["customer_id", "plan", "start", "until"]
    ended = rows.filter(~nw.col("until").is_null(), ~nw.col("canceled"))
    if re.search(OF_CONTRACT, _header_of_ends(context)):
        return ended.select(*keys, agreed=nw.lit(value=True)).unique(keys)
    unknown = context.timeline.first_unknown_day.toordinal()
    later = ended.filter(nw.col("until") >= unknown).select(keys)
    starts = rows.select("customer_id", "plan", begun="start", lasts="until")
    followed = (
        near(ended.select(keys), starts, at="until", days=grace, on=["customer_id", "plan"])
        .filter(
            (nw.col("begun") > nw.col("start"))
            & (nw.col("lasts").is_null() | (nw.col("lasts") > nw.col("until")))
        )
        .select(keys)
    )
    sure = nw.concat([later, followed]).unique(keys)
    plans = rows.group_by("plan").agg(open=nw.col("until").is_null().cast(nw.Int64).sum())
    contracts = plans.filter(nw.col("open") == 0).join(sure, on="plan", how="semi")
    listed = ended.join(contracts, on="plan", how="semi").select(keys)
    found = nw.concat([sure, listed]).unique(keys)
    return found.with_columns(agreed=nw.lit(value=True))


def near(
    rows: nw.LazyFrame, starts: nw.LazyFrame, *, at: str, days: int, on: list[str]
) -> nw.LazyFrame:
    """Rows laid against those of `starts` that have `begun` at most so many days before or after
    the day `at`, and the same values `on`.

    The join is by stretches of days as long as the time around, so that a customer with many
    terms is not laid against all of them.
    """
    stretch, day = 2 * days + 1, nw.col(at)
    first, last = (day - days) // stretch, (day + days) // stretch
    both = nw.concat(
        [
            rows.with_columns(stretch=first),
            rows.filter(last > first).with_columns(stretch=last),
        ]
    )
    begun = starts.with_columns(stretch=nw.col("begun") // stretch)
    return (
        both.join(begun, on=[*on, "stretch"], how="inner")
        .filter((nw.col("begun") - day).abs() <= days)
        .drop("stretch")
    )
