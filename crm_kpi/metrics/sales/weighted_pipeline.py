"""Weighted pipeline: what the open deals are worth, each by its probability of being won.

    sum of amount x probability over the deals open at the period's end

    given     the deal's own probability, written from 0 to 1 or from 0 to 100
              (percent, when any in the file is above 1)
    learned   won / closed deals, of those closed by the period's end that had
              been in the stage in which the deal then is; the stages of
              stage_changes where there is such a table, else the deals' own

    overdue   the amount, not weighted, of the open deals whose expected close lies
              before the period's end

A deal without an amount or a probability (a blank, one outside the range, a
stage in which no deal has closed yet) is left out and counted as `unweighted`.
Sums are exact.

The file has a deal's probability and own stage as they are today. Where deals
were open at a period's end and have closed since (`closed_since`), theirs is
known with hindsight, and the result says so; stage_changes with
`probability: learned` knows the stage of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from crm_kpi.frames import pipeline
from crm_kpi.kpi import AnyOf, Definition, Need, Needs
from crm_kpi.messages import joined, text
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import exact
from crm_kpi.metrics.sales import _deals
from crm_kpi.results import Unit


class WeightedPipeline(Definition):
    probability: Literal["given", "learned"] | None = Field(
        None,
        description="given: the column probability; learned: from how deals ended that had been "
        "in the same stage; default given, and learned where the file has no such column",
    )


def needs(definition: WeightedPipeline) -> Needs:
    columns: list[Need] = ["created_at", "outcome", "amount"]
    if definition.probability == "given":
        columns.append("probability")
    elif definition.probability is None:
        columns.append(AnyOf("probability", "stage"))
    return {"opportunities": columns}


def parts(definition: WeightedPipeline) -> Sequence[Aggregation]:
    deals = frame(pipeline.weighted_pipeline_levels, probability=definition.probability)
    state = {name: Sum(name) for name in ("amount", "weighted", "deals", "since")}
    odds = Aggregation(deals, state, detail_keys=("of",), name="odds")
    return [odds, _deals.open_at_end(), _deals.overdue_at_end()]


def quotient(state: AggregateState, definition: WeightedPipeline) -> Quotient:
    rows = state.rows("odds")
    return Quotient(sum(Fraction(row["weighted"]) / row["of"] for row in rows if row["of"]))


def answer(state: AggregateState, definition: WeightedPipeline) -> MetricValue:
    rows = state.rows("odds")
    deals, since = (sum(row[name] for row in rows) for name in ("deals", "since"))
    unweighted = sum(row["deals"] for row in rows if row["of"] is None)
    components = {
        "deals": deals,
        "amount": sum(row["amount"] for row in rows),
        "unweighted": unweighted,
        "closed_since": since,
        "overdue": state.overdue_end if state.dated_end else None,
    }
    if not deals:
        return MetricValue(None, 0, components, reason=text("metrics.no_open_deals"))
    if unweighted == deals:
        nothing = text("metrics.no_open_deal_weighted")
        return MetricValue(None, deals, components, reason=nothing)
    notes = []
    if unweighted:
        notes.append(text("metrics.deals_unweighted", unweighted=unweighted, deals=deals))
    if since:
        notes.append(text("metrics.deals_closed_since", closed=since, deals=deals))
    reason = joined(notes) if notes else None
    weighted = Fraction(quotient(state, definition).top)
    return MetricValue(exact(weighted), deals, components, reason=reason)


METRIC = Metric(
    unit=Unit.MONEY,
    is_total=True,
    higher_is_better=True,
    formula="sum of amount x probability of the deals open at the period's end",
    definition=WeightedPipeline,
    needs=needs,
    optional={"opportunities": ("stage",), "stage_changes": ("stage",)},
    parts=parts,
    answer=answer,
    quotient=quotient,
    example="50,000 at 40 % and 30,000 at 80 %: 20,000 + 24,000 = 44,000",
    sources=(
        "Pipeline CRM help centre, How Pipeline CRM Calculates the Weighted Forecast",
        "own definition: learned probabilities, from the closed deals of the same file",
    ),
)
