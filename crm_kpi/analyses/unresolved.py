"""Unresolved tickets: those that have been open longer than a limit.

    hours_open   from creation to as_of: its time, or the end of its day
    limit        48 hours; exactly so long is not longer

A ticket is open while it has no solution dated up to as_of. All tickets count,
whatever the periods; the one open longest comes first.

As a rule: `thresholds: {unresolved: {target: 0}}` tolerates no such ticket, and
`crm-kpi check` fails when there is one.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw
from pydantic import Field, field_validator

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.durations import Duration
from crm_kpi.kpi import Definition
from crm_kpi.messages import should_be, text
from crm_kpi.metrics.service._hours import in_hours
from crm_kpi.tables import day

SHOWN = ("customer_id", "agent", "priority")


class Unresolved(Definition):
    limit: Duration = Field(
        Duration(seconds=48 * 3600), description="how long a ticket may be open: 48h, 30m or 2d"
    )

    @field_validator("limit")
    @classmethod
    def _not_in_months(cls, limit: Duration) -> Duration:
        if limit.months is not None:
            raise ValueError(should_be(text("analyses.hours_or_days")))
        return limit

    @property
    def seconds(self) -> int:
        return self.limit.seconds or (self.limit.days or 0) * 24 * 3600


def rows(scope: Scope, definition: Unresolved) -> list[Row]:
    context = scope.context
    now = nw.lit(context.timeline.now, nw.Datetime("us"))
    solved = nw.col(day("solved_at"))
    tickets = context.tables.filtered["tickets"].with_columns(
        **{c: nw.lit(None, nw.String) for c in SHOWN if not context.has("tickets", c)},
        seconds=context.backend.seconds_between(nw.col("created_at"), now),
    )
    late = tickets.filter(
        solved.is_null() | (solved >= context.timeline.first_unknown_day),
        nw.col("seconds") > definition.seconds,
    )
    found = scope.rows(late.select("ticket_id", *SHOWN, "seconds"))
    found.sort(key=lambda row: (-row["seconds"], row["ticket_id"]))
    return [row | {"hours_open": in_hours(row.pop("seconds"))} for row in found]


ANALYSIS = Analysis(
    needs=always(tickets=("ticket_id", "created_at", "solved_at")),
    rows=rows,
    definition=Unresolved,
    optional=always(tickets=("agent", "priority")),
    higher_is_better=False,
    sources=(
        "own definition: no source sets the limit; the age runs to the end of the last known day, "
        "so that the list of a day stays the same",
    ),
)
