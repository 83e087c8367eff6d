"""Quick ratio: how many times over what is won makes up for what is lost.

    quick ratio = (new + reactivated + expansion) / (contraction + churned)

The movements are those of mrr, judged customer by customer against the month
before. `n` counts the movements. Nothing lost leaves no ratio.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.conditions import is_null
from crm_kpi.frames import recurring_revenue
from crm_kpi.frames.recurring_revenue import MOVES
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.subscriptions import mrr
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    moves = {name: Sum(name) for name in MOVES}
    counts = {f"{name}_moves": Count(~is_null(name)) for name in MOVES}
    return [Aggregation(frame(recurring_revenue.mrr_moves), {**moves, **counts})]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    components = {name: mrr.monthly(getattr(state, name)) for name in MOVES}
    n = sum(getattr(state, f"{name}_moves") for name in MOVES)
    lost = state.contraction + state.churned
    if not lost:
        reason = text("metrics.no_mrr_lost") if n else text("metrics.no_mrr_moved")
        return MetricValue(None, n, components, reason=reason)
    return MetricValue(ratio(state.new + state.reactivated + state.expansion, lost), n, components)


def quotient(state: AggregateState, definition: Definition) -> Quotient:
    return Quotient(
        state.new + state.reactivated + state.expansion, state.contraction + state.churned
    )


METRIC = Metric(
    unit=Unit.RATIO,
    higher_is_better=True,
    formula="(new + reactivated + expansion) / (contraction + churned)",
    needs=lambda definition: {"subscriptions": ("customer_id", "start_date", "amount")},
    parts=parts,
    answer=answer,
    quotient=quotient,
    example="600 new, 200 expansion, 150 churned, 50 contraction: 800 / 200 = 4",
    sources=("InsightSquared, Measuring the SaaS Revolution with Mamoon Hamid",),
)
