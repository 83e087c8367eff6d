"""Customer acquisition cost: what it costs to win a customer.

    CAC = acquisition costs / new customers

    acquisition costs   the costs of that kind, by the day of the bill
    new customers       those whose first signup ever lies in the period, also if
                        they have left since

Costs and the customers that they win need not fall into one period: a campaign of
March brings signups in April. Longer periods are less wrong.

    6,000 for advertising in a quarter with 40 signups: 6,000 / 40 = 150
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from crm_kpi.conditions import compare
from crm_kpi.frames.context import rows_in_periods
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.retention import _presence
from crm_kpi.results import Number, Unit


def needs(definition: Definition) -> Mapping[str, Sequence[str]]:
    return {"costs": ("date", "amount", "kind"), "customers": ("customer_id", "signup_date")}


def parts(definition: Definition) -> Sequence[Aggregation]:
    winning = compare("kind", "==", "acquisition")
    return [
        Aggregation(
            frame(rows_in_periods, table="costs", at="date"),
            {"costs": Sum("amount", winning), "bills": Count(winning)},
        ),
        *_presence.parts(_presence.Presence()),
    ]


def cost(state: AggregateState) -> Fraction | None:
    """What a new customer costs, exact; None without costs or without a new customer."""
    return Fraction(state.costs) / state.first if state.bills and state.first else None


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    components: dict[str, Number | None] = {"costs": state.costs, "customers_new": state.first}
    found = cost(state)
    if found is not None:
        return MetricValue(float(found), state.first, components)
    lacking = (
        text("metrics.no_new_customer") if state.bills else text("metrics.no_acquisition_costs")
    )
    return MetricValue(None, state.first, components, reason=lacking)


METRIC = Metric(
    unit=Unit.MONEY,
    higher_is_better=False,
    short_title="Acquisition cost",
    formula="acquisition costs / new customers",
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.costs, state.first),
    example="6,000 spent on winning 40 new customers: 6,000 / 40 = 150",
    sources=(
        "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, chapter Customer "
        "Profitability (acquisition versus retention spending)",
    ),
)
