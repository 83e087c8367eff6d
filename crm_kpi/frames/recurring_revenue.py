"""Recurring revenue: paid subscriptions, their level from day to day, and its movements.

`SCALE` makes whole numbers of what would have to be rounded, such as a thirtieth, so that
decimals are multiplied only, which all engines do alike; metrics divide by 12 x SCALE at the
end, in exact fractions. "Scaled" amounts are yearly ones times SCALE.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MINYEAR, date, timedelta
from math import lcm
from typing import Literal

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext, rows_in_periods

RowScope = Literal["filtered", "without_customer_segments", "with_where_flag"]
ENDS = ("end_date", "canceled_at")
"""The columns that say when a subscription ended: the first that the file has."""
SCALE = lcm(*range(1, 31))
"""Divisible by each interval_count up to 30 and by the larger ones that occur, such as 36, 45,
60, 90, 180; of any other the last of fourteen digits is lost. So small that a year's days of
it are exact as a float, through which some engines divide."""

PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}

MOVES = ("new", "reactivated", "expansion", "contraction", "churned")
LOST = ("contraction", "churned")
"""Those of the movements that take away."""
WINDOW_MOVES = ("expansion", "contraction", "churned", "joined", "back")
UPSOLD = ("upsell", "cross_sell")


def paid_subscriptions(context: FrameContext, *, of: RowScope) -> nw.LazyFrame:
    """Subscriptions that somebody pays for; `of` says which of the segmented tables.

    A row worth nothing, or over before its first paid day, is left out.

    Grain: one row per row of the table that is paid.

    Columns:
        all of the table
        first_paid   date, the start, or the trial's end where that is later
        ended        date of the end; null while open. Where the file has no ends, the day on which
                     it was canceled
        yearly       scaled money, amount x (periods a year x SCALE // interval_count)

    Source: subscriptions.
    """

    def has(name: str) -> bool:
        return context.has("subscriptions", name)

    def count(name: str) -> nw.Expr:
        return nw.col(name).fill_null(1) if has(name) else nw.lit(1).cast(nw.Int64)

    per_year = nw.lit(PER_YEAR["month"]).cast(nw.Int64)
    if has("interval"):
        for interval, times in PER_YEAR.items():
            per_year = (
                nw.when(nw.col("interval") == interval).then(nw.lit(times)).otherwise(per_year)
            )
    start = nw.col("start_date")
    if has("trial_end"):
        late = ~nw.col("trial_end").is_null() & (nw.col("trial_end") > start)
        start = nw.when(late).then(nw.col("trial_end")).otherwise(start)
    tables: Mapping[str, nw.LazyFrame] = getattr(context.tables, of)
    end = next(filter(has, ENDS), None)
    rows = tables["subscriptions"].with_columns(
        first_paid=start,
        ended=nw.col(end) if end else nw.lit(None, nw.Date),
        yearly=nw.col("amount") * (per_year * SCALE // count("interval_count")).cast(nw.Int64),
    )
    open_or_later = nw.col("ended").is_null() | (nw.col("ended") > nw.col("first_paid"))
    return rows.filter((nw.col("yearly") > 0) & open_or_later)


def mrr_changes(context: FrameContext) -> nw.LazyFrame:
    """Recurring revenue as a running total, customer by customer and day by day.

    A customer whose subscriptions lie in several segments is in that of the first.

    Grain: one row per customer and day on which something changes.

    Columns:
        customer_id   text
        day           date
        yearly        scaled money, change of the yearly amount
        running       int, change of the number of paid subscriptions
        paying        int, +1 when the customer begins to pay, -1 when they stop, else 0

    Source: subscriptions, customers.
    """
    paid = context.frame(paid_subscriptions, of="without_customer_segments")
    one = nw.lit(1).cast(nw.Int64)
    began = paid.select("customer_id", "yearly", day=nw.col("first_paid"), running=one)
    ended = paid.filter(~nw.col("ended").is_null()).select(
        "customer_id", yearly=-nw.col("yearly"), day=nw.col("ended"), running=-one
    )
    changes = (
        nw.concat(
            [
                began.select("customer_id", "day", "yearly", "running"),
                ended.select("customer_id", "day", "yearly", "running"),
            ]
        )
        .group_by("customer_id", "day")
        .agg(nw.col("yearly").sum(), nw.col("running").sum())
        .with_columns(level=nw.col("running").cum_sum().over("customer_id", order_by="day"))
    )
    pays = (nw.col("level") > 0).cast(nw.Int64)
    paid_before = (nw.col("level") - nw.col("running") > 0).cast(nw.Int64)
    changes = changes.select("customer_id", "day", "yearly", "running", paying=pays - paid_before)
    own = context.tables.own_segment_columns("subscriptions")
    if own:
        first = paid.group_by("customer_id").agg(first=nw.col("first_paid").min())
        segments = (
            paid.join(first, on="customer_id", how="inner")
            .filter(nw.col("first_paid") == nw.col("first"))
            .group_by("customer_id")
            .agg(**{name: nw.col(name).min() for name in own})
        )
        changes = changes.join(segments, on="customer_id", how="left")
    return context.backend.materialize(
        context.tables.attach_customer_segments(changes, "subscriptions")
    )


def mrr_earlier(context: FrameContext, *, months: int) -> nw.LazyFrame:
    """Recurring revenue as it was some months before: `mrr_changes`, each so many months later.

    As a running total its level at an instant is the level `months` before that instant.

    Grain: one row per row of `mrr_changes`.

    Columns: as there.

    Source: subscriptions, customers.
    """
    later = nw.col("day").dt.offset_by(f"{months}mo").cast(nw.Date)
    return context.frame(mrr_changes).with_columns(day=later)


def mrr_moves(context: FrameContext) -> nw.LazyFrame:
    """Every movement of recurring revenue, judged customer by customer, month by month.

    A customer's yearly amount is compared at each month's start and at the period's bounds with
    what it was at the instant before.

    Grain: one row per customer and instant with a change, in the period that it falls into.

    Columns, scaled money in one of them and null in the others:
        new           0 before and never paid before
        reactivated   0 before, but paid once
        expansion     paid before and pays more
        contraction   paid before and pays less
        churned       paid before and pays nothing

    Source: subscriptions, customers.
    """
    own = context.tables.own_segment_columns("subscriptions")
    levels = (
        context.frame(mrr_changes)
        .join(context.timeline.instants, on="day", how="inner")
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
    return context.backend.materialize(
        context.tables.attach_customer_segments(moves, "subscriptions")
    )


def mrr_windows(context: FrameContext, *, months: int | None) -> nw.LazyFrame:
    """What each customer pays at a window's start and end.

    The window ends with the period and begins with it or, with `months`, so many months before its
    end. Customers without a change inside are left out: what they pay at the end is what they paid
    at the start.

    Grain: one row per customer and period with a change in its window.

    Columns:
        start    scaled money at the start
        end      scaled money at the end
        lapsed   int, 1 for who paid nothing at the start of some month inside, and later again

    Source: subscriptions, customers.
    """
    day, before, after = nw.col("day"), nw.col("day_before"), nw.col("day_after")
    next_month = day.dt.truncate("1mo").dt.offset_by("1mo")
    unpaid = (nw.col("running") == 0) & (after >= next_month)
    beside = {"day_before": ("day", 1), "day_after": ("day", -1)}
    changes = context.backend.with_lag(context.frame(mrr_changes), "customer_id", "day", beside)
    levels = changes.with_columns(
        now=nw.col("yearly").cum_sum().over("customer_id", order_by="day"),
        running=nw.col("running").cum_sum().over("customer_id", order_by="day"),
    ).with_columns(
        was=nw.col("now") - nw.col("yearly"),
        lapsed=nw.when(unpaid).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int8),
    )
    first = before.is_null() | (before < nw.col("begins"))
    last = after.is_null() | (after >= nw.col("until"))
    own = context.tables.own_segment_columns("subscriptions")
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
    return context.backend.materialize(
        context.tables.attach_customer_segments(inside, "subscriptions")
    )


def _windows(context: FrameContext, months: int | None) -> nw.LazyFrame:
    """One row per day and period whose window holds it: day, period, begins, until."""
    columns: dict[str, list[object]] = {"day": [], "period": [], "begins": [], "until": []}
    for number, period in enumerate(context.timeline.calendar.periods):
        begins = period.start if months is None else months_before(period.until, months)
        first = max(begins, context.timeline.first_day)
        length = max((period.until - first).days, 0) if period.begun else 0
        columns["day"] += [first + timedelta(days=n) for n in range(length)]
        columns["period"] += [number] * length
        columns["begins"] += [begins] * length
        columns["until"] += [period.until] * length
    types = {"day": nw.Date, "period": nw.Int32, "begins": nw.Date, "until": nw.Date}
    return context.backend.from_columns(columns, types)


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


def mrr_window_moves(context: FrameContext, *, months: int | None, final: bool) -> nw.LazyFrame:
    """How what each customer pays changed from a window's start to its end, point to point.

    `final`: who lapsed inside the window counts as churned, also when they are back at its end.

    Grain: one row per row of `mrr_windows`.

    Columns, scaled money, null for who did not do so:
        expansion     what customers of the start pay more at the end
        contraction   what they pay less, and still something
        churned       what they paid at the start and no longer pay
        joined        what customers of the end pay who did not pay at the start
        back          with `final`, what customers of the start pay again after a lapse

    Source: subscriptions, customers.
    """
    start, end = nw.col("start"), nw.col("end")
    there = start > 0
    lapsed = (nw.col("lapsed") == 1) & (end > 0) if final else nw.lit(value=False)
    moves = {
        "expansion": (there & ~lapsed & (end > start), end - start),
        "contraction": (there & ~lapsed & (end > 0) & (end < start), start - end),
        "churned": (there & (lapsed | (end == 0)), start),
        "joined": (~there, end),
        "back": (there & lapsed, end),
    }
    return context.frame(mrr_windows, months=months).select(
        "period",
        *context.by,
        **{name: nw.when(condition).then(amount) for name, (condition, amount) in moves.items()},
    )


def upselling(context: FrameContext) -> nw.LazyFrame:
    """Transactions in the periods of their dates, with what of them was upsold.

    A refund, or a discount, of an order of which every line is upsold is so too, of the kind
    upsell where the order holds both. Orders are looked for in the whole file.

    Grain: one row per transaction and period of its date.

    Columns:
        period       int
        amount       money
        of           text, the upsold kind of the income or its refund; null for other revenue
        unassigned   money, of a refund whose order holds an upsold line and others; else 0
        told         int, 1 where the file has a transaction of an upsold kind at all

    Source: transactions.
    """
    rows = context.frame(rows_in_periods, table="transactions", at="date")
    own = nw.when(nw.col("kind").is_in(UPSOLD)).then(nw.col("kind"))
    every = context.tables.unfiltered["transactions"]
    has = every.select(told=nw.col("kind").is_in(UPSOLD).cast(nw.Int64).max().fill_null(0))
    rows = rows.with_columns(of=own).join(has, how="cross")
    zero = nw.col("amount") * 0
    if not context.has("transactions", "transaction_id"):
        return rows.select("period", *context.by, "amount", "of", "told", unassigned=zero)
    taken = nw.col("amount") < 0
    orders = (
        every.filter(nw.col("amount") > 0, ~nw.col("transaction_id").is_null())
        .select("transaction_id", of_order=own.fill_null(""))
        .group_by("transaction_id")
        .agg(least=nw.col("of_order").min(), most=nw.col("of_order").max())
        .filter(nw.col("most") != "")
    )
    single = nw.col("least") != ""
    lowers = taken & nw.col("of").is_null()
    return rows.join(orders, on="transaction_id", how="left").select(
        "period",
        *context.by,
        "amount",
        "told",
        of=nw.when(lowers & single).then(nw.col("most")).otherwise(nw.col("of")),
        unassigned=nw.when(lowers & ~single).then(nw.col("amount")).otherwise(zero),
    )
