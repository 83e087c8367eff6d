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

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Answer, Metric, Part, State, frame
from crm_kpi.metrics._state import Ordered, count_if, order_statistics
from crm_kpi.metrics.service._hours import Hours, median_answer
from crm_kpi.results import Unit


def parts(definition: Hours) -> Sequence[Part]:
    waits = frame("waits", event="first_reply_at", schedule=definition.schedule)
    state = order_statistics("seconds") | {"unanswered": count_if(nw.col("seconds").is_null())}
    return [Part(waits, state, ranked=("seconds",))]


def answer(state: State, definition: Hours) -> Answer:
    nothing = "no ticket answered" if state.unanswered else "no tickets"
    components = {"unanswered": state.unanswered}
    return median_answer(Ordered(state, "seconds"), components, nothing=nothing)


METRIC = Metric(
    unit=Unit.HOURS,
    higher_is_better=False,
    formula=lambda definition: f"median of first reply - created, in {definition.counted}",
    definition=Hours,
    needs=lambda definition: {"tickets": ("created_at", "first_reply_at")},
    parts=parts,
    answer=answer,
    example="waits of 1, 2 and 6 hours: the median is 2",
    sources=("Zendesk help centre, About first reply time",),
)
