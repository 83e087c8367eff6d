"""How long customers with a contract have stayed, and who has left, as of the end of a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crm_kpi.errors import ConfigError
from crm_kpi.frames import customer_base
from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import stored_name
from crm_kpi.frames.timeline import ordinal
from crm_kpi.messages import text
from crm_kpi.tables import day as day_of

Contracts = Literal["customers", "subscriptions"]

STEP = 30
TICKETS, SCORE = "tickets_90d", "last_score"
DERIVED = (TICKETS, SCORE)
"""Columns that are counted as of each step, from rows that are dated."""
_FAR = 10_000
"""More steps than anybody lived: engines divide what is negative in ways of their own."""


def contract_lives(
    context: FrameContext, *, contracts: Contracts, columns: Sequence[str]
) -> nw.LazyFrame:
    """Each stay of a customer as it is known at a period's end, and nothing later.

    Of the customers table each row is a stay; of subscriptions all that had begun by then are
    one, from the first start to the last end.

    Grain: one row per period, and stay that began before its end.

    Columns:
        customer_id   text
        period        int
        began         date
        tenure        int, days from the beginning to the end, or as long as it lasts so far
        gone          int, days since it ended; 0 while it lasts
        level:NAME    text, what the customer has in each of these columns of the customers table

    Source: customers; with contracts `subscriptions` these, too.

    Raises:
        ConfigError: the customers table has no such column.
    """
    ends = context.timeline.period_ends.select("period", "until")
    ends = ends.filter(nw.col("period").is_in([*context.timeline.calendar.predicted]))
    began, until = nw.col("began"), nw.col("until")
    if contracts == "customers":
        spans = context.frame(customer_base.active_spans, basis="contract", window=None)
        lives = spans.select("customer_id", *context.by, began="signup", ended="churn")
        lives = lives.join(ends, how="cross").filter(began < until)
    else:
        lives = _of_subscriptions(context, ends)
    last = nw.when(nw.col("ended") < until).then(nw.col("ended")).otherwise(until)
    found = lives.select(
        "customer_id",
        "period",
        "began",
        *context.by,
        tenure=ordinal(last) - ordinal(began),
        gone=ordinal(until) - ordinal(last),
    )
    return context.backend.materialize(_with_levels(found, context, columns))


def _of_subscriptions(context: FrameContext, ends: nw.LazyFrame) -> nw.LazyFrame:
    rows = context.tables.without_customer_segments["subscriptions"]
    own = context.tables.own_segment_columns("subscriptions")
    ended = nw.col("ended")
    lasts = ended.is_null() | (ended >= nw.col("until"))
    stays = (
        rows.filter(~nw.col("customer_id").is_null())
        .select("customer_id", *own, began="start_date", ended="end_date")
        .join(ends, how="cross")
        .filter(nw.col("began") < nw.col("until"))
        .with_columns(lasts=lasts.cast(nw.Int64))
        .group_by("customer_id", "period", "until", *own)
        .agg(nw.col("began").min(), nw.col("ended").max(), nw.col("lasts").max())
        .with_columns(ended=nw.when(nw.col("lasts") == 0).then(nw.col("ended")))
    )
    return context.tables.attach_customer_segments(stays, "subscriptions")


def _with_levels(
    lives: nw.LazyFrame, context: FrameContext, columns: Sequence[str]
) -> nw.LazyFrame:
    if not columns:
        return lives
    there = context.tables.unfiltered.get("customers")
    names = [] if there is None else there.columns
    lacking = [name for name in columns if stored_name(name) not in names]
    if there is None or lacking:
        raise ConfigError(
            text("models.no_column", column=lacking[0]),
            hint=text("models.take_header"),
        )
    # Of several rows of one customer the last in the order of words, so that no order matters.
    levels = {f"level:{name}": nw.col(stored_name(name)).cast(nw.String).max() for name in columns}
    known = there.group_by("customer_id").agg(**levels)
    return lives.join(known, on="customer_id", how="left")


def contract_steps(
    context: FrameContext, *, contracts: Contracts, columns: Sequence[str]
) -> nw.LazyFrame:
    """The same stays in steps of thirty days, with what was known of the customer at each's start.

    Grain: one row per period, stay and step that had begun by its end.

    Columns:
        those of `contract_lives`
        step                int, from 0
        level:tickets_90d   text, where asked for: tickets created in the 90 days before the step:
                            0, 1, 2 or 3+
        level:last_score    text, where asked for: the latest answer to the NPS survey before it:
                            0-6, 7-8 or 9-10; null without one

    Source: as `contract_lives`; tickets, surveys.
    """
    plain = tuple(name for name in columns if name not in DERIVED)
    lives = context.frame(contract_lives, contracts=contracts, columns=plain)
    number = (context.timeline.first_unknown_day - context.timeline.first_day).days // STEP + 1
    steps = context.timeline.from_columns({"step": [*range(number)]}, {"step": nw.Int64})
    found = lives.join(steps, how="cross").filter(nw.col("step") * STEP <= nw.col("tenure"))
    keys = ["customer_id", "period", "began"]
    stays = lives.select(keys).unique(keys)
    if TICKETS in columns:
        found = found.join(_tickets(context, stays), on=[*keys, "step"], how="left")
        n = nw.col("tickets").fill_null(0)
        level = nw.when(n >= 3).then(nw.lit("3+")).otherwise(nw.lit("0"))
        for few in (1, 2):
            level = nw.when(n == few).then(nw.lit(str(few))).otherwise(level)
        found = found.with_columns(level.alias(f"level:{TICKETS}")).drop("tickets")
    if SCORE in columns:
        scores = context.backend.materialize(_scores(context, stays))
        found = found.join(
            scores.select(*keys, "step", answered="step"), on=[*keys, "step"], how="left"
        )
        latest = nw.col("answered").fill_null(-1).cum_max().over(*keys, order_by="step")
        found = found.with_columns(answered=latest).join(
            scores.select(*keys, "score", answered="step"), on=[*keys, "answered"], how="left"
        )
        score = nw.col("score")
        level = nw.when(score >= 9).then(nw.lit("9-10"))
        level = nw.when(score < 9).then(nw.lit("7-8")).otherwise(level)
        level = nw.when(score < 7).then(nw.lit("0-6")).otherwise(level)
        found = found.with_columns(level.alias(f"level:{SCORE}")).drop("score", "answered")
    return context.backend.materialize(found)


def _step_after(day: str) -> nw.Expr:
    """The first step of a stay that begins after a day."""
    since = ordinal(nw.col(day)) - ordinal(nw.col("began"))
    return (since + _FAR * STEP) // STEP - _FAR + 1


def _tickets(context: FrameContext, stays: nw.LazyFrame) -> nw.LazyFrame:
    """A ticket lies in the 90 days before three steps."""
    opened = context.tables.unfiltered["tickets"].select(
        "customer_id", day=nw.col(day_of("created_at"))
    )
    placed = opened.join(stays, on="customer_id", how="inner").with_columns(step=_step_after("day"))
    each = [placed.with_columns(step=nw.col("step") + further) for further in range(3)]
    return (
        nw.concat(each)
        .group_by("customer_id", "period", "began", "step")
        .agg(tickets=nw.len())
        .with_columns(nw.col("tickets").cast(nw.Int64))
    )


def _scores(context: FrameContext, stays: nw.LazyFrame) -> nw.LazyFrame:
    """The latest score before each step that begins after an answer; of a day the lowest."""
    answers = (
        context.tables.unfiltered["surveys"]
        .filter(nw.col("survey") == "nps", ~nw.col("score").is_null())
        .select(
            "customer_id", score=nw.col("score").cast(nw.Float64), day=nw.col(day_of("answered_at"))
        )
        .join(stays, on="customer_id", how="inner")
        .with_columns(step=_step_after("day"))
    )
    step = nw.when(nw.col("step") > 0).then(nw.col("step")).otherwise(0)
    keys = ["customer_id", "period", "began", "step"]
    answers = answers.with_columns(step=step.cast(nw.Int64))
    last = answers.group_by(keys).agg(day=nw.col("day").max())
    return (
        answers.join(last, on=[*keys, "day"], how="inner")
        .group_by(keys)
        .agg(score=nw.col("score").min())
    )
