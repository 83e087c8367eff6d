"""First response time: how long a customer waits for the first public reply.

    median of (first_reply_at - created_at), in hours

Tickets count in the period in which they were created. One that nobody has
answered is `unanswered`, never a large number. Components: the mean, and the
90th percentile by linear interpolation. The interval of the median is by order
statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Answer, Definition, Metric, Part, State, frame
from crm_kpi.metrics._state import Ordered, count_if, order_statistics
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Part]:
    state = order_statistics("seconds") | {"unanswered": count_if(nw.col("seconds").is_null())}
    return [Part(frame("replies"), state, ranked=("seconds",))]


def answer(state: State, definition: Definition) -> Answer:
    waits = Ordered(state, "seconds")

    def hours(seconds: Fraction | None) -> float | None:
        return None if seconds is None else float(seconds / 3600)

    components = {
        "mean": hours(waits.mean),
        "p90": hours(waits.quantile(9)),
        "unanswered": state.unanswered,
    }
    low, high = waits.interval
    reason = None
    if not waits.n:
        reason = "no ticket answered" if state.unanswered else "no tickets"
    return Answer(hours(waits.median), waits.n, components, hours(low), hours(high), reason)


METRIC = Metric(
    unit=Unit.HOURS,
    higher_is_better=False,
    formula="median of first reply - created",
    needs=lambda definition: {"tickets": ("created_at", "first_reply_at")},
    parts=parts,
    answer=answer,
    example="waits of 1, 2 and 6 hours: the median is 2",
    sources=("Zendesk help centre, Calculating first reply time",),
)
