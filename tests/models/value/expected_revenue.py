"""Expected revenue: what the buyers of a period would bring if each were an average customer.

expected revenue = buyers x mean

mean   of what each customer has brought so far, learnt once from all of them
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import narwhals.stable.v2 as nw

from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import OrderRule
from crm_kpi.kpi import Definition
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, MetricValue
from crm_kpi.metrics._state import exact
from crm_kpi.models._spec import Columns, Model
from crm_kpi.results import Unit


def amounts(context: FrameContext) -> nw.LazyFrame:
    """One row per transaction: customer_id, amount."""
    return context.tables.filtered["transactions"]


def statistics(definition: Definition) -> Aggregation:
    total = {"total": Sum("amount")}
    return Aggregation(frame(amounts), total, detail_keys=("customer_id",), name="customers")


def parts(definition: Definition) -> Sequence[Aggregation]:
    return [Aggregation(frame(orders_and_revenue.buyers, order=OrderRule()), {"buyers": Count()})]


def fit(columns: Columns, definition: Definition) -> Fraction | None:
    totals = [Fraction(total) for total in columns["total"]]
    return sum(totals) / Fraction(len(totals)) if totals else None


def predict(mean: Fraction | None, state: AggregateState, definition: Definition) -> MetricValue:
    if mean is None:
        return MetricValue(None, 0, reason="no customer to learn from")
    return MetricValue(exact(mean * state.buyers), state.buyers, {"mean": exact(mean)})


MODEL = Model(
    unit=Unit.MONEY,
    higher_is_better=True,
    formula="buyers x mean",
    needs=lambda definition: {"transactions": ("customer_id", "date", "amount")},
    statistics=statistics,
    parts=parts,
    fit=fit,
    predict=predict,
    example="three buyers, and customers who brought 40 on average: 3 x 40 = 120",
)
