"""Average order value: revenue per order.

    AOV = revenue / orders

`revenue` is net of refunds, by the date of each row; `orders` are those of
net amount above zero, by the day of their first row.
"""

from __future__ import annotations

from crm_kpi.messages import text
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention import _buying
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    components = _buying.components(state)
    if not state.orders:
        return MetricValue(None, 0, components, reason=text("metrics.no_orders"))
    value = ratio(state.gross + state.refunds, state.orders)
    return MetricValue(value, state.orders, components)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    formula="revenue / orders",
    definition=Ordering,
    needs=_buying.needs,
    parts=_buying.money,
    answer=answer,
    example="revenue 10,000 from 200 orders: 10,000 / 200 = 50",
    sources=(
        "own definition: shops count orders before returns; net of refunds, the average times "
        "the orders is the revenue",
    ),
)
