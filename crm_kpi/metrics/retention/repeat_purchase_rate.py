"""Repeat purchase rate: the share of buyers who bought more than once.

    rate = 100 x customers with 2 or more orders / customers with 1 or more

`base:` says which orders are looked at:

    period      those inside the period
    returning   of the buyers of the period, those who had another order within
                `lookback` (365 days) before their last one in it; a period that
                begins within the lookback of the file's first row is pending, for
                the file is too short to tell
    ever        from the beginning up to the period's end, over all buyers so far

An order is what it was when it was placed, whatever is refunded later; one
without a customer counts for nobody. The interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from crm_kpi.conditions import compare
from crm_kpi.durations import Duration
from crm_kpi.frames import orders_and_revenue, repeat_purchases
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Status, Unit


class Repeat(Ordering):
    base: Literal["period", "returning", "ever"] = Field(
        "period",
        description="orders of the period, of its buyers those with another order within the "
        "lookback, or all orders up to its end",
    )
    lookback: Duration | None = Field(
        None,
        description="with base returning: how long before the last order of the period another "
        "one counts, in days; default 365d",
    )

    @model_validator(mode="after")
    def _lookback_goes_with_returning(self) -> Repeat:
        if self.base != "returning" and self.lookback is not None:
            raise ValueError(text("metrics.lookback_needs_returning"))
        if self.base == "returning" and self.lookback is None:
            object.__setattr__(self, "lookback", Duration(days=365))
        if self.lookback is not None and not self.lookback.days:
            raise ValueError(text("metrics.lookback_in_days"))
        return self


def parts(definition: Repeat) -> Sequence[Aggregation]:
    if definition.base == "returning":
        assert definition.lookback is not None
        assert definition.lookback.days is not None
        returning = frame(
            repeat_purchases.returning_buyers,
            order=definition.rule,
            lookback=definition.lookback.days,
        )
        sums = {"repeat_end": Sum("returning"), "early": Sum("early")}
        return [Aggregation(returning, {"customers_end": Count(), **sums})]
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
    found = proportion(
        repeat,
        customers,
        {"customers": customers, "repeat_customers": repeat},
        nothing=text("metrics.no_customer_with_order"),
    )
    if customers and definition.base == "returning" and state.early:
        reason = text("metrics.lookback_before_first_row", lookback=definition.lookback)
        return replace(found, status=Status.PENDING, reason=reason)
    return found


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    short_title="Repeat purchases",
    formula="100 x customers with 2 or more orders / customers with 1 or more",
    definition=Repeat,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(100 * state.repeat_end, state.customers_end),
    example="200 of 1,000 buyers bought again: 100 x 200 / 1,000 = 20",
    sources=("Datma help centre, Order metrics explained (repeat purchase rate)",),
)
