"""Purchase frequency: how many orders a buyer places in the period.

frequency = orders / customers

orders      orders of known customers in the period
customers   customers with at least one of them
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Answer, Metric, Part, State, frame
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Unit


def parts(definition: Ordering) -> Sequence[Part]:
    state = {"customers": nw.len(), "orders": nw.col("orders").sum()}
    return [Part(frame("buyers", order=definition.order), state)]


def answer(state: State, definition: Ordering) -> Answer:
    components = {"orders": state.orders, "customers": state.customers}
    if not state.customers:
        return Answer(None, 0, components, reason="no customer with an order")
    return Answer(ratio(state.orders, state.customers), state.customers, components)


METRIC = Metric(
    unit=Unit.RATIO,
    higher_is_better=True,
    formula="orders / customers with an order",
    definition=Ordering,
    needs=needs,
    parts=parts,
    answer=answer,
    example="200 orders by 50 customers: 200 / 50 = 4",
    sources=("MetricHQ, Average Purchase Frequency",),
)
