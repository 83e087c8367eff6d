"""Revenue per customer: what an active customer brings in the period.

    revenue per customer = revenue / customers

    revenue     the sum of the customers' amounts, net of refunds, by each row's date
    customers   active customers: those with an order in the period, not all on the books

A transaction without a customer counts for nobody and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.conditions import compare, is_null
from crm_kpi.frames import orders_and_revenue
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregate, Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import mean_of_money, ratio
from crm_kpi.metrics.retention import _buying
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit


def parts(definition: Ordering) -> Sequence[Aggregation]:
    state: dict[str, Aggregate] = {name: Sum(name) for name in ("gross", "refunds", "orders")}
    state["customers"] = Count(compare("orders", ">", 0))
    state["squares"] = Sum("squared")
    state["too_large"] = Count(is_null("squared"))
    return [Aggregation(frame(orders_and_revenue.spending, order=definition.rule), state)]


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    components = _buying.components(state) | {"customers": state.customers}
    if not state.customers:
        return MetricValue(None, 0, components, reason=text("metrics.no_customer_with_order"))
    revenue, n = state.gross + state.refunds, state.customers
    spread = None if state.too_large else mean_of_money(revenue, state.squares, n)
    return MetricValue(ratio(revenue, n), n, components, spread=spread)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    formula="revenue / customers with an order",
    definition=Ordering,
    needs=_buying.needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.gross + state.refunds, state.customers),
    example="revenue 10,000 from 50 customers: 10,000 / 50 = 200",
    sources=(
        "own definition: revenue per user divides by all accounts; by those who ordered it is "
        "order value x frequency",
    ),
)
