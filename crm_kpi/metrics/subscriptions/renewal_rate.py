"""Renewal rate: the share of what was due for renewal that was renewed.

    renewal rate = 100 x renewed / due in the period

    due        a paid term on its `due_date`; without one at its end, term by term
               for as long as the row runs. A row that ends within a term is due at
               that term's end. Terms of a customer that are due on one day are one
               renewal: this counts customers ("logos"), not contracts.
    renewed    with a `renewed_at` however early, or at most `grace` after the due
               day; when the row runs on past the due day and `grace`; or when a
               later row of the customer starts within `grace` of the due day, or of
               the end within the term, and outlasts it
    pending    not renewed, but the grace is not over: neither renewed nor in due

The term is what was agreed on, not what is billed: `term_months` where given; else
from start to end, where a row of the same customer and plan follows, the end lies
after as_of, the header of the ends is a contract's, or all rows of the plan have an
end; else the interval. An end with a `canceled_at` or a status that says so is no
term. A grace of half a term or more, as of a month's 30 days, leaves a row no time to
end in: it runs on that is there the day after.

Terms shorter than `min_term` (3 months; three days less are as long) are left out, so
that month-to-month plans do not drown the yearly ones; `short_terms` counts those that
run at the period's end. `min_term: 0d` leaves out none.

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
from crm_kpi.frames.contract_terms import days_of
from crm_kpi.kpi import AnyOf, Definition, Needs
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion, ratio
from crm_kpi.results import Status, Unit


class Renewal(Definition):
    grace: Duration = Field(
        Duration(days=30),
        description="how long after the due day a renewal still counts, in days, such as 30d",
    )

    min_term: Duration = Field(
        Duration(months=3),
        description="the shortest term that counts, in days or months, such as 3 months; 0d for "
        "all",
    )

    @field_validator("min_term")
    @classmethod
    def _not_in_hours(cls, min_term: Duration) -> Duration:
        if min_term.seconds is not None:
            raise ValueError(should_be(text("metrics.days_or_months")))
        return min_term

    @field_validator("grace")
    @classmethod
    def _in_days(cls, grace: Duration) -> Duration:
        if grace.days is None:
            raise ValueError(should_be(text("metrics.number_of_days", example="30d")))
        return grace

    @property
    def shortest(self) -> int:
        """The shortest term that counts, in days."""
        if self.min_term.months is not None:
            return days_of(self.min_term.months)
        return self.min_term.days or 0


def needs(definition: Renewal) -> Needs:
    term = AnyOf("due_date", "end_date", "interval", "term_months")
    return {"subscriptions": ("customer_id", "start_date", "amount", term)}


def parts(definition: Renewal) -> Sequence[Aggregation]:
    grace = definition.grace.days
    assert grace is not None
    over = compare("pending", "==", 0)
    state = {
        "due": Count(over),
        "renewed": Sum("renewed"),
        "pending": Sum("pending"),
        "old": Sum("old", over),
        "new": Sum("new", over),
        "capped": Sum("capped", over),
    }
    shortest = definition.shortest
    lengths = {"short": Sum("short"), "long": Sum("long")}
    return [
        Aggregation(frame(renewals.due_renewals, grace=grace, shortest=shortest), state),
        Aggregation(
            frame(renewals.term_changes, grace=grace, shortest=shortest),
            lengths,
            running_total=True,
        ),
    ]


def answer(state: AggregateState, definition: Renewal) -> MetricValue:
    due, pending = state.due, state.pending
    components = {
        "due": due,
        "renewed": state.renewed,
        "pending": pending,
        "revenue_rate": ratio(100 * state.capped, state.old) if due else None,
        "net": ratio(100 * state.new, state.old) if due else None,
        "short_terms": state.short_end,
    }
    nothing = text("metrics.nothing_due")
    if state.short_end and not state.long_start and not state.long_end:
        nothing = text("metrics.all_terms_short", term=definition.min_term)
    found = proportion(state.renewed, due, components, nothing=nothing)
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
    optional={"subscriptions": ("plan", "status")},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(100 * state.renewed, state.due),
    example="120 due, 102 of them renewed: 100 x 102 / 120 = 85",
    sources=(
        "GrowPanel academy, Renewal rate",
        "own definition: the grace and what is pending, because sources leave late renewals to "
        "the reader",
    ),
)
