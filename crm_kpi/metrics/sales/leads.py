"""Leads: how many were created.

    leads = leads created in the period

    converted   those of them who have become customers by now

By channel, owner or any other column of the file with `--by`.
"""

from __future__ import annotations

from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.sales import _leads
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    leads = state.leads
    components = {"converted": state.converted if state.told else None}
    if not leads:
        return MetricValue(None, 0, components, reason=text("metrics.no_leads"))
    return MetricValue(leads, leads, components)


METRIC = Metric(
    unit=Unit.COUNT,
    is_total=True,
    higher_is_better=True,
    formula="leads created in the period",
    needs=lambda definition: {"leads": ("created_at",)},
    parts=lambda definition: [_leads.cohort()],
    answer=answer,
    quotient=lambda state, definition: Quotient(state.leads),
    example="100 leads created in March, 12 of them customers by now: 100",
    sources=("own definition: a count of the rows of the table by their date of creation",),
)
