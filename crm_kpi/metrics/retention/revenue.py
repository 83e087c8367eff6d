"""Revenue: what customers paid, net of refunds.

    revenue = gross + refunds

    gross     the sum of sale and discount lines
    refunds   the sum of all other amounts below zero, a negative number; a row
              below zero without a `kind` is a discount where it carries the order
              id and the day of a sale line, else a refund

Each row counts on its own date, with or without a customer. Sums are exact.
"""

from __future__ import annotations

from crm_kpi.messages import text
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _buying
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    components = _buying.components(state)
    if not state.lines:
        return MetricValue(None, 0, components, reason=text("metrics.no_transactions"))
    return MetricValue(components["revenue"], state.lines, components)


METRIC = Metric(
    unit=Unit.MONEY,
    is_total=True,
    higher_is_better=True,
    formula="sum of amounts, refunds negative",
    definition=Ordering,
    needs=_buying.needs_no_customers,
    parts=_buying.money,
    answer=answer,
    example="sales of 500 and 300, a refund of 100: 800 - 100 = 700",
    sources=(
        "own definition: what the rows of the export add up to, each on its date; not revenue "
        "as accounting standards recognise it",
    ),
)
