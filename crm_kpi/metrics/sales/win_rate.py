"""Win rate: the share of closed deals that were won.

    count    100 x won / (won + lost)
    amount   100 x amount won / (amount won + amount lost)

Deals count in the period in which they were closed; open ones are out. By
amount it is refused (null) when lost deals carry no amount (a blank, or 0 as
many CRMs write it), or won ones a blank: the share of what is left would be
too high or too low. The interval, by count, is Wilson's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion, ratio
from crm_kpi.metrics.sales import _deals
from crm_kpi.results import Unit


class WinRate(Definition):
    by: Literal["count", "amount"] = Field(
        "count", description="the share of the deals, or of their amounts"
    )


def needs(definition: WinRate) -> Mapping[str, Sequence[str]]:
    columns = ("closed_at", "outcome")
    return {"opportunities": (*columns, "amount") if definition.by == "amount" else columns}


def answer(state: AggregateState, definition: WinRate) -> MetricValue:
    won, lost = state.won, state.lost
    closed = won + lost
    components = {
        "won": won,
        "lost": lost,
        "won_amount": state.won_amount if won > state.won_unpriced else None,
        "lost_amount": state.lost_amount if lost > state.lost_unpriced else None,
    }
    if not closed or definition.by == "count":
        return proportion(won, closed, components, nothing=text("metrics.no_deals_closed"))
    unpriced = state.lost_unpriced + state.lost_for_nothing
    if unpriced:
        reason = text("metrics.lost_deals_unpriced", unpriced=unpriced, deals=lost)
        return MetricValue(None, closed, components, reason=reason)
    if state.won_unpriced:
        reason = text("metrics.won_deals_unpriced", unpriced=state.won_unpriced, deals=won)
        return MetricValue(None, closed, components, reason=reason)
    amount = state.won_amount + state.lost_amount
    if not amount:
        return MetricValue(None, closed, components, reason=text("metrics.deals_worth_nothing"))
    return MetricValue(ratio(100 * state.won_amount, amount), closed, components)


def quotient(state: AggregateState, definition: WinRate) -> Quotient:
    if definition.by == "amount":
        return Quotient(100 * state.won_amount, state.won_amount + state.lost_amount)
    return Quotient(100 * state.won, state.won + state.lost)


def formula(definition: WinRate) -> str:
    if definition.by == "amount":
        return text("formulas.won_amount")
    return text("formulas.won_deals")


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    formula=formula,
    definition=WinRate,
    needs=needs,
    parts=lambda definition: [_deals.closed()],
    answer=answer,
    quotient=quotient,
    example="30 won, 45 lost: 100 x 30 / (30 + 45) = 40",
    sources=("ShareCRM glossary, Win Rate",),
)
