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

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Answer, Definition, Metric, Part, State, frame
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Part]:
    state = {"created": nw.len(), "solved": nw.col("solved").sum(), "dated": nw.col("dated").sum()}
    return [Part(frame("created_tickets"), state)]


def answer(state: State, definition: Definition) -> Answer:
    created, solved = state.created, state.solved
    components = {"solved": solved, "open": created - solved}
    if not created:
        return Answer(None, 0, components, reason="no tickets")
    if not state.dated:
        components = {"solved": None, "open": None}
    return Answer(created, created, components)


METRIC = Metric(
    unit=Unit.COUNT,
    higher_is_better=None,
    formula="tickets created",
    needs=lambda definition: {"tickets": ("ticket_id", "created_at")},
    parts=parts,
    answer=answer,
    example="7 solved and 3 open of those created in March: 10",
    sources=("own definition: a count of the rows of the table by their date of creation",),
)
