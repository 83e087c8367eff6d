"""Open deals at each period's end with the odds of winning them, added up by odds.

    weighted   sum of amount x (odds x of)
    of         what `weighted` is to be divided by; null where the odds are not known
    deals      how many there are
    since      those that have closed since, whose odds in the file are not those of the day

`of` is kept apart so that nothing is rounded. Given probabilities are in units
of 1 / SCALE; they are percent when any of the column is above 1, and one below
0 or above 100 % is not known. Learned ones are deals won of deals closed, out
of those that had been in the stage that the deal is in at the period's end.
A deal without an amount counts as one without odds.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import _levels
from crm_kpi.frames._context import Context

SCALE = 10**15
"""More digits than a 64-bit float has: what was written is kept as it was written."""


def build(context: Context, *, probability: str | None) -> nw.LazyFrame:
    if probability is None and context.has("opportunities", "probability"):
        probability = "given"
    return context.keep(_given(context) if probability == "given" else _learned(context))


def _given(context: Context) -> nw.LazyFrame:
    highest = context.whole["opportunities"].select(highest=nw.col("probability").max())
    odds = nw.col("probability")
    one = nw.when(nw.col("highest") > 1).then(nw.lit(100.0)).otherwise(nw.lit(1.0))
    known = ~nw.col("amount").is_null() & (odds >= 0) & (odds <= one)
    deals = (
        context.frame("deals")
        .join(highest, how="cross")
        .with_columns(
            of=nw.when(known).then(nw.lit(SCALE)),
            units=nw.when(known).then((odds * SCALE / one).round().cast(nw.Int64)),
            begins=nw.col("opened"),
            ends=nw.col("closed"),
            since=_closed_since(context),
        )
        .with_columns(weighted=(nw.col("amount") * nw.col("units")).fill_null(0))
    )
    return _levels_of(context, deals, keys=["of"], sums=["amount", "weighted", "deals", "since"])


def _learned(context: Context) -> nw.LazyFrame:
    spans = context.frame("stage_spans")
    told = context.has("stage_changes", "stage")
    spans = spans.with_columns(
        priced=(~nw.col("amount").is_null()).cast(nw.Int64),
        since=nw.lit(0).cast(nw.Int64) if told else _closed_since(context),
    )
    levels = _levels_of(context, spans, keys=["stage", "priced"], sums=["amount", "deals", "since"])
    return levels.join(context.frame("stage_odds"), on=["period", "stage"], how="left").select(
        "period",
        *context.by,
        "amount",
        "deals",
        "since",
        of=nw.when(nw.col("priced") == 1).then(nw.col("closed")),
        weighted=(nw.col("amount") * nw.col("won")).fill_null(0),
    )


def _closed_since(context: Context) -> nw.Expr:
    closed = nw.col("closed")
    return (~closed.is_null() & (closed < context.known)).cast(nw.Int64)


def _levels_of(
    context: Context, spans: nw.LazyFrame, *, keys: list[str], sums: list[str]
) -> nw.LazyFrame:
    """Levels at the periods' ends of spans from `begins` to `ends`."""
    keys = [*keys, *context.by]
    spans = spans.with_columns(nw.col("amount").fill_null(0), deals=nw.lit(1).cast(nw.Int64))
    begun = spans.select(*keys, *sums, day=nw.col("begins"))
    ended = spans.filter(~nw.col("ends").is_null()).select(
        *keys, *(-nw.col(name) for name in sums), day=nw.col("ends")
    )
    return _levels.at_period_ends(context, nw.concat([begun, ended]), keys=keys, sums=sums)
