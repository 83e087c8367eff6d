"""What was due for renewal, and what became of it."""

from __future__ import annotations

from datetime import date

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.recurring_revenue import RowScope, paid_subscriptions
from crm_kpi.frames.timeline import ordinal

KEYS = ("customer_id", "due")


def due_renewals(context: FrameContext, *, grace: int) -> nw.LazyFrame:
    """What was due for renewal, and whether it was renewed in time.

    A paid term is due on its `due_date`, or, where the file has no such column, on its end date.
    Terms of a customer that are due on one day are one renewal. A next term is a later term of the
    customer that starts within the grace before or after the due day and outlasts it. It renews
    what was due nearest to its start (of two as near, the earlier), so that it is never counted
    twice.

    Grain: one row per customer, due day and period.

    Columns:
        old       scaled money that was due, see `recurring_revenue`
        new       scaled money that follows: of the next terms, else of the renewed ones
        capped    scaled money, the smaller of the two
        renewed   int, 1 with a `renewed_at` not later than the grace after the due day, or a next
                  term
        pending   int, 1 when not renewed and the grace is not over yet

    Source: subscriptions.
    """
    terms = _terms(context, of="unfiltered")
    due = terms.filter(nw.col("due") > nw.col("first_paid"))
    last_day = nw.col("due").dt.offset_by(f"{grace}d")
    in_time = (nw.col("renewed_at") <= last_day) & (
        nw.col("renewed_at") < context.timeline.first_unknown_day
    )
    renewals = due.group_by(*KEYS).agg(
        old=nw.col("yearly").sum(),
        kept=nw.when(in_time).then(nw.col("yearly")).otherwise(nw.col("yearly") * 0).sum(),
        began=nw.col("start_date").min(),
    )
    # Which of them are asked for, and in which segment: next terms count in any.
    asked = (
        _terms(context, of="filtered")
        .group_by(*KEYS)
        .agg(**{name: nw.col(name).min() for name in context.by})
    )
    follows = ~nw.col("next").is_null()
    renewed = follows | (nw.col("kept") > 0)
    found = (
        renewals.join(_next_terms(renewals, terms, grace), on=list(KEYS), how="left")
        .join(asked, on=list(KEYS), how="inner")
        .join(context.timeline.days, left_on="due", right_on="day", how="inner")
    )
    old, new = nw.col("old"), nw.when(follows).then(nw.col("next")).otherwise(nw.col("kept"))
    return context.backend.materialize(
        found.select(
            "customer_id",
            "period",
            "old",
            *context.by,
            new=new,
            capped=nw.when(new < old).then(new).otherwise(old),
            renewed=renewed.cast(nw.Int64),
            pending=(~renewed & (last_day >= context.timeline.first_unknown_day)).cast(nw.Int64),
        )
    )


def _terms(context: FrameContext, *, of: RowScope) -> nw.LazyFrame:
    """Paid terms with `due` and `lasts`, the day that they are over or due; null while open."""

    def column_or_null(column: str) -> nw.Expr:
        there = context.has("subscriptions", column)
        return nw.col(column) if there else nw.lit(None, nw.Date)

    due = column_or_null("due_date" if context.has("subscriptions", "due_date") else "end_date")
    return context.frame(paid_subscriptions, of=of).with_columns(
        due=due, lasts=nw.min_horizontal("ended", due), renewed_at=column_or_null("renewed_at")
    )


def _next_terms(renewals: nw.LazyFrame, terms: nw.LazyFrame, grace: int) -> nw.LazyFrame:
    """Per renewal, in `next`, the yearly amount of the terms that renew it.

    The join is by customer and stretches of days as long as the grace on both
    sides, so that a customer with many terms is not laid against all of them.
    """
    stretch = 2 * grace + 1
    starts = (
        terms.with_columns(lasts=nw.col("lasts").fill_null(date.max))
        .group_by("customer_id", "start_date", "lasts")
        .agg(next=nw.col("yearly").sum())
        .with_columns(start=ordinal(nw.col("start_date")))
        .with_columns(stretch=nw.col("start") // stretch)
    )
    around = renewals.select(*KEYS, "began", at=ordinal(nw.col("due"))).with_columns(
        first=(nw.col("at") - grace) // stretch, last=(nw.col("at") + grace) // stretch
    )
    columns = [*KEYS, "began", "at", "stretch"]
    both = nw.concat(
        [
            around.with_columns(stretch=nw.col("first")).select(columns),
            around.filter(nw.col("last") > nw.col("first"))
            .with_columns(stretch=nw.col("last"))
            .select(columns),
        ]
    )
    late = nw.col("start") - nw.col("at")
    pairs = (
        both.join(starts, on=["customer_id", "stretch"], how="inner")
        .filter(
            (late.abs() <= grace)
            & (nw.col("start_date") > nw.col("began"))
            & (nw.col("lasts") > nw.col("due"))
        )
        .with_columns(distance=2 * late.abs() + (late < 0).cast(nw.Int64))
    )
    nearest = nw.col("distance").min().over("customer_id", "start_date", "lasts")
    return (
        pairs.with_columns(nearest=nearest)
        .filter(nw.col("distance") == nw.col("nearest"))
        .group_by(*KEYS)
        .agg(nw.col("next").sum())
    )
