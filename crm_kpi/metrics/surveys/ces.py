"""Customer Effort Score: how easy customers found it, 7 being very easy.

    mean     sum of scores / n
    share    100 x answers in the upper three of the scale (5 to 7) / n

    n        answers; a blank is none, a score outside the scale is a reject

With `high_is_easy: false` the scale runs the other way and is turned round
first (1 becomes 7). The interval of the mean is +- 1.96 standard errors, that
of the share Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from typing import Literal

from pydantic import Field

from crm_kpi.conditions import Condition, compare
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._intervals import OfMean, Z
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion, ratio
from crm_kpi.metrics.surveys import _scores
from crm_kpi.metrics.surveys._scores import Scale, Scored
from crm_kpi.results import Unit


class Ces(Scored):
    method: Literal["mean", "share"] = Field(
        "mean", description="the mean score, or the share of answers in the upper three"
    )
    high_is_easy: bool = Field(True, description="false where a low score means easy")
    scale: Scale = Field((1, 7), description="lowest and highest score")

    @property
    def low(self) -> Condition:
        least, most = self.scale
        if self.high_is_easy:
            return compare("score", "<", most - 2)
        return compare("score", ">", least + 2)


def parts(definition: Ces) -> Sequence[Aggregation]:
    mine = _scores.of("ces")
    return [
        Aggregation(
            _scores.answers(),
            {
                "answers": Count(mine),
                "satisfied": Count(mine & ~definition.low),
                "total": Sum("score", mine),
                "squares": Sum("squared", mine),
            },
        )
    ]


def answer(state: AggregateState, definition: Ces) -> MetricValue:
    n = state.answers
    low, high = definition.scale
    total = state.total if definition.high_is_easy else (low + high) * n - state.total
    mean = ratio(total, n) if n else None
    components = {"mean": mean, "satisfied": state.satisfied}
    if definition.method == "share" or mean is None:
        return proportion(state.satisfied, n, components, nothing=text("metrics.no_answers"))
    if n == 1:
        return MetricValue(mean, n, components)
    # Turning the scale round leaves the variance as it is.
    variance = (Fraction(state.squares) - Fraction(state.total) ** 2 / n) / (n - 1)
    half = Z * sqrt(variance / n)
    least, most = max(float(low), mean - half), min(float(high), mean + half)
    spread = OfMean(mean, float(variance), n)
    return MetricValue(mean, n, components, least, most, spread=spread)


def quotient(state: AggregateState, definition: Ces) -> Quotient:
    n = state.answers
    if definition.method == "share":
        return Quotient(100 * state.satisfied, n)
    total = state.total if definition.high_is_easy else sum(definition.scale) * n - state.total
    return Quotient(total, n)


def unit(definition: Ces) -> Unit:
    return Unit.PERCENT if definition.method == "share" else Unit.SCORE


def formula(definition: Ces) -> str:
    if definition.method == "share":
        return text("formulas.upper_three")
    return text("formulas.mean_score")


METRIC = Metric(
    unit=unit,
    higher_is_better=True,
    short_title="CES",
    formula=formula,
    definition=Ces,
    needs=_scores.needs,
    parts=parts,
    answer=answer,
    quotient=quotient,
    example="1,000 answers that add up to 4,080: 4,080 / 1,000 = 4.08",
    sources=("Dixon, Freeman, Toman, Stop Trying to Delight Your Customers, HBR July 2010",),
)
