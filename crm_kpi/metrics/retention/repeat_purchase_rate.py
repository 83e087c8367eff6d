"""Repeat purchase rate: the share of buyers who bought more than once.

    rate = 100 x customers with 2 or more orders / customers with 1 or more

Orders are counted inside the period, or, with `base: ever`, from the beginning
up to the period's end. An order whose rows add up to nothing or less is none;
an order without a customer counts for nobody. The interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import narwhals.stable.v2 as nw
from pydantic import Field

from crm_kpi.metrics._spec import Answer, Metric, Part, State, frame
from crm_kpi.metrics._state import count_if, proportion
from crm_kpi.metrics.retention._buying import Ordering, needs
from crm_kpi.results import Unit


class Repeat(Ordering):
    base: Literal["period", "ever"] = Field(
        "period", description="orders of the period, or all orders up to its end"
    )


def parts(definition: Repeat) -> Sequence[Part]:
    if definition.base == "ever":
        state = {"customers": nw.col("first").sum(), "repeat": nw.col("second").sum()}
        return [Part(frame("milestones", order=definition.order), state, stock=True)]
    buyers = {"customers_end": nw.len(), "repeat_end": count_if(nw.col("orders") >= 2)}
    return [Part(frame("buyers", order=definition.order), buyers)]


def answer(state: State, definition: Repeat) -> Answer:
    customers, repeat = state.customers_end, state.repeat_end
    return proportion(
        repeat,
        customers,
        {"customers": customers, "repeat_customers": repeat},
        nothing="no customer with an order",
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
