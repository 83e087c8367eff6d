"""Customer churn rate: the share of the customers at the start who are lost by the end.

    set      100 x lost / S, lost = in S and not in E; churn + retention = 100
    events   100 x every loss inside the period / S
    stripe   100 x every loss inside the period / (S + J)
    average  100 x lost / mean of the customers at the start and the end

    S    customers on the last day before the period
    E    customers on its last day
    J    new customers of the period, those who left again included

`annualised` = 100 x (1 - (1 - churn)^k), k periods of this length a year. A
customer who joins and leaves inside the period is an event, but in no set:
`joined_and_left`. A period that loses more customers than it gains is flagged.

Customers who are known to have left but not when (`churned` without a date) are
out of numerator and denominator: `undated` counts those who signed up by the
period's end. Above 1 % of all customers until then the value is null. Who signed
up inside a period that goes on to the last known day can only have left inside.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crm_kpi.messages import text
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._intervals import OfShare, wilson
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention import _presence
from crm_kpi.metrics.retention._presence import Presence
from crm_kpi.results import Unit


class Churn(Presence):
    rule: Literal["set", "events", "stripe", "average"] = Field(
        "set", description="what is counted as lost, and over what"
    )


def _lost_of(state: AggregateState, definition: Churn) -> tuple[int, int]:
    """What is counted as lost, and over what."""
    start, lost = state.customers_start, state.lost
    return {
        "set": (lost, start),
        "events": (state.events, start),
        "stripe": (state.events, start + state.first),
        "average": (2 * lost, start + state.customers_end),
    }[definition.rule]


def quotient(state: AggregateState, definition: Churn) -> Quotient:
    hits, n = _lost_of(state, definition)
    return Quotient(100 * hits, n)


def answer(state: AggregateState, definition: Churn) -> MetricValue:
    start, lost = state.customers_start, state.lost
    components = _presence.components(state, definition)
    components["events"] = state.events
    hits, n = _lost_of(state, definition)
    components["annualised"] = None
    observed = start if definition.rule == "average" else n
    undated = _presence.undated(state, definition)
    if undated or not n:
        nothing = undated or text("metrics.no_customers_to_lose")
        return MetricValue(None, observed, components, reason=nothing)
    value = ratio(100 * hits, n)
    kept = 1 - value / 100
    if kept >= 0:
        components["annualised"] = 100 * (1 - kept ** float(1 / state.period.years))
    gained = state.new + state.returned
    reason = (
        text("metrics.more_lost_than_gained", lost=lost, gained=gained) if lost > gained else None
    )
    if definition.rule != "set":
        return MetricValue(value, observed, components, reason=reason)
    low, high = wilson(hits, n)
    return MetricValue(value, observed, components, low, high, reason, spread=OfShare(hits, n))


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=False,
    can_exceed_100=True,
    short_title="Churn rate",
    spoken_for_by="retention_rate",
    formula="100 x customers lost / customers at the start",
    definition=Churn,
    needs=_presence.needs,
    parts=_presence.parts,
    answer=answer,
    quotient=quotient,
    identity=_presence.identity,
    example="1,000 at the start, 50 of them lost: 100 x 50 / 1,000 = 5",
    sources=("Stripe Billing, subscriber churn rate (rule stripe)",),
)
