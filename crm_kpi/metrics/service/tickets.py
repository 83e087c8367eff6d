"""Tickets: how many were created.

    tickets = solved + open

    solved   those of them that are solved by now (as of the last known day)
    open     those that are not

Both follow the tickets created in the period, whenever they were solved; what
was open at a period's end is `ticket_backlog`. They are null where the file
does not say when tickets were solved. By category this is issue tracking.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames import tickets
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    state = {"created": Count(), "solved": Sum("solved"), "dated": Sum("dated")}
    return [Aggregation(frame(tickets.created_tickets), state)]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    created, solved = state.created, state.solved
    components = {"solved": solved, "open": created - solved}
    if not created:
        return MetricValue(None, 0, components, reason=text("metrics.no_tickets"))
    if not state.dated:
        components = {"solved": None, "open": None}
    return MetricValue(created, created, components)


METRIC = Metric(
    unit=Unit.COUNT,
    is_total=True,
    higher_is_better=False,
    formula="tickets created",
    needs=lambda definition: {"tickets": ("ticket_id", "created_at")},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.created),
    example="7 solved and 3 open of those created in March: 10",
    sources=("own definition: a count of the rows of the table by their date of creation",),
)
