"""Net Promoter Score: how many more customers would recommend you than would not.

    NPS = 100 x (promoters - detractors) / n

    promoters    the two highest scores (9 and 10)
    passives     the two below them (7 and 8)
    detractors   all others (0 to 6)
    n            answers; a blank is none, a score outside the scale is a reject

From -100 to 100, recomputed from the answers of each period, never averaged.
The interval is +- 1.96 x 100 x sqrt((p + d - (p - d)^2) / n), p and d shares.
With `per: customer` each customer counts once, by the latest answer of the period;
answers without a customer are `anonymous`, and counted in none of the groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Literal

from pydantic import Field

from crm_kpi.conditions import Condition, compare, is_null
from crm_kpi.frames import surveys
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._intervals import OfValue
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.surveys import _scores
from crm_kpi.metrics.surveys._scores import SCORED, Scale, Scored
from crm_kpi.results import Unit


class Nps(Scored):
    scale: Scale = Field((0, 10), description="lowest and highest score")
    per: Literal["response", "customer"] = Field(
        "response", description="count every answer, or each customer's latest of the period"
    )

    @property
    def low(self) -> Condition:
        return compare("score", "<", self.scale[1] - 3)


def needs(definition: Nps) -> Mapping[str, Sequence[str]]:
    columns = tuple(_scores.needs(definition)["surveys"])
    return {"surveys": (*columns, "customer_id") if definition.per == "customer" else columns}


def parts(definition: Nps) -> Sequence[Aggregation]:
    rows, mine = _scores.answers(), _scores.of("nps")
    others = []
    if definition.per == "customer":
        anonymous = {"anonymous": Count(mine & is_null("customer_id"))}
        others = [Aggregation(rows, anonymous)]
        rows, mine = frame(surveys.latest_answers, survey="nps"), SCORED
    promotes, detracts = compare("score", ">=", definition.scale[1] - 1), definition.low
    return [
        Aggregation(
            rows,
            {
                "promoters": Count(mine & promotes),
                "passives": Count(mine & ~promotes & ~detracts),
                "detractors": Count(mine & detracts),
            },
        ),
        *others,
    ]


def answer(state: AggregateState, definition: Nps) -> MetricValue:
    groups = ("promoters", "passives", "detractors")
    components = {name: getattr(state, name) for name in groups}
    promoters, detractors = state.promoters, state.detractors
    n = promoters + state.passives + detractors
    reason = None
    if definition.per == "customer":
        components["anonymous"] = anonymous = state.anonymous
        if anonymous:
            reason = text("metrics.anonymous_answers", count=anonymous)
    if not n:
        return MetricValue(None, 0, components, reason=reason or text("metrics.no_answers"))
    value = ratio(100 * (promoters - detractors), n)
    p, d = promoters / n, detractors / n
    variance = max(0.0, p + d - (p - d) ** 2) / n
    half = 1.96 * 100 * sqrt(variance)
    low, high = max(-100.0, value - half), min(100.0, value + half)
    spread = OfValue(value, 100**2 * variance) if n > 1 else None
    return MetricValue(value, n, components, low, high, reason, spread=spread)


def quotient(state: AggregateState, definition: Nps) -> Quotient:
    promoters, detractors = state.promoters, state.detractors
    return Quotient(100 * (promoters - detractors), promoters + state.passives + detractors)


METRIC = Metric(
    unit=Unit.POINTS,
    higher_is_better=True,
    short_title="NPS",
    formula="100 x (promoters - detractors) / answers",
    definition=Nps,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=quotient,
    example="70 promoters, 20 passives, 10 detractors: 100 x (70 - 10) / 100 = 60; per customer, "
    "of answers 3 and later 9 by one customer and a 0 by nobody known: 100, anonymous 1",
    sources=("Reichheld, The One Number You Need to Grow, HBR December 2003",),
)
