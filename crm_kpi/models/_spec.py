"""What a model declares: a KPI whose values need parameters that are fitted first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_kpi.kpi import Needs
from crm_kpi.messages import Message
from crm_kpi.metrics._spec import AggregateState, MetricValue, ValueKpi

if TYPE_CHECKING:
    from crm_kpi.frames.context import FrameContext


@dataclass(frozen=True, kw_only=True)
class Model(ValueKpi):
    """A KPI that is predicted.

    Attributes:
        fit: parameters of the state of a whole period, which `parts` declares; a model that
            cannot be fitted to it says so in its parameters, and `predict` answers with a reason.
        predict: the value of parameters and the state of the same period, or of a segment of it.
    """

    fit: Callable[[AggregateState, Any], Any]
    predict: Callable[[Any, AggregateState, Any], MetricValue]
    reads: Callable[[Any], Needs] = lambda definition: {}
    """As `optional`, and besides, where it depends on the definition."""

    backtest: Callable[[FrameContext, date, Any], Message] | None = None
    """How the past was predicted, as of a period's first day after: a line for people."""

    def used_if_there(self, definition: Any) -> Needs:
        return {**self.optional, **self.reads(definition)}

    @property
    def is_predicted(self) -> bool:
        return True

    def value_of(self, state: AggregateState, definition: Any, parameters: Any) -> MetricValue:
        return self.predict(parameters, state, definition)
