"""Customer lifetime profit: what a customer leaves over after all that they cost.

    profit = CLV x margin - acquisition cost
             - (retention cost + service cost) x lifetime

    CLV, lifetime      as in clv, with the same variants
    margin             the share of revenue that is left after the cost of goods; has
                       no default, for without it revenue would pass for profit
    acquisition cost   per customer
    retention and      per customer and year
    service cost

A cost that the definition does not give is taken from the costs table: the
period's acquisition costs / its new customers (first signup inside), and its
retention or service costs / average customers / years of the period. The
average is over the days of the period. A kind without a row in the period
costs nothing, and `reason` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from crm_kpi.conditions import compare
from crm_kpi.frames import customer_base
from crm_kpi.frames.context import rows_in_periods
from crm_kpi.messages import Message, joined, text
from crm_kpi.metrics._algebra import Aggregate, Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _presence
from crm_kpi.metrics.value import clv
from crm_kpi.metrics.value.clv import Clv
from crm_kpi.results import Number, Unit

KINDS = ("acquisition", "retention", "service")


class Profit(Clv):
    margin: Decimal | None = Field(
        None, ge=0, le=1, description="share of revenue left after the cost of goods, such as 0.35"
    )
    acquisition_cost: Decimal | None = Field(
        None, ge=0, description="per customer; default from the costs table"
    )
    retention_cost: Decimal | None = Field(
        None, ge=0, description="per customer and year; default from the costs table"
    )
    service_cost: Decimal | None = Field(
        None, ge=0, description="per customer and year; default from the costs table"
    )

    def cost(self, kind: str) -> Decimal | None:
        given: Decimal | None = getattr(self, f"{kind}_cost")
        return given


def from_table(definition: Profit) -> list[str]:
    """The kinds of cost that the definition leaves to the costs table."""
    return [kind for kind in KINDS if definition.cost(kind) is None]


def needs(definition: Profit) -> Mapping[str, Sequence[str]]:
    wanted = dict(clv.needs(definition))
    if from_table(definition):
        wanted.setdefault("customers", ("customer_id", "signup_date"))
        wanted["costs"] = ("date", "amount", "kind")
    return wanted


def parts(definition: Profit) -> Sequence[Aggregation]:
    found = [*clv.parts(definition)]
    kinds = from_table(definition)
    if not kinds:
        return found
    costs: dict[str, Aggregate] = {}
    for kind in kinds:
        of_kind = compare("kind", "==", kind)
        costs |= {kind: Sum("amount", of_kind), f"{kind}_bills": Count(of_kind)}
    heads = {"heads": Sum("change"), "head_days": Sum("days")}
    return [
        *found,
        *_presence.parts(_presence.Presence()),
        Aggregation(frame(rows_in_periods, table="costs", at="date"), costs),
        Aggregation(
            frame(customer_base.headcount, basis="contract", window=None), heads, running_total=True
        ),
    ]


def average_customers(state: AggregateState) -> Fraction:
    """Customers on an average day of the period.

    Up to a day b everybody together has been there for b x heads - head_days
    days: each who joined on day s adds b - s, each who left on day e takes b - e.
    """
    start, end = state.period.start.toordinal(), state.period.until.toordinal()
    before = start * state.heads_start - state.head_days_start
    return Fraction(end * state.heads_end - state.head_days_end - before, end - start)


def _cost(state: AggregateState, definition: Profit, kind: str) -> Fraction | None:
    """Per customer, for retention and service also per year; None where nobody is to share it."""
    given = definition.cost(kind)
    if given is not None:
        return Fraction(given)
    total = Fraction(getattr(state, kind))
    if not total:
        return total
    sharing = Fraction(state.first)
    if kind != "acquisition":
        sharing = average_customers(state) * state.period.years
    return total / sharing if sharing else None


def _why_not(
    definition: Profit, base: MetricValue, costs: Mapping[str, Fraction | None]
) -> Message | None:
    if definition.margin is None:
        return text("metrics.no_margin")
    if base.value is None:
        return base.reason
    alone = [kind for kind, cost in costs.items() if cost is None]
    if alone:
        kinds = joined(alone, text("general.and"))
        if "acquisition" in alone:
            return text("metrics.acquisition_costs_unshared", kinds=kinds)
        return text("metrics.costs_unshared", kinds=kinds)
    return None


def answer(state: AggregateState, definition: Profit) -> MetricValue:
    base = clv.answer(state, definition)
    costs = {kind: _cost(state, definition, kind) for kind in KINDS}
    components: dict[str, Number | None] = dict(base.components) | {"clv": base.value}
    components |= {f"{k}_cost": None if c is None else float(c) for k, c in costs.items()}
    why_not = _why_not(definition, base, costs)
    if why_not:
        return MetricValue(None, base.n, components, reason=why_not)
    exact = clv.lifetime(state, definition)
    value, margin, years, acquisition, retention, service = (
        Fraction(part or 0) for part in (exact.value, definition.margin, exact.acl, *costs.values())
    )
    profit = value * margin - acquisition - (retention + service) * years
    free = [kind for kind in from_table(definition) if not getattr(state, f"{kind}_bills")]
    nothing_spent = (
        text("metrics.no_costs", kinds=joined(free, text("general.or"))) if free else None
    )
    reasons = [reason for reason in (nothing_spent, base.reason) if reason]
    reason = joined(reasons) if reasons else None
    return MetricValue(float(profit), base.n, components, reason=reason, status=base.status)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=True,
    short_title="Lifetime profit",
    formula="clv x margin - acquisition cost - (retention + service cost a year) x lifetime",
    definition=Profit,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=text("metrics.product_has_no_parts"),
    example="CLV 1,000, margin 0.3, 50 to acquire, 20 a year over 5 years: "
    "1,000 x 0.3 - 50 - 20 x 5 = 150",
    sources=(
        "Gupta and Lehmann, Customers as Assets, Journal of Interactive Marketing 2003",
        "own definition: costs from the costs table and no discount, so that the figure adds "
        "up from the period's rows",
    ),
)
