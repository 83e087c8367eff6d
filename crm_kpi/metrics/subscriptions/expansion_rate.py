"""Expansion rate: how much the customers who are there already add.

    starting_mrr   100 x expansion / MRR at the start
    revenue        100 x (upsell + cross-sell income) / revenue of the period

    expansion      as in mrr: what customers pay more than a month before, of each
                   month of the period
    upsell, ...    transactions of kind upsell and cross_sell; revenue is all of
                   them, net of refunds

`n` counts the paying customers at the start, with `base: revenue` the transactions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from crm_kpi.conditions import compare
from crm_kpi.frames.context import rows_in_periods
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregate, Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.subscriptions import mrr
from crm_kpi.metrics.subscriptions.mrr import Mrr
from crm_kpi.results import Number, Unit


class Expansion(Definition):
    base: Literal["starting_mrr", "revenue"] = Field(
        "starting_mrr",
        description="recurring revenue at the start, from the subscriptions; or revenue of the "
        "period, from the transactions and their kind",
    )


def needs(definition: Expansion) -> Mapping[str, Sequence[str]]:
    if definition.base == "revenue":
        return {"transactions": ("customer_id", "date", "amount", "kind")}
    return mrr.needs(Mrr())


def parts(definition: Expansion) -> Sequence[Aggregation]:
    if definition.base == "starting_mrr":
        return [mrr.level(Mrr()), mrr.moves(["expansion"])]
    state: dict[str, Aggregate] = {
        kind: Sum("amount", compare("kind", "==", kind)) for kind in ("upsell", "cross_sell")
    }
    state |= {"revenue": Sum("amount"), "lines": Count()}
    return [Aggregation(frame(rows_in_periods, table="transactions", at="date"), state)]


def answer(state: AggregateState, definition: Expansion) -> MetricValue:
    components: dict[str, Number | None]
    if definition.base == "starting_mrr":
        n, base = state.paying_start, state.yearly_start
        components = {
            "mrr_start": mrr.monthly(base),
            "expansion": mrr.monthly(state.expansion),
        }
        if not n:
            return MetricValue(None, 0, components, reason=text("metrics.no_mrr_at_start"))
        return MetricValue(ratio(100 * state.expansion, base), n, components)
    names = ("revenue", "upsell", "cross_sell")
    components = {name: getattr(state, name) for name in names}
    if state.revenue <= 0:
        reason = text("metrics.no_revenue") if state.lines else text("metrics.no_transactions")
        return MetricValue(None, state.lines, components, reason=reason)
    added = state.upsell + state.cross_sell
    return MetricValue(ratio(100 * added, state.revenue), state.lines, components)


def formula(definition: Expansion) -> str:
    if definition.base == "revenue":
        return "100 x (upsell + cross-sell income) / revenue"
    return "100 x expansion / MRR at the start"


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    formula=formula,
    definition=Expansion,
    needs=needs,
    parts=parts,
    answer=answer,
    example="an MRR of 10,000 at the start, 500 expansion: 100 x 500 / 10,000 = 5",
    sources=(
        "Skok, SaaS Metrics 2.0: A Guide to Measuring and Improving What Matters, For "
        "Entrepreneurs",
        "own definition: base revenue, for those who sell more without subscriptions",
    ),
)
