"""Purchase frequency: how many orders a buyer places in the period.

frequency = orders / customers

orders      orders of known customers in the period
customers   customers with at least one of them
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames import orders_and_revenue
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Unit


def parts(definition: Ordering) -> Sequence[Aggregation]:
    state = {"customers": Count(), "orders": Sum("orders")}
    return [Aggregation(frame(orders_and_revenue.buyers, order=definition.rule), state)]


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    components = {"orders": state.orders, "customers": state.customers}
    if not state.customers:
        return MetricValue(None, 0, components, reason=text("metrics.no_customer_with_order"))
    return MetricValue(ratio(state.orders, state.customers), state.customers, components)


METRIC = Metric(
    unit=Unit.RATIO,
    higher_is_better=True,
    formula="orders / customers with an order",
    definition=Ordering,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.orders, state.customers),
    example="200 orders by 50 customers: 200 / 50 = 4",
    sources=("MetricHQ, Average Purchase Frequency",),
)
