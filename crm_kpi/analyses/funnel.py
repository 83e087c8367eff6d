"""Funnel: how many get how far, stage by stage.

    reached        deals, or leads, that entered the stage or a later one: a
                   skipped stage counts as passed; who is won has passed them all
    step_rate      percent of those who reached the stage before; null for the first
    overall_rate   percent of those who reached the first
    median_days    days spent in the stage, of those who have left it; all stays
                   of a deal together

`of: opportunities` follows the deals created in the range asked for through the
stages of stage_changes; a deal that those do not know is in its own `stage`.
Everybody has reached the first stage. The order is that of `stages:`, or is
learned from all deals: by the median place of a stage among those its deals
went through. What most of its deals enter last, on the day they are lost, is
the way out and no stage; where that is the day they are won, it is the last
stage. Otherwise the last is `won`, where there are outcomes; where there are
none, and several stages are the end of all who enter them, it is an error.

Without stage_changes days are not known, nor how far a deal came that is lost: it
is among those of the first stage. The order is then that of `stages:`, or
of the mean `probability` of the deals that are in a stage; a stage of which every
deal is lost is the way out, one of which every deal is won the last. A stage that
is called won, or closed won, is the last one in any case, and named once.

`of: leads` has the stages lead and converted. Without `of:` it is leads where
there are no deals and no stage_changes, but leads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Literal

import narwhals.stable.v2 as nw
from pydantic import Field, field_validator

from crm_kpi.analyses import _stages
from crm_kpi.analyses._median import median, middle
from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.analyses._stages import KEY, Way
from crm_kpi.errors import IdentityError, UsageError, did_you_mean
from crm_kpi.frames.context import FrameContext, rows_in_periods
from crm_kpi.kpi import AnyOf, Definition, Needs
from crm_kpi.messages import text
from crm_kpi.metrics._state import ratio
from crm_kpi.tables import day

WON = _stages.WON
DAY = 24 * 60 * 60


class Funnel(Definition):
    of: Literal["opportunities", "leads"] | None = Field(
        None, description="who goes through; default opportunities, and leads where they are alone"
    )
    stages: tuple[str, ...] | None = Field(
        None,
        description="stages of opportunities, from the first to the last; others do not count; "
        "default learned from stage_changes, or from the probability of the stages",
    )

    @field_validator("stages")
    @classmethod
    def _each_once(cls, stages: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if stages is not None and (not stages or len(set(stages)) < len(stages)):
            raise ValueError(text("analyses.stages_empty_or_twice"))
        return stages

    def follows_leads(self, there: Collection[str]) -> bool:
        deals = {"opportunities", "stage_changes"}.intersection(there)
        return self.of == "leads" or (self.of is None and "leads" in there and not deals)


def needs(definition: Funnel, there: Collection[str]) -> Needs:
    if definition.follows_leads(there):
        return {"leads": ("lead_id", "created_at", AnyOf("converted_at", "converted"))}
    if "opportunities" in there:
        columns = (KEY, "created_at")
        return {"opportunities": columns if "stage_changes" in there else (*columns, "stage")}
    return {"stage_changes": (KEY, "stage", "entered_at")}


def optional(definition: Funnel) -> Needs:
    if definition.of == "leads":
        return {}
    return {"stage_changes": ("stage",), "opportunities": ("stage",)}


def rows(scope: Scope, definition: Funnel) -> list[Row]:
    if definition.follows_leads(scope.context.tables.columns):
        return _leads(scope)
    context = scope.context
    everybody = (
        _stages.deals(context, context.tables.unfiltered["opportunities"])
        if context.has("opportunities")
        else None
    )
    walked = (
        context.backend.materialize(_stages.steps(context, everybody))
        if context.has("stage_changes")
        else None
    )
    way = _way(context, walked, definition.stages)
    if not way.stages:
        return []
    mine, entered = _population(context, walked)
    order = context.backend.from_columns(
        {"stage": list(way.stages), "place": list(range(len(way.stages)))},
        {"stage": nw.String, "place": nw.Int64},
    )
    far = entered.join(order, on="stage", how="inner").group_by(KEY).agg(nw.col("place").max())
    # Who is won is past the last stage, or in the one that means it.
    top = len(way.stages) - (way.won is not None)
    place = nw.when(nw.col("won")).then(nw.lit(top)).otherwise(nw.col("place").fill_null(0))
    counts = (
        mine.join(far, on=KEY, how="left")
        .with_columns(place=place)
        .group_by("place")
        .agg(n=nw.len().cast(nw.Int64))
    )
    days: dict[str, Row] = {}
    if walked is not None:
        stays = walked.join(mine.select(KEY), on=KEY, how="inner")
        left = ~nw.col("seconds").is_null()
        spent = stays.group_by(KEY, "stage").agg(
            nw.col("seconds").sum(), open=(~left).cast(nw.Int64).sum()
        )
        gone = spent.filter(nw.col("open") == 0, nw.col("stage") != (way.won or ""))
        days = {row["stage"]: row for row in scope.rows(middle(gone, "seconds", "stage"))}
    told = context.has("opportunities", "outcome", "closed_at")
    names = [*way.stages, *([WON] if told and way.won is None else [])]
    return _table(names, {row["place"]: row["n"] for row in scope.rows(counts)}, days)


def _way(context: FrameContext, walked: nw.LazyFrame | None, stages: Sequence[str] | None) -> Way:
    if walked is None:
        if stages is None:
            return _stages.learn_from_own(context)
        return Way(tuple(stages), _won(stages, None))
    learned = _stages.learn(context, walked)
    if stages is None:
        if len(learned.ends) > 1:
            raise UsageError(
                text("analyses.no_stage_is_left", stages=", ".join(learned.ends)),
                hint=text("analyses.name_stages"),
            )
        return learned
    for stage in stages:
        hint = did_you_mean(stage, set(learned.stages) - set(stages))
        if hint and stage not in learned.stages:
            raise UsageError(text("analyses.stage_never_entered", stage=stage), hint=hint)
    return Way(tuple(stages), _won(stages, learned.won))


def _won(stages: Sequence[str], learned: str | None) -> str | None:
    """The last of the stages, where it means won."""
    last = stages[-1]
    return last if last == learned or _stages.means_won(last) else None


def _population(
    context: FrameContext, walked: nw.LazyFrame | None
) -> tuple[nw.LazyFrame, nw.LazyFrame]:
    """The deals of the range (with `won`), and all stages that deals entered."""
    days = context.timeline.days.select("day")
    if not context.has("opportunities"):
        assert walked is not None
        entries = context.tables.filtered["stage_changes"].select(
            KEY, day=nw.col(day("entered_at"))
        )
        began = entries.group_by(KEY).agg(nw.col("day").min())
        mine = began.join(days, on="day", how="inner").with_columns(won=nw.lit(value=False))
        return mine, walked.select(KEY, "stage")
    mine = _stages.deals(context, context.tables.filtered["opportunities"])
    own = context.tables.filtered["opportunities"]
    own = (
        own.select(KEY, "stage").filter(~nw.col("stage").is_null())
        if context.has("opportunities", "stage")
        else own.select(KEY, stage=nw.lit(None, nw.String))
    )
    if walked is None:
        return mine.join(days, left_on="created", right_on="day", how="inner"), own
    began = walked.group_by(KEY).agg(began=nw.col("entered").min())
    created = nw.col("created")
    mine = (
        mine.join(began, on=KEY, how="left")
        .with_columns(day=nw.when(created.is_null()).then(nw.col("began")).otherwise(created))
        .join(days, on="day", how="inner")
    )
    untold = own.join(began, on=KEY, how="anti")
    return mine, nw.concat([walked.select(KEY, "stage"), untold.select(KEY, "stage")])


def _leads(scope: Scope) -> list[Row]:
    context = scope.context
    leads = context.frame(rows_in_periods, table="leads", at=day("created_at"))
    has_date, has_flag = (context.has("leads", c) for c in ("converted_at", "converted"))
    dated = nw.col(day("converted_at")) if has_date else nw.lit(None, nw.Date)
    converted = (dated < context.timeline.first_unknown_day).fill_null(value=False)
    if has_flag:
        converted = converted | (dated.is_null() & nw.col("converted")).fill_null(value=False)
    leads = leads.with_columns(place=converted.cast(nw.Int64), stage=nw.lit("lead"))
    counts = leads.group_by("place").agg(n=nw.len().cast(nw.Int64))
    days = {}
    if has_date:
        took = context.backend.seconds_between(nw.col("created_at"), nw.col("converted_at"))
        gone = leads.filter(dated < context.timeline.first_unknown_day).with_columns(seconds=took)
        days = {row["stage"]: row for row in scope.rows(middle(gone, "seconds", "stage"))}
    reached = {row["place"]: row["n"] for row in scope.rows(counts)}
    return _table(["lead", "converted"], reached, days)


def _table(names: Sequence[str], counts: Mapping[int, int], days: Mapping[str, Row]) -> list[Row]:
    """counts: place among the names: how many got exactly so far."""
    reached = _from_the_end(counts.get(place, 0) for place in reversed(range(len(names))))
    if any(later > sooner for sooner, later in pairwise(reached)):
        raise IdentityError(f"funnel: more reach a later stage than an earlier one: {reached}")
    if sum(counts.values()) != (reached[0] if reached else 0):
        raise IdentityError(f"funnel: {reached[0]} begin, of {sum(counts.values())}")
    if not reached[0]:
        return []
    found = []
    for place, (stage, n) in enumerate(zip(names, reached, strict=True)):
        time = median(days.get(stage))
        before = reached[place - 1] if place else 0
        found.append(
            {
                "stage": stage,
                "reached": n,
                "step_rate": ratio(100 * n, before) if before else None,
                "overall_rate": ratio(100 * n, reached[0]),
                "median_days": None if time is None else float(time / DAY),
            }
        )
    return found


def _from_the_end(counts: Iterable[int]) -> list[int]:
    return list(accumulate(counts))[::-1]


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=Funnel,
    optional=optional,
    file_tables=("stage_changes", "opportunities", "leads"),
    sources=(
        "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2006, chapter Sales Force and "
        "Channel Management (pipeline analysis)",
        "own definition: who is in a later stage has passed the earlier ones, so that no stage "
        "has more than the one before",
    ),
)
