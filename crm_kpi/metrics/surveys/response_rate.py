"""Response rate: the share of surveys sent that were answered.

    rate = 100 x answered / sent

    sent       surveys sent in the period
    answered   those of them with a score, whenever it was given; a blank is no
               answer, and what is dated after the last known day has not come

All surveys of the table together; `--by survey` tells them apart. Answers of the
period of which nobody knows when they were asked for are `unsent`, and counted in
neither. The interval is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_kpi.conditions import flag, is_null
from crm_kpi.frames import surveys
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import proportion
from crm_kpi.metrics.surveys import _scores
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    state = {"sent": Count(), "answered": Count(flag("answered"))}
    unsent = {"unsent": Count(_scores.SCORED & is_null("sent_at"))}
    return [
        Aggregation(frame(surveys.invitations), state),
        Aggregation(_scores.answers(), unsent),
    ]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    names = ("sent", "answered", "unsent")
    components = {name: getattr(state, name) for name in names}
    left_out = text("metrics.unsent_answers", count=state.unsent) if state.unsent else None
    nothing = left_out or text("metrics.no_surveys_sent")
    rate = proportion(state.answered, state.sent, components, nothing=nothing)
    return replace(rate, reason=rate.reason or left_out)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    formula="100 x surveys answered / surveys sent",
    needs=lambda definition: {"surveys": ("score", "answered_at", "sent_at")},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(100 * state.answered, state.sent),
    example="125 of 500 surveys sent were answered: 100 x 125 / 500 = 25",
    sources=(
        "AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for "
        "Surveys",
    ),
)
