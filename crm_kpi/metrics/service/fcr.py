"""First contact resolution: the share of tickets that one reply solved.

    FCR = 100 x first_contact / solved

    solved          tickets last solved in the period
    first_contact   those of them with at most one agent reply and no reopening

With `window: 7d` a ticket is also no first contact when the same customer
opens a new one of the same category after it was solved, at most 7 days later;
a ticket solved so recently that the window is not over is `pending`, counted in
neither, and the period with it. Where the file has no category any new ticket counts; a
ticket without a customer has no follow-up. `unknown` tickets, whose blank
replies or reopenings leave it undecided, are counted in neither too.

Above 90 is good, below 50 poor: the default thresholds. The interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import Field, field_validator

from crm_kpi.conditions import compare, flag
from crm_kpi.durations import Duration
from crm_kpi.frames import tickets
from crm_kpi.kpi import Definition
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.service._solved import solved
from crm_kpi.results import Status, Unit


class Fcr(Definition):
    window: Duration = Field(
        Duration(days=0),
        description="days in which the same customer may not open a new ticket of the same "
        "category, such as 7d; 0d does not look",
    )

    @field_validator("window")
    @classmethod
    def _in_days(cls, window: Duration) -> Duration:
        if window.days is None:
            raise ValueError(should_be(text("metrics.number_of_days", example="7d")))
        return window


def needs(definition: Fcr) -> Mapping[str, Sequence[str]]:
    columns = ("solved_at", "agent_replies", "reopens")
    return {"tickets": (*columns, "customer_id") if definition.window.days else columns}


def parts(definition: Fcr) -> Sequence[Aggregation]:
    at_once = compare("agent_replies", "<=", 1) & compare("reopens", "==", 0)
    later = compare("agent_replies", ">", 1) | compare("reopens", ">", 0)
    days = definition.window.days
    if not days:
        counts = {"first_contact": Count(at_once), "later": Count(later), "all": Count()}
        return [Aggregation(solved(), counts)]
    back, pending = flag("came_back"), flag("pending")
    return [
        Aggregation(
            frame(tickets.follow_ups, days=days),
            {
                "first_contact": Count(at_once & ~back & ~pending),
                "later": Count((later | back) & ~pending),
                "pending": Count(pending),
                "all": Count(),
            },
        )
    ]


def answer(state: AggregateState, definition: Fcr) -> MetricValue:
    hits, n = state.first_contact, state.first_contact + state.later
    pending = state.pending if definition.window.days else 0
    unknown = state.all - n - pending
    components = {"first_contact": hits, "solved": n, "pending": pending, "unknown": unknown}
    if pending and not n:
        reason = text("metrics.no_ticket_solved_before", window=definition.window)
        return MetricValue(None, 0, components, reason=reason, status=Status.PENDING)
    nothing = text("metrics.replies_unknown") if unknown else text("metrics.no_ticket_solved")
    rate = proportion(hits, n, components, nothing=nothing)
    if not pending:
        return rate
    reason = text("metrics.may_come_back", pending=pending, window=definition.window)
    return replace(rate, reason=reason, status=Status.PENDING)


def formula(definition: Fcr) -> str:
    if definition.window.days:
        return text("formulas.solved_for_good", window=str(definition.window))
    return text("formulas.solved_at_once")


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    short_title="FCR",
    formula=formula,
    definition=Fcr,
    needs=needs,
    optional={"tickets": ("category",)},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(
        100 * state.first_contact, state.first_contact + state.later
    ),
    thresholds={"target": 90, "warning": 50},
    example="45 of 50 solved tickets took one reply and stayed solved: 100 x 45 / 50 = 90",
    sources=(
        "MetricNet, Service Desk KPIs: Definitions and Correlations",
        "Zoho Desk help, Understanding the Agent Performance Report (FCR tickets)",
    ),
)
