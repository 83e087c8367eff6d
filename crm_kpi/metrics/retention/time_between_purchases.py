"""Time between purchases: how many days a customer lets pass before the next order.

    median of (day of an order - day of the customer's order before it), in days

A gap counts in the period of its later order, however long ago the earlier one
was. Two orders of one day are 0 days apart; `order: day` makes them one. The
gap since the last order is still open, and its length unknown: `open` counts
the customers with such a gap at the period's end, all who have ever bought.

Components: the mean, and the 90th percentile by linear interpolation. The
interval of the median is by order statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from crm_kpi.frames import repeat_purchases
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Ordered, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Unit


def parts(definition: Ordering) -> Sequence[Aggregation]:
    order = definition.rule
    return [
        Aggregation(frame(repeat_purchases.purchase_gaps, order=order), {"days": Ordered("days")}),
        Aggregation(
            frame(repeat_purchases.first_and_second_orders, order=order),
            {"buyers": Sum("first")},
            running_total=True,
        ),
    ]


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    gaps = OrderStatistics(state, "days")

    def days(exact: Fraction | None) -> float | None:
        return None if exact is None else float(exact)

    components = {
        "mean": days(gaps.mean),
        "p90": days(gaps.quantile(9)),
        "open": state.buyers_end,
    }
    low, high = gaps.interval
    reason = None
    if not gaps.n:
        reason = text("metrics.no_second_order") if state.buyers_end else text("metrics.no_orders")
    return MetricValue(days(gaps.median), gaps.n, components, days(low), days(high), reason)


METRIC = Metric(
    unit=Unit.DAYS,
    higher_is_better=False,
    formula="median of days between consecutive orders of a customer",
    definition=Ordering,
    needs=needs,
    parts=parts,
    answer=answer,
    example="orders on 1, 11 and 31 March: gaps of 10 and 20 days, the median is 15",
    sources=(
        "Metrilo glossary, Time between orders",
        "own definition: the median, because a few long gaps move a mean",
    ),
)
