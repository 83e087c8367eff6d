"""Customers: how many there are at the end, and how many came and went.

    end = start - lost + new + returned

    net    end - start

`start` and `end` are counted on the last day before the period and on its last
day. What makes a customer is the definition's `basis`.
"""

from __future__ import annotations

from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _presence
from crm_kpi.metrics.retention._presence import Presence
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Presence) -> MetricValue:
    components = _presence.components(state, definition)
    components["net"] = state.customers_end - state.customers_start
    return MetricValue(state.customers_end, state.customers_end, components)


METRIC = Metric(
    unit=Unit.COUNT,
    is_total=True,
    higher_is_better=True,
    formula="customers at the start - lost + new + returned",
    definition=Presence,
    needs=_presence.needs,
    parts=_presence.parts,
    answer=answer,
    identity=_presence.identity,
    example="20 at the start, 1 lost, 5 new: 20 - 1 + 5 = 24",
    sources=(
        "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, chapter Customer Profitability",
        "own definition: the flow from start to end, so that every customer who came or went "
        "is accounted for",
    ),
)
