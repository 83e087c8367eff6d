"""Lead conversion rate: the share of leads that become customers.

    cohort   100 x leads created in the period and converted within `window` / leads created in it
    period   100 x leads converted in the period / leads created in it

    window    ever, or a time from the day of creation, its last day inside: 30d, 3 months
    pending   leads created in the period, not converted, whose window is still open;
              with `window: ever` those younger than `slow_days`

    slow_days   90th percentile of the days from creation to conversion, of all leads
                of the file whose conversion has a date, by linear interpolation

A cohort with pending leads is pending itself: its value is what is known at
as_of and can still rise, so it has no interval. With `window: ever` it is pending
when more than 10 % of its leads are younger than slow_days. Where a file has only
a yes or no, a lead counts as converted in the period of as_of; whether that was
within a window that has passed cannot be told, and the value is null.

With `basis: period` the leads converted may have been created earlier, so the
rate can be above 100 and has no interval. Otherwise the interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from crm_kpi.durations import parse_duration
from crm_kpi.frames import leads
from crm_kpi.kpi import AnyOf, Definition
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import exact, proportion, ratio
from crm_kpi.metrics.sales import _leads
from crm_kpi.results import Number, Status, Unit

EVER = "ever"


def _window(value: Any) -> str:
    """`ever`, or a number of days or months."""
    if value == EVER:
        return EVER
    duration = parse_duration(str(value))
    if duration.seconds is not None:
        raise ValueError(should_be(text("metrics.ever_or_window")))
    return str(duration)


class LeadConversion(Definition):
    basis: Literal["cohort", "period"] = Field(
        "cohort",
        description="cohort: which of the leads created in the period converted; "
        "period: conversions in the period over leads created in it",
    )
    window: Annotated[str, BeforeValidator(_window)] = Field(
        EVER,
        description="with basis cohort: ever, or the time from creation within which a "
        "conversion counts, such as 30d or 3 months",
    )

    @model_validator(mode="after")
    def _window_goes_with_cohort(self) -> LeadConversion:
        if self.basis == "period" and self.window != EVER:
            raise ValueError(text("metrics.window_needs_cohort"))
        return self

    @property
    def ages(self) -> bool:
        """Whether a cohort is pending while it is young, and no window says how long."""
        return self.basis == "cohort" and self.window == EVER

    @property
    def offset(self) -> str | None:
        """The window as an offset between days: 30d, 3mo."""
        if self.window == EVER:
            return None
        duration = parse_duration(self.window)
        return f"{duration.days}d" if duration.days is not None else f"{duration.months}mo"


def parts(definition: LeadConversion) -> Sequence[Aggregation]:
    found = [_leads.cohort(definition.offset, aging=definition.ages)]
    if definition.basis == "period":
        found.append(Aggregation(frame(leads.converted_leads), {"conversions": Count()}))
    return found


def answer(state: AggregateState, definition: LeadConversion) -> MetricValue:
    leads, converted, pending = state.leads, state.converted, state.pending
    if definition.basis == "period":
        converted = state.conversions
    components: dict[str, Number | None]
    components = {"leads": leads, "converted": converted, "pending": pending}
    slow = exact(Fraction(state.slow, 10 * leads)) if definition.ages and leads else None
    if definition.ages:
        components["slow_days"] = slow or None
    if not leads:
        return MetricValue(None, 0, components, reason=text("metrics.no_leads"))
    if state.untold:
        reason = text(
            "metrics.conversions_undated",
            undated=state.untold,
            leads=leads,
            window=definition.window,
        )
        return MetricValue(None, leads, components, reason=reason)
    if definition.basis == "period":
        return MetricValue(ratio(100 * converted, leads), leads, components)
    if definition.ages and 10 * state.young > leads:
        reason = text("metrics.cohort_young", young=state.young, leads=leads, days=f"{slow:f}")
        value = ratio(100 * converted, leads)
        return MetricValue(value, leads, components, reason=reason, status=Status.PENDING)
    if pending and not definition.ages:
        reason = text(
            "metrics.leads_pending", pending=pending, leads=leads, window=definition.window
        )
        value = ratio(100 * converted, leads)
        return MetricValue(value, leads, components, reason=reason, status=Status.PENDING)
    return proportion(converted, leads, components, nothing=text("metrics.no_leads"))


def quotient(state: AggregateState, definition: LeadConversion) -> Quotient:
    converted = state.conversions if definition.basis == "period" else state.converted
    return Quotient(100 * converted, state.leads)


def formula(definition: LeadConversion) -> str:
    if definition.basis == "period":
        return text("formulas.leads_by_period")
    if definition.window == EVER:
        return text("formulas.leads_since")
    return text("formulas.leads_within", window=str(definition.window))


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    can_exceed_100=True,
    short_title="Lead conversion",
    formula=formula,
    definition=LeadConversion,
    needs=lambda definition: {"leads": ("created_at", AnyOf("converted_at", "converted"))},
    parts=parts,
    answer=answer,
    quotient=quotient,
    example="12 of 100 leads became customers: 100 x 12 / 100 = 12",
    sources=(
        "own definition: converted over created in one period mixes leads of different age; a "
        "cohort follows the same leads",
    ),
)
