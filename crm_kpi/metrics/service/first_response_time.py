"""First response time: how long a customer waits for the first public reply.

    median of (first_reply_at - created_at), in hours

Tickets count in the period in which they were created. One that nobody has
answered is `unanswered`, never a large number. Components: the mean, and the
90th percentile by linear interpolation. The interval of the median is by order
statistics.

With `hours: business` only the time inside `business_hours:` counts: a ticket
of 18:00 that is answered at 08:00, an hour after opening, waited one hour. The
hours are those of the clock on the wall, also on days when it is changed. A
reply outside them ends the wait at the last closing before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.conditions import is_null
from crm_kpi.frames import tickets
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Ordered, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import OrderStatistics
from crm_kpi.metrics.service._hours import Hours, median_answer
from crm_kpi.results import Unit


def parts(definition: Hours) -> Sequence[Aggregation]:
    waits = frame(
        tickets.ticket_waits, event="first_reply_at", schedule=definition.schedule, columns=()
    )
    state = {"seconds": Ordered("seconds"), "unanswered": Count(is_null("seconds"))}
    return [Aggregation(waits, state)]


def answer(state: AggregateState, definition: Hours) -> MetricValue:
    nothing = text("metrics.no_ticket_answered") if state.unanswered else text("metrics.no_tickets")
    components = {"unanswered": state.unanswered}
    return median_answer(OrderStatistics(state, "seconds"), components, nothing=nothing)


METRIC = Metric(
    unit=Unit.HOURS,
    higher_is_better=False,
    formula=lambda definition: (
        text("formulas.first_reply_open")
        if definition.business_hours
        else text("formulas.first_reply")
    ),
    definition=Hours,
    needs=lambda definition: {"tickets": ("created_at", "first_reply_at")},
    parts=parts,
    answer=answer,
    quotient=text("metrics.median_has_no_parts"),
    example="waits of 1, 2 and 6 hours: the median is 2",
    sources=("Zendesk help centre, About first reply time",),
)
