"""Revenue: what customers paid, net of refunds.

    revenue = gross + refunds

    gross     the sum of sale and discount lines
    refunds   the sum of all other amounts below zero, a negative number; a row
              below zero without a `kind` is a discount where it carries the order
              id and the day of a sale line, else a refund

Each row counts on its own date, with or without a customer. Sums are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from crm_kpi.conditions import compare
from crm_kpi.frames import orders_and_revenue
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregate, Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import FactorEffect, Quotient, shapley
from crm_kpi.metrics._spec import AggregateState, Factors, Metric, MetricValue
from crm_kpi.metrics.retention import _buying
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.results import Unit


def answer(state: AggregateState, definition: Ordering) -> MetricValue:
    components = _buying.components(state)
    if not state.lines:
        return MetricValue(None, 0, components, reason=text("metrics.no_transactions"))
    return MetricValue(components["revenue"], state.lines, components)


PRODUCT = ("customers", "orders_per_customer", "average_order_value")


def factor_parts(definition: Ordering) -> Sequence[Aggregation]:
    """State: lines, gross and refunds of all; known_gross, known_refunds, known_orders and buyers
    of those whose customer is known."""
    known: dict[str, Aggregate] = {
        f"known_{name}": Sum(name) for name in ("gross", "refunds", "orders")
    }
    known["buyers"] = Count(compare("orders", ">", 0))
    spent = Aggregation(frame(orders_and_revenue.spending, order=definition.rule), known)
    return [*_buying.money(definition), spent]


def factors(
    before: AggregateState, after: AggregateState, between: AggregateState, definition: Ordering
) -> list[FactorEffect]:
    """Customers x orders per customer x revenue per order, and beside them what nobody known has
    paid; nothing where no known customer has ordered, before or after."""
    if not (before.buyers and after.buyers):
        return []
    then, now = _product(before), _product(after)
    shares = shapley(then, now)
    found = [FactorEffect(*each) for each in zip(PRODUCT, shares, then, now, strict=True)]
    unknown = [_unknown(state) for state in (before, after)]
    if any(unknown):
        found.append(FactorEffect("without_customer", unknown[1] - unknown[0], *unknown))
    return found


def _product(state: AggregateState) -> tuple[Fraction, Fraction, Fraction]:
    orders = Fraction(state.known_orders)
    revenue = Fraction(state.known_gross + state.known_refunds)
    return Fraction(state.buyers), orders / state.buyers, revenue / orders


def _unknown(state: AggregateState) -> Fraction:
    known = state.known_gross + state.known_refunds
    return Fraction(state.gross + state.refunds) - Fraction(known)


METRIC = Metric(
    unit=Unit.MONEY,
    is_total=True,
    higher_is_better=True,
    formula="sum of amounts, refunds negative",
    definition=Ordering,
    needs=_buying.needs_no_customers,
    parts=_buying.money,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.gross + state.refunds),
    factors=Factors(factor_parts, factors),
    example="sales of 500 and 300, a refund of 100: 800 - 100 = 700",
    sources=(
        "own definition: what the rows of the export add up to, each on its date; not revenue "
        "as accounting standards recognise it",
    ),
)
