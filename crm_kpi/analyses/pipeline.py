"""Pipeline: the open deals, stage by stage or one by one.

    deals       open at the end of the range asked for
    amount      what they are worth
    weighted    sum of amount x probability, as the metric weighted_pipeline has it; of
                those with both
    overdue     deals whose expected close lies before that end; null where none of the
                stage has one
    untouched   deals with which nothing happened in the last 14 days: they were not
                created, did not change their stage, and nobody was in touch with
                their customer; null where neither is told by a source

With `deals: list` a row is a deal: what it is worth, its probability in percent, both
multiplied, whether it is overdue, and the days since anything happened. The highest
weighted comes first, then what has no odds.

An amount counts as it stands in the file today. Stages are in the order in which deals
go through them where stage_changes tell; without, the highest amount first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import narwhals.stable.v2 as nw
from pydantic import Field, field_validator

from crm_kpi.analyses import _stages
from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.durations import Duration
from crm_kpi.frames import pipeline
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.timeline import ordinal
from crm_kpi.kpi import Definition, Needs
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._state import exact
from crm_kpi.metrics.sales.weighted_pipeline import WeightedPipeline
from crm_kpi.tables import day

SHOWN = ("owner", "customer_id")


class Pipeline(Definition):
    deals: Literal["by stage", "list"] = Field(
        "by stage", description="a row per stage, or one per deal"
    )
    untouched: Duration = Field(
        Duration(days=14),
        description="for how long nothing has happened with a deal that is untouched, in days, "
        "such as 14d",
    )

    @field_validator("untouched")
    @classmethod
    def _in_days(cls, untouched: Duration) -> Duration:
        if untouched.days is None:
            raise ValueError(should_be(text("metrics.number_of_days", example="14d")))
        return untouched


def needs(definition: Pipeline, there: Collection[str]) -> Needs:
    return {"opportunities": ("opportunity_id", "created_at", "outcome")}


def optional(definition: Pipeline) -> Needs:
    return {"opportunities": ("stage", "owner"), "stage_changes": ("stage",), "interactions": ()}


def rows(scope: Scope, definition: Pipeline) -> list[Row]:
    deals = scope.rows(_open_deals(scope))
    for deal in deals:
        weighted, of = deal.pop("weighted"), deal.pop("of")
        odds = None if weighted is None or not of else Fraction(weighted) / of
        deal["weighted"] = None if odds is None else exact(odds)
        amount = deal["amount"]
        deal["probability"] = float(100 * odds / Fraction(amount)) if odds and amount else None
    if definition.deals == "list":
        names = ("opportunity_id", "stage", *SHOWN, "amount", "probability", "weighted",
                 "expected_close", "overdue", "days_untouched")  # fmt: skip
        return [{name: deal[name] for name in names} for deal in sorted(deals, key=_by_weight)]
    stages: dict[str | None, list[Row]] = {}
    for deal in deals:
        stages.setdefault(deal["stage"], []).append(deal)
    found = [_row(stage, mine, definition) for stage, mine in stages.items()]
    places = _places(scope.context)
    found.sort(key=lambda row: (-(row["amount"] or 0), row["stage"] or ""))
    return sorted(found, key=lambda row: places.get(row["stage"], len(places)))


def _open_deals(scope: Scope) -> nw.LazyFrame:
    """The deals open at the end of the range, and what has happened with each."""
    context = scope.context
    end = scope.periods[-1].until
    weighted = scope.in_force("weighted_pipeline")
    assert isinstance(weighted, WeightedPipeline)
    has_odds = context.has("opportunities", "probability")
    deals = context.frame(
        pipeline.open_deals, probability=weighted.probability if has_odds else "learned"
    )
    shown = [name for name in SHOWN if context.has("opportunities", name)]
    if shown:
        own = context.tables.unfiltered["opportunities"].select("opportunity_id", *shown)
        deals = deals.join(own, on="opportunity_id", how="left")
    nobody = {name: nw.lit(None, nw.String) for name in SHOWN if name not in shown}
    touched = ["opened"]
    if context.has("stage_changes", "entered_at"):
        deals = _with_last(deals, context, "stage_changes", "entered_at", "opportunity_id")
        touched.append("stage_changes")
    if context.has("interactions", "customer_id") and "customer_id" in shown:
        deals = _with_last(deals, context, "interactions", "occurred_at", "customer_id")
        touched.append("interactions")
    days = end.toordinal() - 1 - ordinal(nw.max_horizontal(*touched))
    told = context.has("opportunities", "expected_close")
    return deals.select(
        *("opportunity_id", "stage", *shown, "amount", "weighted", "of"),
        **nobody,
        expected_close=nw.col("expected"),
        overdue=(nw.col("expected") < end) if told else nw.lit(None, nw.Boolean),
        days_untouched=days if len(touched) > 1 else nw.lit(None, nw.Int64),
    )


def _with_last(
    deals: nw.LazyFrame, context: FrameContext, table: str, at: str, key: str
) -> nw.LazyFrame:
    """With the last day of a table's rows for each deal, under the table's name. Whoever acted
    counts, also where --where leaves the row out."""
    end = context.timeline.calendar.answer[-1].until
    rows = context.tables.unfiltered[table].filter(nw.col(day(at)) < end)
    last = rows.group_by(key).agg(nw.col(day(at)).max().alias(table))
    return deals.join(last.filter(~nw.col(key).is_null()), on=key, how="left")


def _row(stage: str | None, deals: Sequence[Row], definition: Pipeline) -> Row:
    told = any(deal["days_untouched"] is not None for deal in deals)
    dated = any(deal["overdue"] is not None for deal in deals)
    days = definition.untouched.days or 0
    return {
        "stage": stage,
        "deals": len(deals),
        "amount": _sum(deal["amount"] for deal in deals),
        "weighted": _sum(deal["weighted"] for deal in deals),
        "overdue": sum(bool(deal["overdue"]) for deal in deals) if dated else None,
        "untouched": sum(deal["days_untouched"] >= days for deal in deals) if told else None,
    }


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _by_weight(deal: Row) -> tuple[bool, Decimal, Decimal, str]:
    amount, weighted = deal["amount"] or Decimal(0), deal["weighted"]
    return weighted is None, -(weighted or Decimal(0)), -amount, deal["opportunity_id"]


def _places(context: FrameContext) -> Mapping[str | None, int]:
    """The stages in the order in which deals go through them, where that is told."""
    if not context.has("stage_changes", "stage"):
        return {}
    deals = _stages.deals(context, context.tables.unfiltered["opportunities"])
    way = _stages.learn(context, _stages.steps(context, deals))
    return {stage: place for place, stage in enumerate(way.stages)}


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=Pipeline,
    optional=optional,
    sources=(
        "own definition: pipeline_value and weighted_pipeline apart by stage, and what of it "
        "nobody has looked after",
    ),
)
