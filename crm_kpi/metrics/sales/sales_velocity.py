"""Sales velocity: how much money the pipeline turns out in a day.

velocity = open deals x average won amount x win rate / sales cycle

open deals           deals open at the period's end
average won amount   of the deals won in the period that have an amount
win rate             won / (won + lost), of the deals closed in the period
sales cycle          median days from creation to winning, of the deals won in the period
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.metrics.sales import _deals
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    return [_deals.open_at_end(), _deals.closed(), _deals.cycle()]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    won, lost = state.won, state.lost
    closed, priced = won + lost, won - state.won_unpriced
    seconds = OrderStatistics(state, "seconds").median
    average = Fraction(state.won_amount) / priced if priced else None
    rate = Fraction(won, closed) if closed else None
    cycle = None if seconds is None else seconds / 86_400
    components = {
        "deals": state.deals_end,
        "average_won_amount": None if average is None else float(average),
        "win_rate": None if rate is None else float(100 * rate),
        "sales_cycle": None if cycle is None else float(cycle),
        "won": won,
        "lost": lost,
    }
    if rate is None or not won:
        reason = text("metrics.no_deals_won") if closed else text("metrics.no_deals_closed")
        return MetricValue(None, closed, components, reason=reason)
    if average is None:
        return MetricValue(None, closed, components, reason=text("metrics.no_won_deal_priced"))
    if cycle is None:
        return MetricValue(None, closed, components, reason=text("metrics.no_won_deal_dated"))
    if not cycle:
        return MetricValue(None, closed, components, reason=text("metrics.cycle_of_no_days"))
    return MetricValue(float(state.deals_end * average * rate / cycle), closed, components)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    formula="open deals x average won amount x win rate / sales cycle, money per day",
    needs=lambda definition: {"opportunities": ("created_at", "closed_at", "outcome", "amount")},
    parts=parts,
    answer=answer,
    quotient=text("metrics.product_has_no_parts"),
    example="40 open deals, 5,000 on average, 25 % won, 50 days: 40 x 5,000 x 0.25 / 50 = 1,000",
    sources=("Maven, The sales velocity formula",),
)
