"""The stages of deals: which way deals went through them, and in which order that is.

Steps are a frame with one row per deal and entry into a stage: opportunity_id,
stage, entered_at, seconds (until the deal left the stage; null while it has
not, or where that is not known).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.analyses._spec import count_if
from crm_kpi.errors import UsageError
from crm_kpi.frames.context import FrameContext
from crm_kpi.messages import text
from crm_kpi.tables import day

KEY = "opportunity_id"
WON = "won"
ENTRY = ["entered_at", "stage"]


def deals(context: FrameContext, table: nw.LazyFrame) -> nw.LazyFrame:
    """Opportunities as they are known at as_of: id, created, closed_at, won, lost.

    Who is won or lost after as_of, or without a date, is neither yet.
    """
    ends = context.has("opportunities", "outcome", "closed_at")
    done = (
        nw.col(day("closed_at")) < context.timeline.first_unknown_day
        if ends
        else nw.lit(value=False)
    )
    outcome = nw.col("outcome") if ends else nw.lit(None, nw.String)
    close = nw.col("closed_at") if ends else nw.lit(None, nw.Datetime("us"))
    return table.select(
        KEY,
        created=nw.col(day("created_at")),
        closed_at=nw.when(done & outcome.is_in(["won", "lost"])).then(close),
        closed=nw.when(done).then(nw.col(day("closed_at")) if ends else nw.lit(None, nw.Date)),
        won=(done & (outcome == "won")).fill_null(value=False),
        lost=(done & (outcome == "lost")).fill_null(value=False),
    )


def steps(context: FrameContext, known_deals: nw.LazyFrame | None) -> nw.LazyFrame:
    """Every entry into a stage that stage_changes knows, with what is known of the deal.

    Beside the columns of steps: entered (the day), first and last (of the deal's entries),
    closed, won, lost.
    """
    entered_at = nw.col("entered_at")
    following = entered_at.shift(-1).over(KEY, order_by=ENTRY)
    before = entered_at.shift(1).over(KEY, order_by=ENTRY)
    rows = context.tables.unfiltered["stage_changes"].select(
        KEY,
        "stage",
        "entered_at",
        entered=nw.col(day("entered_at")),
        following=following,
        first=before.is_null(),
        last=following.is_null(),
    )
    if known_deals is None:
        rows = rows.with_columns(
            closed_at=nw.lit(None, nw.Datetime("us")),
            closed=nw.lit(None, nw.Date),
            won=nw.lit(value=False),
            lost=nw.lit(value=False),
        )
    else:
        rows = rows.join(known_deals.drop("created"), on=KEY, how="inner")
    closed_at = nw.col("closed_at")
    left = (
        nw.when(~nw.col("following").is_null())
        .then(nw.col("following"))
        .when(closed_at >= entered_at)
        .then(closed_at)
    )
    seconds = context.backend.seconds_between(entered_at, left)
    return rows.with_columns(seconds=seconds)


@dataclass(frozen=True)
class Way:
    """The stages in order.

    won: the one that means won, if any does.
    ends: without outcomes, the stages that nobody has ever left. Of several, which means
        lost cannot be told.
    """

    stages: tuple[str, ...]
    won: str | None = None
    ends: tuple[str, ...] = ()


def learn(context: FrameContext, walked: nw.LazyFrame) -> Way:
    """The order of the stages from how deals went through them.

    By the median place of a stage among the stages of its deals, each by its first entry.
    What most who enter it enter last, and on the day they are lost, is the way out and no
    stage; where it is the day they are won, it is the last stage and means won.
    """
    at_close = nw.col("last") & ~nw.col("first") & (nw.col("entered") >= nw.col("closed"))
    entries = walked.group_by("stage").agg(
        n=nw.len().cast(nw.Int64),
        won=count_if(at_close & nw.col("won")),
        lost=count_if(at_close & nw.col("lost")),
        closed=count_if(nw.col("won") | nw.col("lost")),
        left=count_if(~nw.col("last")),
    )
    firsts = walked.group_by(KEY, "stage").agg(nw.col("entered_at").min())
    one = nw.lit(1).cast(nw.Int64)
    places = (
        firsts.with_columns(one=one)
        .with_columns(place=nw.col("one").cum_sum().over(KEY, order_by=ENTRY))
        .group_by("stage", "place")
        .agg(n=nw.len().cast(nw.Int64))
    )
    counted, placed = context.backend.fetch([entries, places])
    return _way(counted, placed)


def _way(counted: Sequence[Mapping[str, Any]], placed: Sequence[Mapping[str, Any]]) -> Way:
    out = {row["stage"] for row in counted if 2 * row["lost"] > row["n"]}
    wins = [row for row in counted if 2 * row["won"] > row["n"]]
    won = min(wins, key=lambda row: (-row["n"], row["stage"]))["stage"] if wins else None
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in placed:
        if row["stage"] not in out and row["stage"] != won:
            found[row["stage"]][row["place"]] = row["n"]
    stages = sorted(found, key=lambda stage: (*_middle(found[stage]), stage))
    if won is None:
        stages, won = _with_won_last(stages)
    else:
        stages.append(won)
    told = any(row["closed"] for row in counted)
    ends = () if told else tuple(sorted(row["stage"] for row in counted if not row["left"]))
    return Way(tuple(stages), won, ends)


def means_won(stage: str) -> bool:
    """Whether a stage is called won, such as Closed Won."""
    return WON in stage.casefold().split()


def _with_won_last(stages: list[str]) -> tuple[list[str], str | None]:
    """The stage that is called won, if one is, after all others."""
    won = next(filter(means_won, stages), None)
    return [*(s for s in stages if s != won), *([won] if won else [])], won


def learn_from_own(context: FrameContext) -> Way:
    """The order of the stages that the deals are in, by the mean of their probabilities.

    A stage of which every deal is lost is the way out, and one of which every deal is won the
    last, which means won.

    Raises:
        UsageError: some stages have no probability.
    """
    table = context.tables.unfiltered["opportunities"]
    known = deals(context, table).select(KEY, "won", "lost")
    odds = nw.col("probability")
    if not context.has("opportunities", "probability"):
        odds = nw.lit(None, nw.Float64)
    rows = table.filter(~nw.col("stage").is_null()).select(KEY, "stage", odds=odds)
    counts = (
        rows.join(known, on=KEY, how="inner")
        .group_by("stage")
        .agg(
            n=nw.len().cast(nw.Int64),
            won=count_if(nw.col("won")),
            lost=count_if(nw.col("lost")),
            odds=nw.col("odds").mean(),
        )
    )
    (found,) = context.backend.fetch([counts])
    wins = [row for row in found if row["won"] == row["n"]]
    won = min(wins, key=lambda row: (-row["n"], row["stage"]))["stage"] if wins else None
    steps = [row for row in found if row["lost"] < row["n"] and row["stage"] != won]
    named = [row["stage"] for row in steps]
    if len(steps) > 1 and any(row["odds"] is None for row in steps):
        raise UsageError(
            text("analyses.order_not_told", stages=", ".join(sorted(named))),
            hint=text("analyses.name_order"),
        )
    stages = [row["stage"] for row in sorted(steps, key=lambda r: (r["odds"] or 0, r["stage"]))]
    if won is None:
        stages, won = _with_won_last(stages)
    else:
        stages.append(won)
    return Way(tuple(stages), won)


def _middle(places: Mapping[int, int]) -> tuple[float, Fraction]:
    """Median and mean place."""
    everything = [place for place, n in sorted(places.items()) for _ in range(n)]
    return median(everything), Fraction(sum(everything), len(everything))
