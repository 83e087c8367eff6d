"""Expected revenue: what the buyers of a period would bring if each were an average customer.

expected revenue = buyers x mean

mean   of what each customer has brought by the period's end, learnt from all of them
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.orders import OrderRule
from crm_kpi.kpi import Definition
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, MetricValue
from crm_kpi.metrics._state import exact
from crm_kpi.models._spec import Model
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    so_far = {"total": Sum("amount"), "customers": Sum("customers")}
    return [
        Aggregation(frame(orders_and_revenue.buyers, order=OrderRule()), {"buyers": Count()}),
        Aggregation(frame(orders_and_revenue.spending_to_date), so_far, running_total=True),
    ]


def fit(state: AggregateState, definition: Definition) -> Fraction | None:
    if not state.customers_end:
        return None
    return Fraction(state.total_end) / Fraction(state.customers_end)


def predict(mean: Fraction | None, state: AggregateState, definition: Definition) -> MetricValue:
    if mean is None:
        return MetricValue(None, 0, reason="no customer to learn from")
    return MetricValue(exact(mean * state.buyers), state.buyers, {"mean": exact(mean)})


MODEL = Model(
    unit=Unit.MONEY,
    higher_is_better=True,
    formula="buyers x mean",
    needs=lambda definition: {"transactions": ("customer_id", "date", "amount")},
    parts=parts,
    fit=fit,
    predict=predict,
    example="three buyers, and customers who brought 40 on average: 3 x 40 = 120",
)
