"""Additional purchase rate: the share of buyers who bought something of a second kind.

    rate = 100 x buyers of 2 or more categories / buyers

    buyers       customers with an order in the period
    categories   those that they bought in the period; `of: product` takes products

An order without a category makes a buyer, and no second category. The interval
is Wilson's.

    A bought tea and cups, B tea twice, C tea and something without a category, D
    cups: 1 of 4, 25 %
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from crm_kpi.conditions import compare
from crm_kpi.frames import repeat_purchases
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit


class Additional(Ordering):
    of: Literal["category", "product"] = Field(
        "category", description="what a second one is bought of: category or product"
    )


def needs(definition: Additional) -> Mapping[str, Sequence[str]]:
    return {"transactions": ("customer_id", "date", "amount", definition.of)}


def parts(definition: Additional) -> Sequence[Aggregation]:
    kinds = frame(repeat_purchases.kinds_bought, of=definition.of, order=definition.rule)
    return [Aggregation(kinds, {"buyers": Count(), "several": Count(compare("kinds", ">=", 2))})]


def answer(state: AggregateState, definition: Additional) -> MetricValue:
    components = {"customers": state.buyers, "additional_customers": state.several}
    return proportion(
        state.several, state.buyers, components, nothing=text("metrics.no_customer_with_order")
    )


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    short_title="Additional purchases",
    formula=lambda definition: text("formulas.second_kind", of=definition.of),
    definition=Additional,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(100 * state.several, state.buyers),
    example="60 of 200 buyers bought in a second category: 100 x 60 / 200 = 30",
    sources=(
        "own definition: cross-selling as the customers show it, whatever the sales are called",
    ),
)
