"""Models -> parameters: fitted once for each period, to its rows as a whole."""

from __future__ import annotations

from typing import Any

from crm_kpi.engine.aggregate import States
from crm_kpi.kpi import KpiRequest
from crm_kpi.metrics._spec import AggregateState
from crm_kpi.models._spec import Model
from crm_kpi.periods import Calendar

Parameters = dict[int, Any]
"""What a model has learnt of each period, by its index in the calendar."""


def fit(request: KpiRequest[Model], states: States, calendar: Calendar) -> Parameters:
    """The parameters of each period at which something is predicted, also of those without
    anything to learn from.

    states: those of all rows, which are not split.
    """
    names = request.kpi.names(request.definition)
    return {
        i: request.kpi.fit(
            AggregateState(calendar.periods[i], states.get((i, ()), {}), names),
            request.definition,
        )
        for i in calendar.predicted
    }
