"""Monthly recurring revenue: what all paid subscriptions bring in a month.

    MRR = sum of amount / months of the interval,
          over the paid subscriptions that are active at the period's end

    a year is 12 months, a quarter 3, a week 12/52, a day 12/365

    end = start + new + reactivated + expansion - contraction - churned

The movements are judged customer by customer against the month before: new
the first time a customer pays, reactivated when one who had stopped pays
again, churned when a customer stops; a second subscription is expansion, and
losing one of two is contraction. Trials count from their end on.

After the last subscription has ended MRR is 0; before the first it is no number.

Without subscriptions, `arpc:` gives customers at the end x that average.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from crm_kpi.frames import customer_base, recurring_revenue
from crm_kpi.frames.recurring_revenue import LOST, MOVES, SCALE
from crm_kpi.kpi import Definition
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._drivers import FactorEffect, Quotient
from crm_kpi.metrics._spec import AggregateState, Factors, Metric, MetricValue
from crm_kpi.metrics._state import exact
from crm_kpi.results import Number, Unit


class Mrr(Definition):
    arpc: Decimal | None = Field(
        None,
        gt=0,
        description="average monthly revenue per customer, where there is no subscriptions "
        "table: mrr = customers at the end x arpc",
    )


def needs(definition: Mrr) -> Mapping[str, Sequence[str]]:
    if definition.arpc is not None:
        return {"customers": ("customer_id", "signup_date")}
    return {"subscriptions": ("customer_id", "start_date", "amount")}


def level(definition: Mrr) -> Aggregation:
    """State: yearly and paying (customers), or, with `arpc`, customers; at start and end."""
    if definition.arpc is not None:
        heads = frame(customer_base.headcount, basis="contract", window=None)
        return Aggregation(heads, {"customers": Sum("change")}, running_total=True)
    stock = {"yearly": Sum("yearly"), "paying": Sum("paying")}
    return Aggregation(frame(recurring_revenue.mrr_changes), stock, running_total=True)


def moves(names: Sequence[str] = MOVES) -> Aggregation:
    """State: the movements of the period, scaled yearly amounts."""
    return Aggregation(frame(recurring_revenue.mrr_moves), {name: Sum(name) for name in names})


def parts(definition: Mrr) -> Sequence[Aggregation]:
    if definition.arpc is not None:
        return [level(definition)]
    return [level(definition), moves()]


def monthly(scaled: Number) -> Number:
    """A month of a scaled yearly amount of the frame, exact where it has an end."""
    return exact(Fraction(scaled) / (12 * SCALE))


def at_end(state: AggregateState, definition: Mrr) -> tuple[Fraction, int]:
    """MRR and paying customers at the period's end, exact."""
    if definition.arpc is not None:
        return state.customers_end * Fraction(definition.arpc), state.customers_end
    return Fraction(state.yearly_end) / (12 * SCALE), state.paying_end


def answer(state: AggregateState, definition: Mrr) -> MetricValue:
    if definition.arpc is not None:
        n = state.customers_end
        return MetricValue(n * definition.arpc, n, {"customers": n, "arpc": definition.arpc})
    components = {"mrr_start": monthly(state.yearly_start)}
    components |= {name: monthly(getattr(state, name)) for name in MOVES}
    return MetricValue(monthly(state.yearly_end), state.paying_end, components)


def identity(state: AggregateState, definition: Mrr) -> str | None:
    """Subscriptions added up by day against movements classified by customer."""
    if definition.arpc is not None:
        return None
    end = (
        state.yearly_start
        + state.new
        + state.reactivated
        + state.expansion
        - state.contraction
        - state.churned
    )
    if end == state.yearly_end:
        return None
    return f"start and movements make {monthly(end)}, but the end is {monthly(state.yearly_end)}"


def moved(
    before: AggregateState, after: AggregateState, between: AggregateState, definition: Mrr
) -> list[FactorEffect]:
    """The movements from one end to the other; none with `arpc`, which knows no customers."""
    if definition.arpc is not None:
        return []
    signs = dict.fromkeys(MOVES, 1) | dict.fromkeys(LOST, -1)
    return [
        FactorEffect(name, sign * Fraction(getattr(between, name)) / (12 * SCALE))
        for name, sign in signs.items()
    ]


METRIC = Metric(
    unit=Unit.MONEY,
    is_total=True,
    higher_is_better=True,
    short_title="MRR",
    formula="sum of amount / months of the interval, at the period's end",
    definition=Mrr,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(at_end(state, definition)[0]),
    factors=Factors(parts, moved),
    identity=identity,
    example="100 customers at 100 a month, 50 at 600 a year: 100 x 100 + 50 x 600 / 12 = 12,500",
    sources=("ChartMogul help centre, Monthly Recurring Revenue",),
)
