"""Net revenue retention: what the customers of the start pay now, against what they paid then.

    NRR = 100 x sum of MRR at the end / MRR at the start,
          over the customers who paid at the start
        = 100 x (MRR at the start + expansion - contraction - churned) / MRR at the start

The start lies 12 months before the period's end, or, with `window: period`, at
the period's start. It is point to point on the same customers; who joined since
then does not count. A customer who lapsed and is back at the end counts; with
`reactivation: final` one who paid nothing at the start of some month in between
has churned for good. 100 - NRR is net revenue churn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.subscriptions import _retained
from crm_kpi.metrics.subscriptions._retained import Window
from crm_kpi.results import Unit


class Nrr(Window):
    reactivation: Literal["counted", "final"] = Field(
        "counted",
        description="a customer who lapsed inside the window and is back at its end: counted, "
        "or churned for good (the lapse is final)",
    )


def parts(definition: Nrr) -> Sequence[Aggregation]:
    return _retained.parts(definition, final=definition.reactivation == "final")


def answer(state: AggregateState, definition: Nrr) -> MetricValue:
    _, n = _retained.at_start(state, definition)
    components = _retained.components(state, definition)
    if not n:
        return MetricValue(None, 0, components, reason=_retained.nobody(definition))
    return MetricValue(float(_retained.net(state, definition).value), n, components)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    can_exceed_100=True,
    short_title="NRR",
    formula="100 x (MRR at the start + expansion - contraction - churned) / MRR at the start",
    definition=Nrr,
    needs=_retained.needs,
    parts=parts,
    answer=answer,
    quotient=_retained.net,
    identity=_retained.identity,
    example="100 at the start, 10 expansion, 10 contraction, 10 churned: 100 x 90 / 100 = 90",
    sources=(
        "Skok, SaaS Metrics 2.0: A Guide to Measuring and Improving What Matters, For "
        "Entrepreneurs",
        "own definition: point to point on the customers of the start, so that months do not "
        "compound",
    ),
)
