"""Response rate: the share of surveys sent that were answered.

    rate = 100 x answered / sent

    sent       surveys sent in the period
    answered   those of them with a score, whenever it was given; a blank is no
               answer, and what is dated after the last known day has not come

All surveys of the table together; `--by survey` tells them apart. The interval
is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Answer, Definition, Metric, Part, State, frame
from crm_kpi.metrics._state import count_if, proportion
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Part]:
    state = {"sent": nw.len(), "answered": count_if(nw.col("answered"))}
    return [Part(frame("invitations"), state)]


def answer(state: State, definition: Definition) -> Answer:
    components = {"sent": state.sent, "answered": state.answered}
    return proportion(state.answered, state.sent, components, nothing="no surveys sent")


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    formula="100 x surveys answered / surveys sent",
    needs=lambda definition: {"surveys": ("score", "answered_at", "sent_at")},
    parts=parts,
    answer=answer,
    example="125 of 500 surveys sent were answered: 100 x 125 / 500 = 25",
    sources=(
        "AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for "
        "Surveys",
    ),
)
