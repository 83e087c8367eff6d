"""SLA attainment: the share of tickets that were solved, or answered, in time.

    attainment = 100 x met / (met + breached)

    met        done within the target; exactly at it is met
    breached   done later, or not done and past the target
    open       not done, but still inside the target: counted in neither

Tickets count in the period in which they were created, as known at the end of
the last known day. `clock:` resolution runs to the last solution,
first_response to the first reply. `target:` is one time, or one per priority,
`{high: 4h, normal: 24h, "*": 48h}`, in which "*" is every other priority and the
blank one; capitals make no difference. Without a "*" the others have no target,
and are counted in neither: `no_target`.

Times are in whole seconds; with `hours: business` they, and the target, are
time inside `business_hours:`. The interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, field_validator

from crm_kpi.conditions import ColumnRef, compare, is_null
from crm_kpi.durations import Duration
from crm_kpi.frames import tickets
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.service._hours import Hours
from crm_kpi.results import Status, Unit

REST = "*"
EVENTS = {"resolution": "solved_at", "first_response": "first_reply_at"}


class Sla(Hours):
    target: Duration | dict[str, Duration] = Field(
        Duration(seconds=48 * 3600),
        description="hours or minutes in which a ticket is to be done, such as 48h, or "
        'priority: hours, such as {high: 4h, "*": 48h}',
    )
    clock: Literal["resolution", "first_response"] = Field(
        "resolution", description="what has to be done in time"
    )

    @field_validator("target")
    @classmethod
    def _in_hours(cls, target: Duration | dict[str, Duration]) -> Duration | dict[str, Duration]:
        given = target.values() if isinstance(target, dict) else (target,)
        if not given or not all(time.seconds for time in given):
            raise ValueError(should_be(text("metrics.hours_or_minutes")))
        names = [name.lower() for name in target] if isinstance(target, dict) else []
        if len(set(names)) < len(names):
            raise ValueError(text("metrics.priority_twice"))
        return target

    @property
    def by_priority(self) -> dict[str, int]:
        """Seconds per priority in small letters; REST is every other one."""
        target = self.target if isinstance(self.target, dict) else {REST: self.target}
        return {name.lower(): time.seconds or 0 for name, time in target.items()}


def needs(definition: Sla) -> Mapping[str, Sequence[str]]:
    columns = ("created_at", EVENTS[definition.clock])
    named = set(definition.by_priority) - {REST}
    return {"tickets": (*columns, "priority") if named else columns}


def parts(definition: Sla) -> Sequence[Aggregation]:
    targets = definition.by_priority
    rest = targets.pop(REST, None)
    rows = frame(
        tickets.ticket_waits_and_targets,
        event=EVENTS[definition.clock],
        schedule=definition.schedule,
        targets=tuple(targets.items()),
        rest=rest,
    )
    # Without the event the wait goes on: past the target it is lost, whenever it ends.
    late = compare("so_far", ">", ColumnRef("target"))
    state = {
        "met": Count(compare("seconds", "<=", ColumnRef("target"))),
        "breached": Count(late),
        "open": Count(is_null("seconds") & ~late),
    }
    if rest is None:
        state["no_target"] = Count(is_null("target"))
    return [Aggregation(rows, state)]


def answer(state: AggregateState, definition: Sla) -> MetricValue:
    names = ("met", "breached", "open")
    components = {name: getattr(state, name) for name in names}
    untargeted = 0
    if REST not in definition.by_priority:
        components["no_target"] = untargeted = state.no_target
    met, n = state.met, state.met + state.breached
    if state.open and not n:
        reason = text("metrics.all_inside_target")
        return MetricValue(None, 0, components, reason=reason, status=Status.PENDING)
    nothing = text("metrics.no_ticket_with_target") if untargeted else text("metrics.no_tickets")
    return proportion(met, n, components, nothing=nothing)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    formula="100 x met / (met + breached)",
    definition=Sla,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(100 * state.met, state.met + state.breached),
    example="18 met, 2 breached, 3 open inside the target: 100 x 18 / (18 + 2) = 90",
    sources=(
        "Zendesk help centre, recipe for alternate SLA metrics (achieved, breached)",
        "own definition: what is still open inside its target is left out, so that new tickets "
        "do not pass for breaches",
    ),
)
