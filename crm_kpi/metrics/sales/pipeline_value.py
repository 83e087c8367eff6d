"""Pipeline value: what the open deals are worth.

    sum of the amounts of the deals open at the period's end

    open      created by then, and not closed by then
    overdue   the amount of those whose expected close lies before the period's end

An amount counts as it stands in the file today; what it was on an earlier day
is not known. A deal without an amount is `unpriced` and adds nothing. A deal
without a date of creation is known to be open only now, and counts in the
period of as_of.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.sales import _deals
from crm_kpi.results import Unit


def parts(definition: Definition) -> Sequence[Aggregation]:
    return [_deals.open_at_end(), _deals.overdue_at_end()]


def answer(state: AggregateState, definition: Definition) -> MetricValue:
    deals, unpriced = state.deals_end, state.unpriced_end
    components = {
        "deals": deals,
        "overdue": state.overdue_end if state.dated_end else None,
        "unpriced": unpriced,
    }
    if not deals:
        return MetricValue(None, 0, components, reason=text("metrics.no_open_deals"))
    if unpriced == deals:
        return MetricValue(None, deals, components, reason=text("metrics.no_open_deal_priced"))
    reason = (
        text("metrics.open_deals_unpriced", unpriced=unpriced, deals=deals) if unpriced else None
    )
    return MetricValue(state.amount_end, deals, components, reason=reason)


METRIC = Metric(
    unit=Unit.MONEY,
    is_total=True,
    higher_is_better=True,
    formula="sum of the amounts of the deals open at the period's end",
    needs=lambda definition: {"opportunities": ("created_at", "outcome", "amount")},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: Quotient(state.amount_end),
    example="two open deals of 50,000 and 30,000: 80,000",
    sources=(
        "own definition: reports show the pipeline of today; taken at a period's end, periods "
        "can be compared",
    ),
)
