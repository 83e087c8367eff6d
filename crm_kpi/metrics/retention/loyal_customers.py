"""Loyal customers: how many keep buying.

    loyal   customers with `orders:` (3) or more orders in the `window:` (365 days)
            before the period's end

`share` is 100 x loyal / customers with an order in the same window. An order is
what it was when it was placed, whatever is refunded later; one without a
customer counts for nobody. Before anybody has bought there is nothing to count.

    In the year to 31 March A ordered 3 times, B twice and C once: 1 loyal customer,
    a share of 33.3 %. A month later A's first order is more than 365 days old, and
    nobody is
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, field_validator

from crm_kpi.durations import Duration
from crm_kpi.frames import repeat_purchases
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Unit


class Loyal(Ordering):
    orders: int = Field(3, ge=1, le=1000, description="how many orders make a customer loyal")
    window: Duration = Field(
        Duration(days=365), description="how long before the period's end they count, in days"
    )

    @field_validator("window")
    @classmethod
    def _in_days(cls, window: Duration) -> Duration:
        if not window.days:
            raise ValueError(should_be(text("metrics.number_of_days", example="365d")))
        return window


def parts(definition: Loyal) -> Sequence[Aggregation]:
    assert definition.window.days is not None
    rule, window = definition.rule, definition.window.days
    return [
        Aggregation(
            frame(repeat_purchases.steady_buyers, order=rule, times=times, window=window),
            {name: Sum("change")},
            running_total=True,
        )
        for name, times in (("loyal", definition.orders), ("buyers", 1))
    ] + [
        Aggregation(
            frame(repeat_purchases.first_and_second_orders, order=rule),
            {"ever": Sum("first")},
            running_total=True,
        )
    ]


def answer(state: AggregateState, definition: Loyal) -> MetricValue:
    loyal, buyers = state.loyal_end, state.buyers_end
    share = ratio(100 * loyal, buyers) if buyers else None
    components = {"customers": buyers, "share": share}
    if not state.ever_end:
        return MetricValue(None, 0, components, reason=text("metrics.no_customer_with_order"))
    return MetricValue(loyal, buyers, components)


METRIC = Metric(
    unit=Unit.COUNT,
    is_total=True,
    higher_is_better=True,
    formula=lambda definition: text(
        "formulas.loyal", orders=definition.orders, window=str(definition.window)
    ),
    definition=Loyal,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.loyal_end),
    example="80 of 400 who bought in the last 365 days did so 3 times or more: 80, a share of 20 %",
    sources=("own definition: orders in a year that has no seasons to wait for",),
)
