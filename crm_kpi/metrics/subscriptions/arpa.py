"""Average revenue per account: what a paying customer brings in a month.

    ARPA = MRR / paying customers, both at the period's end

A customer with two subscriptions is one account. What counts in MRR is as in
mrr; with `arpc:` the answer is that average itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import exact
from crm_kpi.metrics.subscriptions import mrr
from crm_kpi.metrics.subscriptions.mrr import Mrr
from crm_kpi.results import Number, Unit


def parts(definition: Mrr) -> Sequence[Aggregation]:
    return [mrr.level(definition)]


def answer(state: AggregateState, definition: Mrr) -> MetricValue:
    now, n = mrr.at_end(state, definition)
    components: dict[str, Number | None] = {"mrr": exact(now), "customers": n}
    if not n:
        return MetricValue(None, 0, components, reason=text("metrics.no_paying_customer"))
    return MetricValue(exact(now / n), n, components)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    short_title="ARPA",
    spoken_for_by="mrr",
    formula="mrr / paying customers",
    definition=Mrr,
    needs=mrr.needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(*mrr.at_end(state, definition)),
    example="an MRR of 12,500 from 150 customers: 12,500 / 150 = 83.33",
    sources=("ChartMogul help centre, Average Revenue Per Account",),
)
