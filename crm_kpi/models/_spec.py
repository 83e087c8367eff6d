"""What a model declares: a KPI whose values need parameters that are fitted first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._spec import AggregateState, MetricValue, ValueKpi

Columns = Mapping[str, Sequence[Any]]
"""Equally long columns by name."""


@dataclass(frozen=True, kw_only=True)
class Model(ValueKpi):
    """A KPI that is predicted.

    Attributes:
        statistics: sufficient statistics over a frame with one row per what is learnt from,
            of all known time: one row per segment and detail keys, which stand beside.
        fit: parameters of the columns of one segment, which may be empty; a model that cannot
            be fitted to them says so in its parameters, and `predict` answers with a reason.
        predict: the value of parameters and the state of a period, which `parts` declares.
    """

    statistics: Callable[[Any], Aggregation]
    fit: Callable[[Columns, Any], Any]
    predict: Callable[[Any, AggregateState, Any], MetricValue]

    def value_of(self, state: AggregateState, definition: Any, parameters: Any) -> MetricValue:
        return self.predict(parameters, state, definition)
