"""Revenue per customer: what an active customer brings in the period.

    revenue per customer = revenue / customers

    revenue     the sum of the customers' amounts, net of refunds, by each row's date
    customers   active customers: those with an order in the period, not all on the books

A transaction without a customer counts for nobody and is left out, so that
this is average order value x purchase frequency of the known customers.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Answer, Metric, Part, State, frame
from crm_kpi.metrics._state import count_if, ratio
from crm_kpi.metrics.retention import _buying
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit


def parts(definition: Ordering) -> Sequence[Part]:
    state = {name: nw.col(name).sum() for name in ("gross", "refunds", "orders")}
    state["customers"] = count_if(nw.col("orders") > 0)
    return [Part(frame("spending", order=definition.order), state)]


def answer(state: State, definition: Ordering) -> Answer:
    components = _buying.components(state) | {"customers": state.customers}
    if not state.customers:
        return Answer(None, 0, components, reason="no customer with an order")
    value = ratio(state.gross + state.refunds, state.customers)
    return Answer(value, state.customers, components)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    formula="revenue / customers with an order",
    definition=Ordering,
    needs=_buying.needs,
    parts=parts,
    answer=answer,
    example="revenue 10,000 from 50 customers: 10,000 / 50 = 200",
    sources=(
        "own definition: revenue per user divides by all accounts; by those who ordered it is "
        "order value x frequency",
    ),
)
