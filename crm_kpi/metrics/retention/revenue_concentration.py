"""Revenue concentration: the share of revenue that comes from the top 20 % of customers.

    concentration = 100 x revenue of the top customers / revenue

    top         the first ceil(20 % x customers) by net revenue; `top:` sets another share
    customers   those with a transaction in the period, also where refunds leave
                nothing or less: they stay in the base

    customers_for_80   the fewest customers that make 80 % of revenue, in percent
    gini               0 where all bring the same, towards 1 where one brings all:
                       2 x sum of (rank x revenue) / (n x revenue) - (n + 1) / n

Which of several customers with equal revenue are in the top changes no
result. Where some customers are below nothing, the others make more than all of
revenue, and the share can exceed 100: `below_zero` counts those customers. Gini
is then null, for it can leave 0 to 1 and means nothing.

    6 customers bring 500, 300, 100, 50, 50 and 0: the top are ceil(1.2) = 2, and
    make 800 of 1,000
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pydantic import Field

from crm_kpi.conditions import compare
from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.orders import OrderRule
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import (
    Aggregation,
    Count,
    LargestCount,
    LargestSum,
    RankSum,
    Sum,
    frame,
)
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention._buying import needs
from crm_kpi.results import Number, Unit


class Concentration(Definition):
    top: int = Field(20, gt=0, le=100, description="how many percent of the customers are the top")


def parts(definition: Concentration) -> Sequence[Aggregation]:
    state = {
        "customers": Count(),
        "revenue": Sum("net"),
        "top": LargestSum("net", definition.top),
        "for_80": LargestCount("net", 80),
        "by_rank": RankSum("net"),
        "below_zero": Count(compare("net", "<", 0)),
    }
    return [Aggregation(frame(orders_and_revenue.spending, order=OrderRule()), state)]


def answer(state: AggregateState, definition: Concentration) -> MetricValue:
    n, revenue = state.customers, state.revenue
    components: dict[str, Number | None] = {
        "customers": n,
        "revenue": revenue,
        "below_zero": state.below_zero,
        "customers_for_80": None,
        "gini": None,
    }
    if not n:
        return MetricValue(None, 0, components, reason=text("metrics.no_customer_with_transaction"))
    if revenue <= 0:
        return MetricValue(None, n, components, reason=text("metrics.no_revenue_to_share"))
    components["customers_for_80"] = ratio(100 * state.for_80, n)
    share = ratio(100 * state.top, revenue)
    if state.below_zero:
        reason = text("metrics.no_gini", count=state.below_zero)
        return MetricValue(share, n, components, reason=reason)
    gini = 2 * Fraction(state.by_rank) / (n * Fraction(revenue)) - Fraction(n + 1, n)
    components["gini"] = float(gini)
    return MetricValue(share, n, components)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=False,
    can_exceed_100=True,
    formula=lambda definition: text("formulas.top", top=definition.top),
    definition=Concentration,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=text("metrics.top_has_no_parts"),
    example="10 customers, the best 2 bring 600 of 1,000: 100 x 600 / 1,000 = 60",
    sources=(
        "Juran, Quality Control Handbook, 1951 (Pareto principle)",
        "Gini, Variabilità e mutabilità, 1912",
    ),
)
