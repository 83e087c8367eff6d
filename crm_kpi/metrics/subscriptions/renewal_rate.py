"""Renewal rate: the share of what was due for renewal that was renewed.

    renewal rate = 100 x renewed / due in the period

    due        paid terms by their `due_date`; in a file without such a column, by
               their end date. Terms of a customer that are due on one day are one
               renewal: this counts customers ("logos"), not contracts.
    renewed    with a `renewed_at` however early, or at most `grace` after the due
               day; or when a later term of the customer starts within `grace`
               before or after the due day, and outlasts it
    pending    not renewed, but the grace is not over: neither renewed nor in due

A renewal counts in the period of its due day, whenever it is made. A term that
was never paid for, or ended inside its trial, is not due. While anything is
pending the status is pending: the rate falls unless it is renewed too.

    revenue_rate   100 x renewed revenue / revenue due, each renewal capped at its old value
    net            the same without the cap, so with what renewals add
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field, field_validator

from crm_kpi.conditions import compare
from crm_kpi.durations import Duration
from crm_kpi.frames import renewals
from crm_kpi.kpi import AnyOf, Definition, Needs
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion, ratio
from crm_kpi.results import Status, Unit


class Renewal(Definition):
    grace: Duration = Field(
        Duration(days=30),
        description="how long after the due day a renewal still counts, in days, such as 30d",
    )

    @field_validator("grace")
    @classmethod
    def _in_days(cls, grace: Duration) -> Duration:
        if grace.days is None:
            raise ValueError(should_be(text("metrics.number_of_days", example="30d")))
        return grace


def needs(definition: Renewal) -> Needs:
    due = AnyOf("due_date", "end_date")
    return {"subscriptions": ("customer_id", "start_date", "amount", due)}


def parts(definition: Renewal) -> Sequence[Aggregation]:
    assert definition.grace.days is not None
    over = compare("pending", "==", 0)
    state = {
        "due": Count(over),
        "renewed": Sum("renewed"),
        "pending": Sum("pending"),
        "old": Sum("old", over),
        "new": Sum("new", over),
        "capped": Sum("capped", over),
    }
    return [Aggregation(frame(renewals.due_renewals, grace=definition.grace.days), state)]


def answer(state: AggregateState, definition: Renewal) -> MetricValue:
    due, pending = state.due, state.pending
    components = {
        "due": due,
        "renewed": state.renewed,
        "pending": pending,
        "revenue_rate": ratio(100 * state.capped, state.old) if due else None,
        "net": ratio(100 * state.new, state.old) if due else None,
    }
    found = proportion(state.renewed, due, components, nothing=text("metrics.nothing_due"))
    if not pending:
        return found
    reason = text("metrics.renewals_pending", pending=pending, days=definition.grace.days)
    return replace(found, status=Status.PENDING, reason=reason)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    formula="100 x renewed / due in the period",
    definition=Renewal,
    needs=needs,
    parts=parts,
    answer=answer,
    example="120 due, 102 of them renewed: 100 x 102 / 120 = 85",
    sources=(
        "GrowPanel academy, Renewal rate",
        "own definition: the grace and what is pending, because sources leave late renewals to "
        "the reader",
    ),
)
