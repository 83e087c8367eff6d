"""Interactions: how often the company and people got in touch.

    interactions = rows of the period, whoever they were with

    with_lead, without_lead           those that name a lead, and those that name none,
                                      such as a visit of the web site
    with_customer, without_customer   likewise
    per_customer                      with_customer / customers who are named

By channel, kind or any other column of the file with `--by`.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.conditions import is_null
from crm_kpi.frames import leads
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Distinct, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.results import Number, Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    lead, customer = is_null("lead_id"), is_null("customer_id")
    counts = {
        "interactions": Count(),
        "with_lead": Count(~lead),
        "without_lead": Count(lead),
        "with_customer": Count(~customer),
        "without_customer": Count(customer),
    }
    rows = frame(leads.interactions)
    return [Aggregation(rows, {**counts, "customers": Distinct("customer_id")})]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    names = ("with_lead", "without_lead", "with_customer", "without_customer")
    components: dict[str, Number | None] = {name: getattr(state, name) for name in names}
    customers = state.customers
    components["per_customer"] = ratio(state.with_customer, customers) if customers else None
    n = state.interactions
    if not n:
        return MetricValue(None, 0, components, reason=text("metrics.no_interactions"))
    return MetricValue(n, n, components)


METRIC = Metric(
    unit=Unit.COUNT,
    is_total=True,
    higher_is_better=True,
    formula="interactions of the period",
    needs=lambda definition: {"interactions": ("occurred_at",)},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.interactions),
    example="12 calls with 4 customers and 30 visits of the web site by nobody known: 42, and "
    "12 / 4 = 3 per customer",
    sources=("own definition: a count of the rows of the table by their date",),
)
