"""Expansion rate: how much the customers who are there already add.

    starting_mrr   100 x expansion / MRR at the start
    revenue        100 x (upsell + cross-sell income) / revenue of the period

    expansion      what customers of the start pay more at the end than at the start,
                   point to point: what rose and fell again in between is none, and
                   who joined since then is not among them
    upsell, ...    transactions of kind upsell and cross_sell, net of their refunds;
                   revenue is all transactions, net of refunds
    unassigned     refunds of orders that hold other lines too: how much of them is
                   for what was upsold is not known, so they lower revenue alone

A refund is of the kind of its order, by `transaction_id`; a negative line of kind
upsell or cross_sell needs no order to be one. It counts on its own day.

Without `base:` it is starting_mrr, but revenue where there are transactions and no
subscriptions. `n` counts the paying customers at the start, with `base: revenue`
the transactions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from crm_kpi.conditions import compare
from crm_kpi.frames import recurring_revenue
from crm_kpi.frames.recurring_revenue import UPSOLD
from crm_kpi.kpi import Definition, Needs
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregate, Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import exact, ratio
from crm_kpi.metrics.subscriptions import _retained, mrr
from crm_kpi.metrics.subscriptions._retained import Window
from crm_kpi.results import Number, Unit

POINT_TO_POINT = Window(window="period")


class Expansion(Definition):
    base: Literal["starting_mrr", "revenue"] | None = Field(
        None,
        description="recurring revenue at the start, from the subscriptions; or revenue of the "
        "period, from the transactions and their kind; default starting_mrr, and revenue where "
        "there are transactions and no subscriptions",
    )


def settle(definition: Expansion, tables: Collection[str]) -> Expansion:
    if definition.base is not None:
        return definition
    by_kind = "transactions" in tables and "subscriptions" not in tables
    return Expansion(base="revenue" if by_kind else "starting_mrr")


def needs(definition: Expansion) -> Needs:
    if definition.base == "revenue":
        return {"transactions": ("date", "amount", "kind")}
    return _retained.needs(definition)


def parts(definition: Expansion) -> Sequence[Aggregation]:
    if definition.base != "revenue":
        return _retained.parts(POINT_TO_POINT)
    state: dict[str, Aggregate] = {
        kind: Sum("amount", compare("of", "==", kind)) for kind in UPSOLD
    }
    state |= {name: Sum(name) for name in ("unassigned", "told")}
    state |= {"revenue": Sum("amount"), "lines": Count()}
    return [Aggregation(frame(recurring_revenue.upselling), state)]


def answer(state: AggregateState, definition: Expansion) -> MetricValue:
    if definition.base == "revenue":
        return _of_revenue(state)
    base, n = _retained.at_start(state, POINT_TO_POINT)
    components: dict[str, Number | None] = {
        "mrr_start": mrr.monthly(base),
        "expansion": mrr.monthly(state.expansion),
    }
    if not n:
        return MetricValue(None, 0, components, reason=text("metrics.no_mrr_at_start"))
    return MetricValue(ratio(100 * state.expansion, base), n, components)


def quotient(state: AggregateState, definition: Expansion) -> Quotient:
    if definition.base == "revenue":
        return Quotient(100 * sum(getattr(state, kind) for kind in UPSOLD), state.revenue)
    return Quotient(100 * state.expansion, _retained.at_start(state, POINT_TO_POINT)[0])


def _of_revenue(state: AggregateState) -> MetricValue:
    names = ("revenue", *UPSOLD, "unassigned")
    components = {name: getattr(state, name) for name in names}
    if state.revenue <= 0:
        reason = text("metrics.no_revenue") if state.lines else text("metrics.no_transactions")
        return MetricValue(None, state.lines, components, reason=reason)
    if not state.told:
        return MetricValue(None, state.lines, components, reason=text("metrics.nothing_upsold"))
    amount = exact(Fraction(-state.unassigned))
    note = text("metrics.refunds_unassigned", amount=f"{amount:f}") if amount else None
    added = sum(getattr(state, kind) for kind in UPSOLD)
    return MetricValue(ratio(100 * added, state.revenue), state.lines, components, reason=note)


def identity(state: AggregateState, definition: Expansion) -> str | None:
    return None if definition.base == "revenue" else _retained.identity(state, POINT_TO_POINT)


def formula(definition: Expansion) -> str:
    if definition.base == "revenue":
        return text("formulas.upsell_of_revenue")
    return text("formulas.expansion_of_mrr")


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    can_exceed_100=True,
    formula=formula,
    definition=Expansion,
    settle=settle,
    needs=needs,
    optional={"transactions": ("transaction_id",)},
    parts=parts,
    answer=answer,
    quotient=quotient,
    identity=identity,
    example="an MRR of 10,000 at the start, 500 expansion: 100 x 500 / 10,000 = 5",
    sources=(
        "Skok, SaaS Metrics 2.0: A Guide to Measuring and Improving What Matters, For "
        "Entrepreneurs",
        "own definition: base revenue, for those who sell more without subscriptions",
    ),
)
