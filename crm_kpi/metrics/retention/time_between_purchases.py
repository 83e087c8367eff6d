"""Time between purchases: how many days a customer lets pass before the next order.

    median of (day of an order - day of the customer's order before it), in days

A gap counts in the period of its later order, however long ago the earlier one
was. Two orders of one day are 0 days apart; `order: day` makes them one. The
gap since the last order is still open, and its length unknown: `open` counts
the customers with such a gap at the period's end, all who have ever bought.

The median knows those alone who came back. `km_median` is the Kaplan-Meier
median of all gaps up to the period's end, the open ones censored there: after so
many days half have come back. It is null where half never do.

Components: the mean, and the 90th percentile by linear interpolation. The
interval of the median is by order statistics.

    orders on 1, 11 and 31 March, and another customer's on 1 March alone: gaps of
    10 and 20 days are closed, 1 and 31 days open on 1 April. At 10 days 1 of 3
    comes back (2/3 wait on), at 20 days 1 of 2: 2/3 x 1/2 = 1/3, so the median is 20
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from crm_kpi.frames import repeat_purchases
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Ordered, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Unit


def parts(definition: Ordering) -> Sequence[Aggregation]:
    order = definition.rule
    return [
        Aggregation(frame(repeat_purchases.purchase_gaps, order=order), {"days": Ordered("days")}),
        Aggregation(
            frame(repeat_purchases.closed_gaps, order=order),
            {"closed": Count()},
            running_total=True,
            detail_keys=("days",),
            name="closed",
        ),
        Aggregation(
            frame(repeat_purchases.open_gaps, order=order),
            {"open": Sum("change")},
            running_total=True,
            detail_keys=("since",),
            name="open",
        ),
    ]


def km_median(closed: Mapping[int, int], open_: Mapping[int, int]) -> int | None:
    """The first length that no more than half of the gaps outlast; None where more always do.

    Both are numbers of gaps by their lengths. Of equal lengths the closed ones ended first.
    """
    at_risk = sum(closed.values()) + sum(open_.values())
    share = Fraction(1)
    for length in sorted({*closed, *open_}):
        ended = closed.get(length, 0)
        if ended:
            share *= Fraction(at_risk - ended, at_risk)
            if share <= Fraction(1, 2):
                return length
        at_risk -= ended + open_.get(length, 0)
    return None


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    gaps = OrderStatistics(state, "days")

    def days(exact: Fraction | None) -> float | None:
        return None if exact is None else float(exact)

    until = state.period.until.toordinal()
    still_open = {until - row["since"]: row["open"] for row in state.rows("open")}
    closed = {row["days"]: row["closed"] for row in state.rows("closed")}
    buyers, back = sum(still_open.values()), km_median(closed, still_open)
    components = {
        "mean": days(gaps.mean),
        "p90": days(gaps.quantile(9)),
        "open": buyers,
        "km_median": None if back is None else float(back),
    }
    low, high = gaps.interval
    reason = None
    if not gaps.n:
        reason = text("metrics.no_second_order") if buyers else text("metrics.no_orders")
    return MetricValue(days(gaps.median), gaps.n, components, days(low), days(high), reason)


METRIC = Metric(
    unit=Unit.DAYS,
    higher_is_better=False,
    formula="median of days between consecutive orders of a customer",
    definition=Ordering,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=text("metrics.median_has_no_parts"),
    example="orders on 1, 11 and 31 March: gaps of 10 and 20 days, the median is 15",
    sources=(
        "Metrilo glossary, Time between orders",
        "Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 1958",
        "own definition: the median, because a few long gaps move a mean",
    ),
)
