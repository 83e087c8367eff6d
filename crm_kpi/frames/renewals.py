"""What was due for renewal, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.contract_terms import near, subscription_terms
from crm_kpi.frames.timeline import ordinal

KEYS = ["customer_id", "due"]
MONTH_CYCLES, DAY_CYCLES = (12, 3, 1), (365, 7, 1)
"""Lengths of which many terms are a multiple, the first that is: such a term is laid against every
so many-th month or day alone. One divides all."""


def due_renewals(context: FrameContext, *, grace: int, shortest: int) -> nw.LazyFrame:
    """What was due for renewal, and whether it was renewed in time.

    A row is due on its `due_date`; without one at the end of each term that it has completed, and
    at the end of that within which it ended. Terms of a customer that are due on one day are one
    renewal. Terms of less than `shortest` days are left out.

    A row runs on that is there after the grace, or, where that is half of its term or more, after
    the due day. A next term is a later row of the customer that starts within the grace before or
    after the due day, or after the end within the term, and outlasts the due day. It renews what
    was due nearest to its start (of two as near, the earlier), so that it is never counted twice.

    Grain: one row per customer, due day and period.

    Columns:
        period    int
        old       scaled money that was due, see `recurring_revenue`
        new       scaled money that follows: of the rows that run on, and of the next terms, else of
                  the renewed ones
        capped    scaled money, the smaller of the two
        renewed   int, 1 with a row that runs on, a `renewed_at` not later than the grace after the
                  due day, or a next term
        pending   int, 1 when not renewed and the grace is not over yet

    Source: subscriptions.
    """
    unknown = context.timeline.first_unknown_day.toordinal()
    due, until = nw.col("due"), nw.col("until")
    over = due + nw.col("patience")
    in_time = (nw.col("renewed") <= due + grace) & (nw.col("renewed") < unknown)
    rows = context.backend.materialize(
        _due_terms(context, grace, shortest).with_columns(
            runs=(over < unknown) & (until.is_null() | (until > over)),
            told=in_time.fill_null(value=False),
        )
    )
    runs, told, zero = nw.col("runs"), nw.col("told"), nw.col("yearly") * 0
    renewals = rows.group_by(*KEYS).agg(
        nw.col("kept").cast(nw.Int64).max(),
        *(nw.when(nw.col("kept")).then(nw.col(name)).min().alias(name) for name in context.by),
        old=nw.col("yearly").sum(),
        running=nw.when(runs).then(nw.col("yearly")).otherwise(zero).sum(),
        told=nw.when(told & ~runs).then(nw.col("yearly")).otherwise(zero).sum(),
    )
    periods = context.timeline.days.select("period", at=ordinal(nw.col("day")))
    found = (
        renewals.filter(nw.col("kept") == 1)
        .join(_next_terms(context, rows.filter(~runs), grace), on=KEYS, how="left")
        .join(periods, left_on="due", right_on="at", how="inner")
    )
    old, new, follows = nw.col("old"), nw.col("new"), ~nw.col("next").is_null()
    renewed = follows | (nw.col("told") > 0) | (nw.col("running") > 0)
    found = found.with_columns(
        new=nw.col("running") + nw.when(follows).then(nw.col("next")).otherwise(nw.col("told"))
    )
    return context.backend.materialize(
        found.select(
            "customer_id",
            "period",
            "old",
            "new",
            *context.by,
            capped=nw.when(new < old).then(new).otherwise(old),
            renewed=renewed.cast(nw.Int64),
            pending=(~renewed & (due + grace >= unknown)).cast(nw.Int64),
        )
    )


def term_changes(context: FrameContext, *, grace: int, shortest: int) -> nw.LazyFrame:
    """Paid subscriptions with a shorter and with a longer term, as running totals.

    Grain: one row per row of the table and change.

    Columns:
        slot          int
        short, long   int, +1 or -1 in one of them, by `shortest` days

    Source: subscriptions.
    """
    names = ("short", "long")
    short = (nw.col("length") < shortest).cast(nw.Int64)
    rows = context.frame(subscription_terms, grace=grace).filter(nw.col("kept"))
    rows = rows.with_columns(short=short, long=1 - short)
    began = rows.select(*context.by, *names, at=nw.col("begins"))
    ended = rows.select(*context.by, *(-nw.col(name) for name in names), at=nw.col("until"))
    slots = context.timeline.slots.select("slot", at=ordinal(nw.col("day")))
    return nw.concat([began, ended]).join(slots, on="at", how="inner")


def _due_terms(context: FrameContext, grace: int, shortest: int) -> nw.LazyFrame:
    """Each row on each day on which it is due: `due`, and `patience`, how long after that day it
    may still end without having run on."""
    due, whole = nw.col("due_at"), nw.col("whole")
    patience = nw.when(nw.col("length") > 2 * grace).then(nw.lit(grace)).otherwise(nw.lit(0))
    rows = context.frame(subscription_terms, grace=grace).filter(nw.col("length") >= shortest)
    rows = rows.with_columns(patience=patience.cast(nw.Int64))
    single = rows.filter(~due.is_null() | whole).with_columns(
        due=nw.when(due.is_null()).then(nw.col("until")).otherwise(due)
    )
    repeated = rows.filter(due.is_null() & ~whole)
    parts = [
        single.filter(nw.col("due") > nw.col("begins")),
        _month_ends(context, repeated.filter(~nw.col("months").is_null()), grace),
        _day_ends(context, repeated.filter(nw.col("months").is_null()), grace),
    ]
    names = ("yearly", "start", "until", "renewed", "patience", "due")
    return nw.concat([each.select("customer_id", "kept", *context.by, *names) for each in parts])


def _month_ends(context: FrameContext, rows: nw.LazyFrame, grace: int) -> nw.LazyFrame:
    """Rows with a term of months, on each `due` day: so many months later the same day of the
    month, or that month's last."""
    numbers = sorted({day.year * 12 + day.month - 1 for day in _days_around(context, grace)})
    calendar = _calendar(
        context,
        MONTH_CYCLES,
        number=numbers,
        first=[_first_of(number) for number in numbers],
        last=[_first_of(number + 1) - 1 for number in numbers],
    )
    months, begins, day = nw.col("months"), nw.col("month"), nw.col("day_of_month")
    early = nw.col("ended").dt.offset_by(f"-{grace}d")
    ended = nw.when(nw.col("patience") > 0).then(early).otherwise(nw.col("ended")).cast(nw.Date)
    passed = _month(ended) - begins - (ended.dt.day().cast(nw.Int64) <= day).cast(nw.Int64)
    rows = rows.with_columns(
        month=_month(nw.col("first_paid")),
        day_of_month=nw.col("first_paid").dt.day().cast(nw.Int64),
    ).with_columns(cycle=_cycle(months, MONTH_CYCLES), terms=_completed(passed, months))
    rows = rows.with_columns(phase=begins % nw.col("cycle"))
    later = nw.col("number") - begins
    due, last = nw.col("first") + day - 1, nw.col("last")
    return (
        rows.join(calendar, on=["cycle", "phase"], how="inner")
        .filter(later > 0, later % months == 0, _reached(later // months))
        .with_columns(due=nw.when(due > last).then(last).otherwise(due))
    )


def _day_ends(context: FrameContext, rows: nw.LazyFrame, grace: int) -> nw.LazyFrame:
    """Rows with a term of days, on each `due` day."""
    numbers = sorted({day.toordinal() for day in _days_around(context, grace)})
    calendar = _calendar(context, DAY_CYCLES, due=numbers)
    days, begins = nw.col("days"), nw.col("begins")
    passed = nw.col("until") - nw.col("patience") - begins - 1
    rows = rows.with_columns(cycle=_cycle(days, DAY_CYCLES), terms=_completed(passed, days))
    later = nw.col("due") - begins
    return (
        rows.with_columns(phase=begins % nw.col("cycle"))
        .join(calendar, on=["cycle", "phase"], how="inner")
        .filter(later > 0, later % days == 0, _reached(later // days))
    )


def _calendar(context: FrameContext, cycles: tuple[int, ...], **columns: list[int]) -> nw.LazyFrame:
    """The columns once per cycle, with the phase of the first column in it."""
    numbers = next(iter(columns.values()))
    laid = {"cycle": [cycle for cycle in cycles for _ in numbers]}
    laid["phase"] = [number % cycle for cycle in cycles for number in numbers]
    laid |= {name: values * len(cycles) for name, values in columns.items()}
    return context.backend.from_columns(laid, dict.fromkeys(laid, nw.Int64))


def _first_of(number: int) -> int:
    return date(number // 12, number % 12 + 1, 1).toordinal()


def _days_around(context: FrameContext, grace: int) -> Iterator[date]:
    """The days of the periods, and those so near that a next term could be of both."""
    for period in context.timeline.calendar.periods:
        if period.begun:
            length = (period.until - period.start).days
            for number in range(-grace, length + grace):
                yield period.start + timedelta(days=number)


def _month(day: nw.Expr) -> nw.Expr:
    return day.dt.year().cast(nw.Int64) * 12 + day.dt.month().cast(nw.Int64) - 1


def _cycle(length: nw.Expr, cycles: tuple[int, ...]) -> nw.Expr:
    found = nw.lit(1)
    for cycle in reversed(cycles):
        found = nw.when(length % cycle == 0).then(nw.lit(cycle)).otherwise(found)
    return found.cast(nw.Int64)


def _completed(passed: nw.Expr, length: nw.Expr) -> nw.Expr:
    """How many terms are over before the end, of the time that has passed; null while open."""
    return nw.when(passed > 0).then(passed).otherwise(passed * 0) // length


def _reached(term: nw.Expr) -> nw.Expr:
    """Whether a row came into that term, counted from 1."""
    return nw.col("terms").is_null() | (term <= nw.col("terms") + 1)


def _next_terms(context: FrameContext, stopped: nw.LazyFrame, grace: int) -> nw.LazyFrame:
    """Per renewal, in `next`, the yearly amount of the terms that renew it.

    stopped: the rows that are due and do not run on.
    """
    rows = context.frame(subscription_terms, grace=grace)
    starts = (
        rows.with_columns(
            lasts=nw.min_horizontal("until", "due_at").fill_null(date.max.toordinal())
        )
        .group_by("customer_id", "start", "lasts")
        .agg(next=nw.col("yearly").sum())
        .rename({"start": "begun"})
    )
    due, at = nw.col("due"), nw.col("at")
    dues = stopped.group_by(*KEYS).agg(
        began=nw.col("start").min(), at=nw.min_horizontal("until", "due").max()
    )
    around = nw.concat(
        [
            dues.with_columns(at=due).select(*KEYS, "began", "at"),
            dues.filter(at < due).select(*KEYS, "began", "at"),
        ]
    )
    late = nw.col("begun") - at
    pairs = (
        near(around, starts, at="at", days=grace, on=["customer_id"])
        .filter((nw.col("begun") > nw.col("began")) & (nw.col("lasts") > due))
        .with_columns(distance=2 * late.abs() + (late < 0).cast(nw.Int64))
        .group_by(*KEYS, "begun", "lasts")
        .agg(nw.col("next").max(), nw.col("distance").min())
    )
    nearest = nw.col("distance").min().over("customer_id", "begun", "lasts")
    return (
        pairs.with_columns(nearest=nearest)
        .filter(nw.col("distance") == nw.col("nearest"))
        .group_by(*KEYS)
        .agg(nw.col("next").sum())
    )
