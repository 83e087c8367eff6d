"""What each customer pays at a window's start and end: one row per customer and period.

The window ends with the period and begins with it or, with `months`, so many
months before its end. Customers without a change inside are left out: what
they pay at the end is what they paid at the start.

    start    yearly amount at the start, scaled as in `paid_subscriptions`
    end      yearly amount at the end
    lapsed   1 for who paid nothing at the start of some month inside, and later again
"""

from __future__ import annotations

from datetime import MINYEAR, date, timedelta

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, months: int | None) -> nw.LazyFrame:
    day, before, after = nw.col("day"), nw.col("day_before"), nw.col("day_after")
    next_month = day.dt.truncate("1mo").dt.offset_by("1mo")
    unpaid = (nw.col("running") == 0) & (after >= next_month)
    changes = context.beside(
        context.frame("mrr_changes"), day_before=("day", 1), day_after=("day", -1)
    )
    levels = changes.with_columns(
        now=nw.col("yearly").cum_sum().over("customer_id", order_by="day"),
        running=nw.col("running").cum_sum().over("customer_id", order_by="day"),
    ).with_columns(
        was=nw.col("now") - nw.col("yearly"),
        lapsed=nw.when(unpaid).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int8),
    )
    first = before.is_null() | (before < nw.col("begins"))
    last = after.is_null() | (after >= nw.col("until"))
    own = context.own_by("subscriptions")
    inside = (
        # A change lies in as many windows as a window has periods: few columns go along.
        levels.select("customer_id", "day", "day_before", "day_after", "was", "now", "lapsed", *own)
        .join(_windows(context, months), on="day", how="inner")
        .select(
            "customer_id",
            "period",
            *own,
            "lapsed",
            start=nw.when(first).then(nw.col("was")),
            end=nw.when(last).then(nw.col("now")),
        )
        .group_by("customer_id", "period")
        .agg(nw.col(name).max() for name in ("start", "end", "lapsed", *own))
    )
    return context.keep(context.with_theirs(inside, "subscriptions"))


def _windows(context: Context, months: int | None) -> nw.LazyFrame:
    """One row per day and period whose window holds it: day, period, begins, until."""
    columns: dict[str, list[object]] = {"day": [], "period": [], "begins": [], "until": []}
    for number, period in enumerate(context.calendar.periods):
        begins = period.start if months is None else months_before(period.until, months)
        first = max(begins, context.first_day)
        length = max((period.until - first).days, 0) if period.begun else 0
        columns["day"] += [first + timedelta(days=n) for n in range(length)]
        columns["period"] += [number] * length
        columns["begins"] += [begins] * length
        columns["until"] += [period.until] * length
    types = {"day": nw.Date, "period": nw.Int32, "begins": nw.Date, "until": nw.Date}
    return context.adapter.table(columns, types)


def months_before(day: date, months: int) -> date:
    """The first day that, so many months later, is not before `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < MINYEAR:
        return date.min
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        # Of 29 February a year before: days up to the 28th come out before it, 1 March does not.
        return date(year, month + 2, 1)
