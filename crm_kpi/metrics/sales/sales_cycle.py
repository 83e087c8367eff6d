"""Sales cycle: how long it takes to win a deal.

    median of (closed_at - created_at) of won deals, in days of 24 hours

Deals count in the period in which they were won. One whose creation is blank
is in the component `won`, not in n. Components: the mean, and the 90th
percentile by linear interpolation. The interval of the median is by order
statistics.
"""

from __future__ import annotations

from fractions import Fraction

from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.metrics.sales import _deals
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    cycles = OrderStatistics(state, "seconds")

    def days(seconds: Fraction | None) -> float | None:
        return None if seconds is None else float(seconds / 86_400)

    components = {
        "mean": days(cycles.mean),
        "p90": days(cycles.quantile(9)),
        "won": state.won,
    }
    low, high = cycles.interval
    reason = None
    if not cycles.n:
        reason = text("metrics.no_won_deal_dated") if state.won else text("metrics.no_deals_won")
    return MetricValue(days(cycles.median), cycles.n, components, days(low), days(high), reason)


METRIC = Metric(
    unit=Unit.DAYS,
    higher_is_better=False,
    formula="median of closed - created, of won deals",
    needs=lambda definition: {"opportunities": ("created_at", "closed_at", "outcome")},
    parts=lambda definition: [_deals.cycle()],
    answer=answer,
    quotient=text("metrics.median_has_no_parts"),
    example="won after 10, 20 and 60 days: the median is 20",
    sources=(
        "own definition: the median of won deals, because a few old deals move a mean; the "
        "mean is a component",
    ),
)
