"""Average order value: what an order of the period is worth.

    AOV = order values / orders

    order value   the sum of an order's sale and discount lines, whenever they are dated
    orders        those worth more than nothing, by the day of their first sale line

Refunds are left out: what is sent back lowers revenue on its own day, and
neither the value of the order nor the average of a later month. A row below
zero that says of itself no `kind` is a discount where it carries the order id
and the day of a sale line, else a refund. With `free_orders: count` orders
worth nothing count, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames import orders_and_revenue
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import mean_of_money, ratio
from crm_kpi.metrics.retention import _buying
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit


def parts(definition: Ordering) -> Sequence[Aggregation]:
    far_apart = frame(orders_and_revenue.order_values, order=definition.rule)
    squares = {"squared": Sum("orders"), "squares": Sum("squared")}
    return [*_buying.money(definition), Aggregation(far_apart, squares)]


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    components = _buying.components(state) | {"order_values": state.value}
    if not state.orders:
        return MetricValue(None, 0, components, reason=text("metrics.no_orders"))
    spread = None
    if state.squared == state.orders:
        spread = mean_of_money(state.value, state.squares, state.orders)
    value = ratio(state.value, state.orders)
    return MetricValue(value, state.orders, components, spread=spread)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    short_title="Order value",
    formula="order values without refunds / orders",
    definition=Ordering,
    needs=_buying.needs_no_customers,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.value, state.orders),
    example="200 orders worth 10,000, 500 of it sent back later: 10,000 / 200 = 50",
    sources=(
        "Shopify changelog, 9 January 2023: gross sales less discounts, without later changes",
    ),
)
