"""Touches per lead: how often somebody gets in touch with a lead.

    touches per lead = interactions / touched leads

    interactions        those of the period with a lead that has a row
    touched             leads with at least one of them
    share               100 x reached / leads: of the leads created in the period
                        those with any interaction by now
    without_lead        interactions of the period that name no lead: left out
    leads_without_row   leads that interactions name and the leads table has not:
                        they and their interactions are left out

Without a leads table every lead that is named counts.

A column of the interactions (`--by channel`) puts a lead and all its
interactions where the first of them was, so that segments add up; a lead
without any is in the segment without a name. `share` needs the leads table.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.conditions import compare, is_null
from crm_kpi.frames import leads
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    known = compare("known", "==", 1)
    touched = {
        "touched": Count(known),
        "interactions": Sum("touches", known),
        "leads_without_row": Count(~known),
    }
    return [
        Aggregation(frame(leads.lead_interactions), touched),
        Aggregation(frame(leads.interactions), {"without_lead": Count(is_null("lead_id"))}),
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
        "without_lead": state.without_lead,
        "leads_without_row": state.leads_without_row,
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
    quotient=lambda state, definition: Quotient(state.interactions, state.touched),
    example="12 interactions with 5 leads: 12 / 5 = 2.4",
    sources=(
        "own definition: contacts per lead that was contacted; who never was is in share, not "
        "in the average",
    ),
)
