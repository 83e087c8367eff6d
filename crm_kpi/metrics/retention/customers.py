"""Customers: how many there are at the end, and how many came and went.

    end = start - lost + new + returned

    net    end - start

`start` and `end` are counted on the last day before the period and on its last
day. What makes a customer is the definition's `basis`. A file that does not say
who has left can be counted too; the value is then `pending`, as some may have.

Customers who are known to have left but not when (`churned` without a date) are
out of numerator and denominator: `undated` counts those who signed up by the
period's end. Above 1 % of all customers until then the value is null. Who signed
up inside a period that goes on to the last known day can only have left inside.
"""

from __future__ import annotations

from crm_kpi.kpi import Needs
from crm_kpi.messages import text
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _presence
from crm_kpi.metrics.retention._presence import Presence
from crm_kpi.results import Status, Unit


def answer(state: AggregateState, definition: Presence) -> MetricValue:
    components = _presence.components(state, definition)
    components["net"] = state.customers_end - state.customers_start
    end = state.customers_end
    undated = _presence.undated(state, definition)
    if undated:
        return MetricValue(None, end, components, reason=undated, status=Status.NO_DATA)
    if end and definition.basis == "contract" and not state.told_end:
        untold = text("metrics.nobody_known_to_leave")
        return MetricValue(end, end, components, reason=untold, status=Status.PENDING)
    return MetricValue(end, end, components)


def needs(definition: Presence) -> Needs:
    """Whoever has not left can be counted without a date of leaving."""
    if definition.basis == "contract":
        return {"customers": ("customer_id", "signup_date")}
    return _presence.needs(definition)


METRIC = Metric(
    unit=Unit.COUNT,
    is_total=True,
    higher_is_better=True,
    formula="customers at the start - lost + new + returned",
    definition=Presence,
    needs=needs,
    parts=_presence.parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.customers_end),
    identity=_presence.identity,
    example="20 at the start, 1 lost, 5 new: 20 - 1 + 5 = 24",
    sources=(
        "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, chapter Customer Profitability",
        "own definition: the flow from start to end, so that every customer who came or went "
        "is accounted for",
    ),
)
