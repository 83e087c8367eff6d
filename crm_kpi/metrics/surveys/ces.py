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

from crm_kpi.metrics._spec import Answer, Definition, Metric, Part, State
from crm_kpi.metrics._state import Z, count_if, proportion, ratio, sum_if
from crm_kpi.metrics.surveys import _scores
from crm_kpi.metrics.surveys._scores import SCORE, Scale
from crm_kpi.results import Unit


class Ces(Definition):
    method: Literal["mean", "share"] = Field(
        "mean", description="the mean score, or the share of answers in the upper three"
    )
    high_is_easy: bool = Field(True, description="false where a low score means easy")
    scale: Scale = Field((1, 7), description="lowest and highest score")


def parts(definition: Ces) -> Sequence[Part]:
    mine = _scores.of("ces")
    low, high = definition.scale
    score = SCORE if definition.high_is_easy else low + high - SCORE
    return [
        Part(
            _scores.answers(),
            {
                "answers": count_if(mine),
                "satisfied": count_if(mine & (score >= high - 2)),
                "total": sum_if(mine, score),
                "squares": sum_if(mine, score * score),
            },
        )
    ]


def answer(state: State, definition: Ces) -> Answer:
    n = state.answers
    mean = ratio(state.total, n) if n else None
    components = {"mean": mean, "satisfied": state.satisfied}
    if definition.method == "share" or mean is None:
        return proportion(state.satisfied, n, components, nothing="no answers")
    if n == 1:
        return Answer(mean, n, components)
    variance = (Fraction(state.squares) - Fraction(state.total) ** 2 / n) / (n - 1)
    half = Z * sqrt(variance / n)
    low, high = definition.scale
    return Answer(mean, n, components, max(float(low), mean - half), min(float(high), mean + half))


def unit(definition: Ces) -> Unit:
    return Unit.PERCENT if definition.method == "share" else Unit.SCORE


def formula(definition: Ces) -> str:
    if definition.method == "share":
        return "100 x answers in the upper three of the scale / answers"
    return "sum of scores / answers"


METRIC = Metric(
    unit=unit,
    higher_is_better=True,
    formula=formula,
    definition=Ces,
    needs=_scores.needs,
    parts=parts,
    answer=answer,
    example="1,000 answers that add up to 4,080: 4,080 / 1,000 = 4.08",
    sources=("Dixon, Freeman, Toman, Stop Trying to Delight Your Customers, HBR July 2010",),
)
