"""Reopen rate: the share of solved tickets that had to be opened again.

    rate = 100 x reopened / solved

    solved     tickets last solved in the period
    reopened   those of them that were reopened at least once

A ticket whose reopenings are blank is `unknown`, and counted in neither. The
interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.conditions import compare, is_null
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.service._solved import solved
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    return [
        Aggregation(
            solved(),
            {
                "reopened": Count(compare("reopens", ">", 0)),
                "solved": Count(~is_null("reopens")),
                "unknown": Count(is_null("reopens")),
            },
        )
    ]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    names = ("reopened", "solved", "unknown")
    components = {name: getattr(state, name) for name in names}
    nothing = text("metrics.reopenings_unknown") if state.unknown else None
    return proportion(
        state.reopened,
        state.solved,
        components,
        nothing=nothing or text("metrics.no_ticket_solved"),
    )


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=False,
    formula="100 x reopened tickets / solved tickets",
    needs=lambda definition: {"tickets": ("solved_at", "reopens")},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(100 * state.reopened, state.solved),
    example="3 of 60 solved tickets were reopened: 100 x 3 / 60 = 5",
    sources=("Kaizo help centre, Reopen Rate (RR) metric definition",),
)
