"""Retention cost: what it costs to keep a customer.

    retention cost = retention costs of the period / customers retained

    retention costs      rows of the costs table of kind retention, by their date
    customers retained   there at the start and at the end (as in retention_rate)

Where there are transactions, `ratio` sets it against revenue per customer; above
1, keeping a customer costs more than a customer brings, and `reason` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from crm_kpi.conditions import compare
from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.context import rows_in_periods
from crm_kpi.frames.orders import OrderRule
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _presence
from crm_kpi.metrics.retention._presence import Presence
from crm_kpi.results import Number, Unit


def needs(definition: Presence) -> Mapping[str, Sequence[str]]:
    return {"costs": ("date", "amount", "kind"), **_presence.needs(definition)}


def parts(definition: Presence) -> Sequence[Aggregation]:
    keeping = compare("kind", "==", "retention")
    return [
        Aggregation(
            frame(rows_in_periods, table="costs", at="date"),
            {"costs": Sum("amount", keeping), "bills": Count(keeping)},
        ),
        Aggregation(
            frame(orders_and_revenue.spending, order=OrderRule()),
            {"revenue": Sum("net"), "buyers": Count(compare("orders", ">", 0))},
        ),
        *_presence.parts(definition),
    ]


def answer(state: AggregateState, definition: Presence) -> MetricValue:
    retained = state.customers_start - state.lost
    per_customer = Fraction(state.revenue) / state.buyers if state.buyers else None
    components: dict[str, Number | None] = {
        "costs": state.costs,
        "customers_retained": retained,
        "revenue_per_customer": None if per_customer is None else float(per_customer),
        "ratio": None,
    }
    if not state.bills:
        return MetricValue(None, retained, components, reason=text("metrics.no_retention_costs"))
    if not retained:
        return MetricValue(None, 0, components, reason=text("metrics.no_customer_retained"))
    cost = Fraction(state.costs) / retained
    reason = None
    if per_customer is not None and per_customer > 0:
        components["ratio"] = float(cost / per_customer)
        if cost > per_customer:
            reason = text("metrics.costs_exceed_revenue")
    return MetricValue(float(cost), retained, components, reason=reason)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=False,
    formula="retention costs / customers retained",
    definition=Presence,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.costs, state.customers_start - state.lost),
    identity=_presence.identity,
    optional={"transactions": ()},
    example="10,000 spent on keeping 500 customers: 10,000 / 500 = 20",
    sources=(
        "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, chapter Customer "
        "Profitability (acquisition versus retention spending)",
    ),
)
