"""Resolution time: how long it takes until a ticket is solved for good.

    median of (solved_at - created_at), in hours

Tickets count in the period in which they were last solved; a ticket that was
reopened counts until its last solution, and is open until then. Components:

    mean, p90      of the same times; p90 by linear interpolation
    first_solved   median of (first_solved_at - created_at), where the file has it
    open           tickets created before the period's end and open at it
    km_median      Kaplan-Meier median of the tickets created in the period, the
                   open ones censored at its end; null while half are not solved

The median of the solved looks good while the hard ones stay open; `open` and
`km_median` show it. The interval is by order statistics. `hours: business`
counts only the time inside `business_hours:`.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames import tickets
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Ordered, Sum, Survival, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.metrics.service._hours import Hours, in_hours, median_answer
from crm_kpi.results import Unit


def parts(definition: Hours) -> Sequence[Aggregation]:
    return [
        Aggregation(
            frame(tickets.resolution_times, schedule=definition.schedule),
            {"seconds": Ordered("seconds"), "first": Ordered("first")},
        ),
        Aggregation(
            frame(tickets.ticket_ages, schedule=definition.schedule),
            {"km_median": Survival("seconds", "ended")},
        ),
        Aggregation(frame(tickets.ticket_changes), {"open": Sum("change")}, running_total=True),
    ]


def answer(state: AggregateState, definition: Hours) -> MetricValue:
    components = {
        "first_solved": in_hours(OrderStatistics(state, "first").median),
        "open": state.open_end,
        "km_median": in_hours(state.get("km_median")),
    }
    return median_answer(
        OrderStatistics(state, "seconds"), components, nothing=text("metrics.no_ticket_solved")
    )


METRIC = Metric(
    unit=Unit.HOURS,
    higher_is_better=False,
    formula=lambda definition: (
        text("formulas.last_solved_open")
        if definition.business_hours
        else text("formulas.last_solved")
    ),
    definition=Hours,
    needs=lambda definition: {"tickets": ("created_at", "solved_at")},
    parts=parts,
    answer=answer,
    quotient=text("metrics.median_has_no_parts"),
    example="created 09:00, solved 09:30, reopened 09:45, solved 10:15: 75 minutes, 1.25 hours; "
    "first solved after 30",
    sources=(
        "Zendesk help centre, About ticket resolution times (first and full)",
        "Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 1958",
    ),
)
