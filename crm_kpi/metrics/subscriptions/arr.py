"""Annual recurring revenue: what all paid subscriptions bring in a year, as they run now.

    ARR = 12 x MRR, at the period's end

A pace, not a sum of twelve months. What counts in MRR, and `arpc:`, is as in mrr.
"""

from __future__ import annotations

from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import exact
from crm_kpi.metrics.subscriptions import mrr
from crm_kpi.metrics.subscriptions.mrr import Mrr
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Mrr) -> MetricValue:
    month = mrr.answer(state, definition)
    now, n = mrr.at_end(state, definition)
    return MetricValue(exact(12 * now), n, {"mrr": month.value})


METRIC = Metric(
    unit=Unit.MONEY,
    is_total=True,
    higher_is_better=True,
    short_title="ARR",
    spoken_for_by="mrr",
    formula="12 x mrr",
    definition=Mrr,
    needs=mrr.needs,
    parts=mrr.parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(12 * mrr.at_end(state, definition)[0]),
    identity=mrr.identity,
    example="an MRR of 12,500: 12 x 12,500 = 150,000",
    sources=("ChartMogul help centre, Annual Run Rate (ARR)",),
)
