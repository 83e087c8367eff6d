"""Repeat purchase rate: the share of buyers who bought more than once.

    rate = 100 x customers with 2 or more orders / customers with 1 or more

Orders are counted inside the period, or, with `base: ever`, from the beginning
up to the period's end. An order whose rows add up to nothing or less is none;
an order without a customer counts for nobody. The interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from crm_kpi.conditions import compare
from crm_kpi.frames import orders_and_revenue, repeat_purchases
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Unit


class Repeat(Ordering):
    base: Literal["period", "ever"] = Field(
        "period", description="orders of the period, or all orders up to its end"
    )


def parts(definition: Repeat) -> Sequence[Aggregation]:
    if definition.base == "ever":
        state = {"customers": Sum("first"), "repeat": Sum("second")}
        return [
            Aggregation(
                frame(repeat_purchases.first_and_second_orders, order=definition.rule),
                state,
                running_total=True,
            )
        ]
    buyers = {"customers_end": Count(), "repeat_end": Count(compare("orders", ">=", 2))}
    return [Aggregation(frame(orders_and_revenue.buyers, order=definition.rule), buyers)]


def answer(state: AggregateState, definition: Repeat) -> MetricValue:
    customers, repeat = state.customers_end, state.repeat_end
    return proportion(
        repeat,
        customers,
        {"customers": customers, "repeat_customers": repeat},
        nothing=text("metrics.no_customer_with_order"),
    )


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    formula="100 x customers with 2 or more orders / customers with 1 or more",
    definition=Repeat,
    needs=needs,
    parts=parts,
    answer=answer,
    example="200 of 1,000 buyers bought again: 100 x 200 / 1,000 = 20",
    sources=("Datma help centre, Order metrics explained (repeat purchase rate)",),
)
