"""Touches per lead: how often somebody gets in touch with a lead.

    touches per lead = interactions / touched leads

    interactions   those of the period that name a lead
    touched        leads with at least one of them
    share          100 x reached / leads: of the leads created in the period
                   those with any interaction by now

A column of the interactions (`--by channel`) puts a lead and all its
interactions where the first of them was, so that segments add up; a lead
without any is in the segment without a name. `share` needs the leads table.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.frames import leads
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    return [
        Aggregation(
            frame(leads.lead_interactions), {"touched": Count(), "interactions": Sum("touches")}
        ),
        Aggregation(frame(leads.contacted_leads), {"leads": Count(), "reached": Sum("reached")}),
    ]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    touched, leads, reached = state.touched, state.get("leads"), state.get("reached")
    components = {
        "interactions": state.interactions,
        "touched": touched,
        "leads": leads,
        "reached": reached,
        "share": ratio(100 * reached, leads) if leads else None,
    }
    if not touched:
        return MetricValue(None, 0, components, reason=text("metrics.no_touches"))
    return MetricValue(ratio(state.interactions, touched), touched, components)


METRIC = Metric(
    unit=Unit.RATIO,
    higher_is_better=True,
    formula="interactions with leads / leads with any",
    needs=lambda definition: {"interactions": ("occurred_at", "lead_id")},
    optional={"leads": ()},
    parts=parts,
    answer=answer,
    example="12 interactions with 5 leads: 12 / 5 = 2.4",
    sources=(
        "own definition: contacts per lead that was contacted; who never was is in share, not "
        "in the average",
    ),
)
