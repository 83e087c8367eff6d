"""Historic customer lifetime value: what customers have paid so far, on average.

    historic CLV = sum of all amounts of customers / customers

    amounts     net of refunds, from the first day of the data to the period's end
    customers   those with a transaction by then

A transaction without a customer is left out. It counts what has come in and
expects nothing more, so it grows with the age of the customers.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames import orders_and_revenue
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention._buying import needs
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    state = {"revenue": Sum("amount"), "customers": Sum("customers")}
    return [Aggregation(frame(orders_and_revenue.spending_to_date), state, running_total=True)]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    components = {"revenue": state.revenue_end, "customers": state.customers_end}
    if not state.customers_end:
        return MetricValue(None, 0, components, reason=text("metrics.no_customer_with_transaction"))
    value = ratio(state.revenue_end, state.customers_end)
    return MetricValue(value, state.customers_end, components)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    short_title="Historic CLV",
    formula="sum of amounts to the period's end / customers with a transaction",
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.revenue_end, state.customers_end),
    example="50,000 from 100 customers so far: 50,000 / 100 = 500",
    sources=(
        "own definition: what has been paid, without the expectation that models of lifetime "
        "value add",
    ),
)
