"""Deals: open, won and lost, the stages that they are in, and the odds of winning them."""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.context import FrameContext, rows_in_periods
from crm_kpi.periods import DAY
from crm_kpi.tables import MONEY, day

PROBABILITY_SCALE = 10**15
"""More digits than a 64-bit float has: what was written is kept as it was written."""


def level_at_period_end(
    context: FrameContext, changes: nw.LazyFrame, *, keys: Sequence[str], sums: Sequence[str]
) -> nw.LazyFrame:
    """Per period and `keys` the sum of all changes before the period's end.

    `changes` has `day`. They are added up by day first, so that what is laid
    against every period is small.
    """
    totals = [nw.col(name).sum() for name in sums]
    return (
        changes.group_by("day", *keys)
        .agg(*totals)
        .join(context.timeline.periods, how="cross")
        .filter(nw.col("day") < nw.col("until"))
        .group_by("period", *keys)
        .agg(*totals)
    )


def deals(context: FrameContext) -> nw.LazyFrame:
    """Deals and the days between which they are open.

    A deal is open at an instant b when opened < b and closed is null or closed >= b. Of an open
    deal with a blank creation it is known that it is open now, so `opened` is the day of `as_of`;
    of a closed one it is not known when it was open, and it is left out.

    Grain: one row per deal.

    Columns:
        opportunity_id   text
        opened           date
        closed           date; null for an open deal, whatever date it has beside (some CRMs keep
                         the expected one there)
        stage            text; null where the file has none or no metric asked for it
        amount           money; null where there is none
        probability      float, as it is written; null where there is none
        expected         date on which closing is expected; null where there is none

    Source: opportunities.
    """
    rows = context.tables.filtered["opportunities"]
    there = rows.columns

    def column(name: str, type_: nw.dtypes.DType) -> nw.Expr:
        return nw.col(name) if name in there else nw.lit(None, type_)

    has_close = context.has("opportunities", "closed_at")
    close = nw.col(day("closed_at")) if has_close else nw.lit(None, nw.Date)
    still = nw.col("outcome").is_null() | (nw.col("outcome") == "open")
    created = nw.col(day("created_at"))
    opened = nw.when(still & created.is_null()).then(
        nw.lit(context.timeline.first_unknown_day - DAY, nw.Date)
    )
    return context.backend.materialize(
        rows.filter(still | (~close.is_null() & ~created.is_null())).select(
            "opportunity_id",
            *context.by,
            opened=opened.otherwise(created),
            closed=nw.when(~still).then(close),
            stage=column("stage", nw.String()),
            amount=_amount(context),
            probability=column("probability", nw.Float64()),
            expected=column("expected_close", nw.Date()),
        )
    )


def _amount(context: FrameContext) -> nw.Expr:
    """The amount, null in every row where the file has no such column."""
    return (
        nw.col("amount")
        if context.has("opportunities", "amount")
        else nw.lit(None, nw.Decimal(*MONEY))
    )


def closed_deals(context: FrameContext) -> nw.LazyFrame:
    """Deals won or lost, in the periods in which they were closed.

    Grain: one row per deal and period of its close.

    Columns:
        period    int
        won       bool
        amount    money; null where there is none
        seconds   int, from creation to the close of a won deal; null for a lost one, or where the
                  creation is blank

    Source: opportunities.
    """
    rows = context.frame(rows_in_periods, table="opportunities", at=day("closed_at"))
    won = nw.col("outcome") == "won"
    seconds = context.backend.seconds_between(nw.col("created_at"), nw.col("closed_at"))
    return context.backend.materialize(
        rows.filter(won | (nw.col("outcome") == "lost")).select(
            "period",
            *context.by,
            won=won,
            amount=_amount(context),
            seconds=nw.when(won).then(seconds),
        )
    )


def open_deal_changes(context: FrameContext, *, overdue: bool) -> nw.LazyFrame:
    """Open deals as a running total: what each change adds or takes away.

    With `overdue` only while the expected day of closing has passed and the deal is still open.

    Grain: one row per deal and change.

    Columns:
        day        date
        deals      int, +1 or -1
        amount     money, 0 where there is none
        unpriced   int, of the deals without an amount
        dated      int, of those with an expected close

    Source: opportunities.
    """
    spans = context.frame(deals)
    begins, ends = nw.col("opened"), nw.col("closed")
    if overdue:
        # A deal that closes before it is overdue comes and goes on the same day.
        begins = nw.max_horizontal("opened", "expected")
        ends = nw.when(~ends.is_null()).then(nw.max_horizontal("closed", "opened", "expected"))
        spans = spans.filter(~nw.col("expected").is_null())
    one = nw.lit(1).cast(nw.Int64)
    changes = {
        "deals": one,
        "amount": nw.col("amount").fill_null(0),
        "unpriced": nw.col("amount").is_null().cast(nw.Int64),
        "dated": (~nw.col("expected").is_null()).cast(nw.Int64),
    }
    entered = spans.select(*context.by, day=begins, **changes)
    left = spans.select(*context.by, day=ends, **{name: -each for name, each in changes.items()})
    return nw.concat([entered, left.filter(~nw.col("day").is_null())])


def stage_win_rates(context: FrameContext) -> nw.LazyFrame:
    """How deals ended that had been in a stage, as of each period's end.

    Each deal counts once in every stage it was in, or in its own stage where stage_changes does
    not know it. All deals of the file are learned from, whatever `--where` leaves out: the odds of
    a stage do not depend on who asks.

    Grain: one row per period and stage.

    Columns:
        period   int
        stage    text
        closed   int, deals that ended
        won      int, those of them that were won

    Source: opportunities, stage_changes.
    """
    has_stage = context.has("opportunities", "stage")
    ended = context.tables.unfiltered["opportunities"].filter(
        nw.col("outcome").is_in(["won", "lost"])
    )
    ended = ended.select(
        "opportunity_id",
        stage=nw.col("stage") if has_stage else nw.lit(None, nw.String),
        day=nw.col(day("closed_at"))
        if context.has("opportunities", "closed_at")
        else nw.lit(None, nw.Date),
        won=(nw.col("outcome") == "won").cast(nw.Int64),
        closed=nw.lit(1).cast(nw.Int64),
    )
    if context.has("stage_changes", "stage"):
        steps = (
            context.tables.unfiltered["stage_changes"]
            .group_by("opportunity_id", "stage")
            .agg(entered=nw.col(day("entered_at")).min())
        )
        # A stage entered after the close, such as a reopened deal's, counts from then on.
        told = (
            ended.drop("stage")
            .join(steps, on="opportunity_id", how="inner")
            .with_columns(day=nw.max_horizontal("day", "entered"))
        )
        untold = ended.join(steps, on="opportunity_id", how="anti")
        ended = nw.concat([told.select(untold.columns), untold])
    return context.backend.materialize(
        level_at_period_end(
            context,
            ended.filter(~nw.col("day").is_null() & ~nw.col("stage").is_null()),
            keys=["stage"],
            sums=["won", "closed"],
        )
    )


def stage_spans(context: FrameContext) -> nw.LazyFrame:
    """The stages of each deal and the days it is in them.

    From stage_changes where there is such a table; a deal without a row in it, and every deal
    without the table, is in its own stage from beginning to end.

    Grain: one row per deal and stage.

    Columns:
        all of `deals`
        begins   date
        ends     date; null while it lasts, and `begins` for a stage left on the day it was entered

    Source: opportunities, stage_changes.
    """
    every = context.frame(deals)
    one_stage = every.with_columns(begins=nw.col("opened"), ends=nw.col("closed"))
    if not context.has("stage_changes", "stage"):
        return context.backend.materialize(one_stage)
    order, entered = ["entered_at", "stage"], nw.col(day("entered_at"))
    steps = context.tables.unfiltered["stage_changes"].select(
        "opportunity_id",
        "stage",
        first=entered.shift(1).over("opportunity_id", order_by=order).is_null(),
        entered=entered,
        left=entered.shift(-1).over("opportunity_id", order_by=order),
    )
    columns = every.columns
    told = every.drop("stage").join(steps, on="opportunity_id", how="inner")
    opened, closed = nw.col("opened"), nw.col("closed")
    # The first stage is that of the days before it was written down, too.
    start = nw.when(nw.col("first")).then(opened).otherwise(nw.max_horizontal("entered", "opened"))
    stop = nw.when(~nw.col("left").is_null()).then(nw.max_horizontal("left", "opened"))
    spans = told.with_columns(start=start, stop=stop).with_columns(
        begins=nw.min_horizontal("start", "closed"),
        ends=nw.when(~(closed.is_null() & nw.col("stop").is_null())).then(
            nw.min_horizontal("stop", "closed")
        ),
    )
    untold = one_stage.join(steps.select("opportunity_id"), on="opportunity_id", how="anti")
    names = [*columns, "begins", "ends"]
    return context.backend.materialize(nw.concat([spans.select(names), untold.select(names)]))


def weighted_pipeline_levels(context: FrameContext, *, probability: str | None) -> nw.LazyFrame:
    """Open deals at each period's end with the odds of winning them, added up by odds.

    `of` is kept apart so that nothing is rounded. Given probabilities are in units of 1 /
    PROBABILITY_SCALE; they are percent when any of the column is above 1, and one below 0 or above
    100 % is not known. Learned ones are deals won of deals closed, out of those that had been in
    the stage that the deal is in at the period's end. A deal without an amount counts as one
    without odds.

    Grain: one row per period and odds.

    Columns:
        period     int
        amount     money
        weighted   money, sum of amount x (odds x of)
        of         int, what `weighted` is to be divided by; null where the odds are not known
        deals      int
        since      int, deals closed since, whose odds in the file are not those of the day

    Source: opportunities, stage_changes.
    """
    if probability is None and context.has("opportunities", "probability"):
        probability = "given"
    return context.backend.materialize(
        _as_rated(context) if probability == "given" else _learned(context)
    )


def open_deals(context: FrameContext, *, probability: str | None) -> nw.LazyFrame:
    """The deals that are open at each period's end, in the stage that they are in then.

    Odds are as in `weighted_pipeline_levels`.

    Grain: one row per period and deal.

    Columns:
        period     int
        all of `deals`
        weighted   money, amount x (odds x of); null where that is not known
        of         int, what `weighted` is to be divided by; null likewise

    Source: opportunities, stage_changes.
    """
    spans = context.frame(stage_spans).join(context.timeline.periods, how="cross")
    until, ends = nw.col("until"), nw.col("ends")
    there = spans.filter(nw.col("begins") < until, ends.is_null() | (ends >= until))
    if probability is None and context.has("opportunities", "probability"):
        probability = "given"
    if probability == "given":
        return _with_given_odds(context, there)
    odds = context.frame(stage_win_rates).rename({"closed": "of_closed"})
    return there.join(odds, on=["period", "stage"], how="left").with_columns(
        weighted=nw.col("amount") * nw.col("won"),
        of=nw.when(~nw.col("amount").is_null()).then(nw.col("of_closed")),
    )


def _with_given_odds(context: FrameContext, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Deals with `of` and `weighted`, both null where amount or odds are not known."""
    highest = context.tables.unfiltered["opportunities"].select(highest=nw.col("probability").max())
    odds = nw.col("probability")
    one = nw.when(nw.col("highest") > 1).then(nw.lit(100.0)).otherwise(nw.lit(1.0))
    known = ~nw.col("amount").is_null() & (odds >= 0) & (odds <= one)
    units = (odds * PROBABILITY_SCALE / one).round().cast(nw.Int64)
    return rows.join(highest, how="cross").with_columns(
        of=nw.when(known).then(nw.lit(PROBABILITY_SCALE)),
        weighted=nw.col("amount") * nw.when(known).then(units),
    )


def _as_rated(context: FrameContext) -> nw.LazyFrame:
    rated = _with_given_odds(context, context.frame(deals)).with_columns(
        nw.col("weighted").fill_null(0),
        begins=nw.col("opened"),
        ends=nw.col("closed"),
        since=_closed_since(context),
    )
    return _levels_of(context, rated, keys=["of"], sums=["amount", "weighted", "deals", "since"])


def _learned(context: FrameContext) -> nw.LazyFrame:
    spans = context.frame(stage_spans)
    told = context.has("stage_changes", "stage")
    spans = spans.with_columns(
        priced=(~nw.col("amount").is_null()).cast(nw.Int64),
        since=nw.lit(0).cast(nw.Int64) if told else _closed_since(context),
    )
    levels = _levels_of(context, spans, keys=["stage", "priced"], sums=["amount", "deals", "since"])
    return levels.join(context.frame(stage_win_rates), on=["period", "stage"], how="left").select(
        "period",
        *context.by,
        "amount",
        "deals",
        "since",
        of=nw.when(nw.col("priced") == 1).then(nw.col("closed")),
        weighted=(nw.col("amount") * nw.col("won")).fill_null(0),
    )


def _closed_since(context: FrameContext) -> nw.Expr:
    closed = nw.col("closed")
    return (~closed.is_null() & (closed < context.timeline.first_unknown_day)).cast(nw.Int64)


def _levels_of(
    context: FrameContext, spans: nw.LazyFrame, *, keys: list[str], sums: list[str]
) -> nw.LazyFrame:
    """Levels at the periods' ends of spans from `begins` to `ends`."""
    keys = [*keys, *context.by]
    spans = spans.with_columns(nw.col("amount").fill_null(0), deals=nw.lit(1).cast(nw.Int64))
    begun = spans.select(*keys, *sums, day=nw.col("begins"))
    ended = spans.filter(~nw.col("ends").is_null()).select(
        *keys, *(-nw.col(name) for name in sums), day=nw.col("ends")
    )
    return level_at_period_end(context, nw.concat([begun, ended]), keys=keys, sums=sums)
