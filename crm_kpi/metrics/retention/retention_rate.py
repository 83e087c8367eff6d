"""Customer retention rate: the share of the customers at the start who are still there at the end.

    retention = 100 x |S and E| / |S|   =   100 x (E - N) / S

    S    customers on the last day before the period
    E    customers on its last day
    N    those of E who are not in S: new and returned ones

It is computed as a set, customer by customer, so a customer who joins and
leaves inside the period changes nothing. With `basis: activity` a customer is
who bought within `window` days before the instant, or, with `window: period`,
in the period. The interval is Wilson's.

Customers who are known to have left but not when (`churned` without a date) are
out of numerator and denominator: `undated` counts those who signed up by the
period's end. Above 1 % of all customers until then the value is null. Who signed
up inside a period that goes on to the last known day can only have left inside.
"""

from __future__ import annotations

from crm_kpi.messages import text
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.retention import _presence
from crm_kpi.metrics.retention._presence import Presence
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Presence) -> MetricValue:
    start = state.customers_start
    components = _presence.components(state, definition)
    undated = _presence.undated(state, definition)
    if undated:
        return MetricValue(None, start, components, reason=undated)
    nothing = text("metrics.no_customers_at_start")
    return proportion(start - state.lost, start, components, nothing=nothing)


def quotient(state: AggregateState, definition: Presence) -> Quotient:
    start = state.customers_start
    return Quotient(100 * (start - state.lost), start)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    short_title="Retention rate",
    formula="100 x customers of the start still there at the end / customers at the start",
    definition=Presence,
    needs=_presence.needs,
    parts=_presence.parts,
    answer=answer,
    quotient=quotient,
    identity=_presence.identity,
    example="20 at the start, 24 at the end, 5 of them new: 100 x (24 - 5) / 20 = 95",
    sources=("Reichheld and Sasser, Zero Defections: Quality Comes to Services, HBR 1990",),
)
