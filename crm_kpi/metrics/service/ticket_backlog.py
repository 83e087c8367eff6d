"""Ticket backlog: how many tickets are open at the period's end.

    end = open_start + created - solved

    open_start   open at the period's start
    created      created in the period
    solved       last solved in the period
    median_age   median days since creation of the tickets that are open at the end

A ticket is open from its creation to the day it was last solved: one that was
reopened counts as open in between, because its file does not say since when.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames import tickets
from crm_kpi.frames.context import rows_in_periods
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Ordered, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.metrics.service._solved import solved
from crm_kpi.results import Unit
from crm_kpi.tables import day

DAY = 24 * 60 * 60


def parts(definition: Definition) -> Sequence[Aggregation]:
    stock = {"open": Sum("change"), "ever": Sum("created")}
    return [
        Aggregation(frame(tickets.ticket_changes), stock, running_total=True),
        Aggregation(
            frame(rows_in_periods, table="tickets", at=day("created_at")), {"created": Count()}
        ),
        Aggregation(solved(), {"solved": Count()}),
        Aggregation(frame(tickets.open_tickets), {"age": Ordered("age")}),
    ]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    age = OrderStatistics(state, "age").median
    components = {
        "open_start": state.open_start,
        "created": state.created,
        "solved": state.solved,
        "median_age": None if age is None else float(age / DAY),
    }
    if not state.ever_end:
        return MetricValue(None, 0, components, reason=text("metrics.no_tickets_yet"))
    return MetricValue(state.open_end, state.open_end, components)


def identity(state: AggregateState, definition: Definition) -> str | None:
    """The stock by day against the rows of the period, and against the tickets one by one."""
    end = state.open_start + state.created - state.solved
    found = OrderStatistics(state, "age").n
    if end == state.open_end == found:
        return None
    return (
        f"start {state.open_start} + created {state.created} - solved {state.solved} = {end}, "
        f"but the end is {state.open_end}, and {found} tickets are open"
    )


METRIC = Metric(
    unit=Unit.COUNT,
    is_total=True,
    higher_is_better=False,
    formula="open at the start + created - solved",
    needs=lambda definition: {"tickets": ("created_at", "solved_at")},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.open_end),
    identity=identity,
    example="12 open at the start, 40 created, 45 solved: 12 + 40 - 45 = 7",
    sources=("Zendesk help centre, Analyzing your ticket backlog history with Explore",),
)
