"""Who is a customer, and how that changed: shared by retention_rate, churn_rate and customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from crm_kpi.durations import parse_duration
from crm_kpi.frames import customer_base, repeat_purchases
from crm_kpi.frames.customer_base import Basis
from crm_kpi.kpi import Definition
from crm_kpi.messages import Message, should_be, text
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._spec import AggregateState
from crm_kpi.results import Number

MOST_UNDATED = 1
"""Percent of the customers who may have left on an unknown day without a null."""


def _window(value: Any) -> Any:
    """`period` or a number of days written as 90d."""
    if value is None or value == "period":
        return value
    days = parse_duration(str(value)).days
    if not days:
        raise ValueError(should_be(text("metrics.days_or_period")))
    return f"{days}d"


class Presence(Definition):
    """What makes a customer."""

    basis: Basis = Field(
        "contract",
        description="contract: signup and churn dates of the customers table; "
        "activity: purchases in the transactions table",
    )
    window: Annotated[str | None, BeforeValidator(_window)] = Field(
        None,
        description="with basis activity: 90d (a purchase within so many days before the "
        "instant; the default) or period (bought in the period before / bought in this one)",
    )

    @model_validator(mode="after")
    def _window_goes_with_activity(self) -> Presence:
        if self.basis == "contract" and self.window is not None:
            raise ValueError(text("metrics.window_needs_activity"))
        if self.basis == "activity" and self.window is None:
            object.__setattr__(self, "window", "90d")
        return self


def needs(definition: Presence) -> Mapping[str, Sequence[str]]:
    if definition.basis == "contract":
        return {"customers": ("customer_id", "signup_date", "churn_date")}
    return {"transactions": ("customer_id", "date", "amount")}


def parts(definition: Presence) -> Sequence[Aggregation]:
    """State: customers_start, _end, new, returned, lost, joined_and_left, first, events, placed;
    ever_end, undated_end and told_end, but with window `period`."""
    flags = {name: Sum(name) for name in ("new", "returned", "lost")}
    if definition.window == "period":
        ends = {f"customers_{end}": Sum(end) for end in ("start", "end")}
        return [
            Aggregation(
                frame(repeat_purchases.buyers_vs_previous_period),
                flags | ends | {"first": Sum("new"), "events": Sum("lost")},
            )
        ]
    window = int(definition.window.rstrip("d")) if definition.window else None
    heads = frame(customer_base.headcount, basis=definition.basis, window=window)
    moved = frame(customer_base.customer_movements, basis=definition.basis, window=window)
    others = ("joined_and_left", "first", "events", "placed")
    moves = flags | {name: Sum(name) for name in others}
    stock = {"customers": Sum("change")} | {n: Sum(n) for n in ("ever", "undated", "told")}
    return [
        Aggregation(heads, stock, running_total=True),
        Aggregation(moved, moves),
    ]


def components(state: AggregateState, definition: Presence) -> dict[str, Number | None]:
    return {
        "customers_start": state.customers_start,
        "customers_end": state.customers_end,
        "customers_new": state.new,
        "customers_returned": state.returned,
        "customers_lost": state.lost,
        # Who has to buy in a period to be there cannot come and go within one.
        "joined_and_left": 0 if definition.window == "period" else state.joined_and_left,
        "undated": 0 if definition.window == "period" else state.undated_end,
    }


def undated(state: AggregateState, definition: Presence) -> Message | None:
    """Why nothing can be said of who was there: too many have left, and nobody knows when."""
    if definition.window == "period":
        return None
    return undated_reason(state.undated_end - state.placed, state.ever_end)


def undated_reason(undated: int, customers: int) -> Message | None:
    """The reason for a null where of so many customers so many have left on an unknown day."""
    if 100 * undated <= MOST_UNDATED * customers:
        return None
    return text("metrics.churn_undated", undated=undated, customers=customers)


def identity(state: AggregateState, definition: Presence) -> str | None:
    """start - lost + new + returned = end: a stock counted by day against moves by customer."""
    end = state.customers_start - state.lost + state.new + state.returned
    if end == state.customers_end:
        return None
    return (
        f"start {state.customers_start} - lost {state.lost} + new {state.new} "
        f"+ returned {state.returned} = {end}, but end is {state.customers_end}"
    )
