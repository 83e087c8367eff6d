"""What the customers of a window's start pay at its end: shared by grr and nrr."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from crm_kpi.frames import recurring_revenue
from crm_kpi.kpi import Definition
from crm_kpi.messages import Message, text
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState
from crm_kpi.metrics.subscriptions.mrr import monthly
from crm_kpi.results import Number

MONTHS = 12


class Window(Definition):
    window: Literal["12 months", "period"] = Field(
        "12 months",
        description="how far back the start lies: 12 months before the period's end, or at the "
        "period's start",
    )


def needs(definition: Definition) -> Mapping[str, Sequence[str]]:
    return {"subscriptions": ("customer_id", "start_date", "amount")}


def parts(definition: Window, *, final: bool = False) -> Sequence[Aggregation]:
    """State, in scaled yearly amounts and customers:

    yearly, paying    of everybody, at the period's start and end
    yearly_ago, ...   the same 12 months before, where the window is so long
    expansion, contraction, churned   of the customers of the start, point to point
    joined            what customers of the end pay who did not pay at the start
    back              what customers of the start pay again after a lapse, where that
                      is `final` and they count as churned
    """
    level = {"yearly": Sum("yearly"), "paying": Sum("paying")}
    stocks = [Aggregation(frame(recurring_revenue.mrr_changes), level, running_total=True)]
    months = None
    if definition.window == "12 months":
        months = MONTHS
        ago = {f"{name}_ago": total for name, total in level.items()}
        stocks.append(
            Aggregation(
                frame(recurring_revenue.mrr_earlier, months=months), ago, running_total=True
            )
        )
    moved = frame(recurring_revenue.mrr_window_moves, months=months, final=final)
    return [
        *stocks,
        Aggregation(moved, {name: Sum(name) for name in recurring_revenue.WINDOW_MOVES}),
    ]


def at_start(state: AggregateState, definition: Window) -> tuple[Decimal, int]:
    """Scaled yearly amount and paying customers at the window's start."""
    if definition.window == "12 months":
        return state.yearly_ago_end, state.paying_ago_end
    return state.yearly_start, state.paying_start


def gross(state: AggregateState, definition: Window) -> Quotient:
    """Gross retention in percent."""
    start = at_start(state, definition)[0]
    return Quotient(100 * (start - state.contraction - state.churned), start)


def net(state: AggregateState, definition: Window) -> Quotient:
    """Net retention in percent."""
    start = at_start(state, definition)[0]
    kept = start - state.contraction - state.churned + state.expansion
    return Quotient(100 * kept, start)


def components(state: AggregateState, definition: Window) -> dict[str, Number | None]:
    names = ("expansion", "contraction", "churned")
    moved = {name: monthly(getattr(state, name)) for name in names}
    return {"mrr_start": monthly(at_start(state, definition)[0]), **moved}


def nobody(definition: Window) -> Message:
    if definition.window == "12 months":
        return text("metrics.nobody_paid_a_year_ago")
    return text("metrics.nobody_paid_at_start")


def identity(state: AggregateState, definition: Window) -> str | None:
    """Start and movements by customer against the level added up by day; GRR against NRR."""
    start, n = at_start(state, definition)
    moved = state.expansion - state.contraction - state.churned + state.joined + state.back
    if start + moved != state.yearly_end:
        made, end = monthly(start + moved), monthly(state.yearly_end)
        return f"start and movements make {made}, but the end is {end}"
    if n:
        low, high = gross(state, definition).value, net(state, definition).value
        if not 0 <= low <= min(Fraction(100), high):
            return f"gross retention {float(low)} is not between 0 and min(100, {float(high)})"
    return None
