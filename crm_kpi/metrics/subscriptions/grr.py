"""Gross revenue retention: the share of the start's recurring revenue that was not lost.

    GRR = 100 x sum of min(MRR at the end, MRR at the start) / MRR at the start,
          over the customers who paid at the start
        = 100 x (MRR at the start - contraction - churned) / MRR at the start

The start lies 12 months before the period's end, or, with `window: period`, at
the period's start. It is point to point on the same customers: what happened
in between does not count, expansion never makes up for a loss, and a customer
who came back counts. 100 - GRR is gross revenue churn. GRR <= min(100, NRR).
"""

from __future__ import annotations

from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.subscriptions import _retained
from crm_kpi.metrics.subscriptions._retained import Window
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Window) -> MetricValue:
    _, n = _retained.at_start(state, definition)
    components = _retained.components(state, definition)
    if not n:
        return MetricValue(None, 0, components, reason=_retained.nobody(definition))
    return MetricValue(float(_retained.gross(state, definition).value), n, components)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    short_title="GRR",
    formula="100 x (MRR at the start - contraction - churned) / MRR at the start",
    definition=Window,
    needs=_retained.needs,
    parts=_retained.parts,
    answer=answer,
    quotient=_retained.gross,
    identity=_retained.identity,
    example="100 at the start, 10 contraction, 10 churned: 100 x (100 - 10 - 10) / 100 = 80",
    sources=(
        "GP Bullhound, The CFO Handbook (gross revenue retention)",
        "Skok, SaaS Metrics 2.0: A Guide to Measuring and Improving What Matters, For "
        "Entrepreneurs",
    ),
)
