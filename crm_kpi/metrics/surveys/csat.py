"""Customer Satisfaction Score: the share of answers that are satisfied.

    CSAT = 100 x satisfied / n

    satisfied   answers of 4 or 5 on the scale of 1 to 5; 9 or 10 of 10,
                6 or 7 of 7, 3 of 3; `satisfied:` sets another bound
    n           answers; a blank is none, a score outside the scale is a reject

The component `mean` is the mean score. The interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator

from crm_kpi.conditions import Condition, compare
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion, ratio
from crm_kpi.metrics.surveys import _scores
from crm_kpi.metrics.surveys._scores import Scale, Scored
from crm_kpi.results import Unit

SATISFIED = {5: 4, 10: 9, 7: 6, 3: 3}
"""Highest score of the scale: lowest that counts as satisfied."""


class Csat(Scored):
    scale: Scale = Field((1, 5), description="lowest and highest score")
    satisfied: int | None = Field(
        None, description="lowest score that counts as satisfied; default by scale"
    )

    @model_validator(mode="after")
    def _satisfied_by_scale(self) -> Csat:
        low, high = self.scale
        satisfied = SATISFIED.get(high) if self.satisfied is None else self.satisfied
        if satisfied is None:
            raise ValueError(text("metrics.satisfied_needs_value"))
        object.__setattr__(self, "satisfied", satisfied)
        if not low < satisfied <= high:
            raise ValueError(text("metrics.satisfied_outside_scale"))
        return self

    @property
    def low(self) -> Condition:
        assert self.satisfied is not None
        return compare("score", "<", self.satisfied)


def parts(definition: Csat) -> Sequence[Aggregation]:
    mine = _scores.of("csat")
    return [
        Aggregation(
            _scores.answers(),
            {
                "answers": Count(mine),
                "satisfied": Count(mine & ~definition.low),
                "total": Sum("score", mine),
            },
        )
    ]


def answer(state: AggregateState, definition: Csat) -> MetricValue:
    n = state.answers
    components = {
        "satisfied": state.satisfied,
        "mean": ratio(state.total, n) if n else None,
    }
    return proportion(state.satisfied, n, components, nothing=text("metrics.no_answers"))


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    short_title="CSAT",
    formula="100 x satisfied answers / answers",
    definition=Csat,
    needs=_scores.needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(100 * state.satisfied, state.answers),
    example="400 of 500 answers are 4 or 5: 100 x 400 / 500 = 80",
    sources=("SoGoSurvey help, Customer Satisfaction (CSAT)",),
)
