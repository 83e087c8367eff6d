"""What a metric declares: definition, parts, answer.

parts(definition)         which frames are read, and the state to aggregate per period and
                          segment, in the algebra of `crm_kpi.metrics._algebra`
answer(state, definition) the value, its n, interval and components:
                          plain exact arithmetic over that small state
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_kpi.kpi import Definition, Kpi, Needs
from crm_kpi.messages import Message, text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._drivers import FactorEffect, Quotient
from crm_kpi.metrics._intervals import Ends, Spread
from crm_kpi.periods import Period
from crm_kpi.results import Number, Status, Unit


class AggregateState:
    """The aggregated state of one period and segment.

    `state.name` is the number, 0 where no row was there to count; `state.get("name")` tells an
    absent number (None) from a zero. A name that no aggregation gives is an AttributeError.
    `state.is_whole` tells the state of all rows from that of a segment.
    """

    def __init__(
        self,
        period: Period,
        values: Mapping[str, Any],
        names: Collection[str],
        *,
        is_whole: bool = True,
    ) -> None:
        self.period = period
        self.is_whole = is_whole
        self._values = values
        self._names = names

    def __getattr__(self, name: str) -> Any:
        value = self.get(name)
        return 0 if value is None else value

    def get(self, name: str) -> Any:
        if name.startswith("_") or name not in self._names:
            raise AttributeError(f"the state has no {name}; no aggregation gives it", name=name)
        return self._values.get(name)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of an aggregation with detail keys."""
        return self.get(name) or []

    def table(self, name: str) -> Any:
        """The rows of an aggregation `by_column`, as a narwhals frame in memory; None where there
        are none."""
        return self.get(name)


@dataclass(frozen=True)
class MetricValue:
    """What a metric says of one period and segment.

    A None value must come with a reason. `status` is worked out from value and
    n unless the metric knows better (pending).
    """

    value: Number | None
    n: int | None = None
    components: Mapping[str, Number | None] = field(default_factory=dict)
    low: Number | None = None
    high: Number | None = None
    reason: Message | None = None
    status: Status | None = None
    spread: Spread | None = None
    """What chance has in the value, where an interval of its change can be told."""

    def ends_of_change(self, before: MetricValue) -> Ends | None:
        """The 95 % interval of the change to this value, where both are of a kind that has one."""
        if self.spread is None or type(self.spread) is not type(before.spread):
            return None
        return self.spread.change_from(before.spread)


@dataclass(frozen=True, kw_only=True)
class ValueKpi(Kpi):
    """A KPI whose answer is a value per period and segment: a metric, or a model.

    `needs` names, per table, the columns without which it cannot be; a need that any of several
    columns meets is an `AnyOf`.
    """

    unit: Unit | Callable[[Any], Unit]
    formula: str | Callable[[Any], str]
    needs: Callable[[Any], Needs]
    parts: Callable[[Any], Sequence[Aggregation]]
    identity: Callable[[AggregateState, Any], str | None] | None = None
    """Names the identity that is broken, of a state and the definition, or None; asserted on
    every run."""
    is_total: bool = False
    """The value is a count or a sum: 0, and not null, where nothing was there to count, from the
    first row of the main table on."""
    can_exceed_100: bool = False
    """A percentage that is no share of a whole: it may lie above 100, or below 0."""
    settle: Callable[[Any, Collection[str]], Any] | None = None
    """What a definition leaves open, closed by which tables have a source."""
    optional: Needs = field(default_factory=dict)
    """Tables that are read when there is a source for them, and text columns when the file
    has them."""
    example: str = ""
    """A worked example in numbers."""

    def in_force(self, definition: Any, tables: Collection[str]) -> Any:
        return definition if self.settle is None else self.settle(definition, tables)

    def needed(self, definition: Any, tables: Collection[str]) -> Needs:
        return self.needs(definition)

    def used_if_there(self, definition: Any) -> Needs:
        return self.optional

    def names(self, definition: Definition) -> frozenset[str]:
        """The names of the state that `identity` and the answer may read."""
        return frozenset(name for part in self.parts(definition) for name in part.names)

    def value_of(self, state: AggregateState, definition: Any, parameters: Any) -> MetricValue:
        """The answer of a state, and of what a model has learnt of its period; None for others."""
        raise NotImplementedError

    def unit_of(self, definition: Any) -> Unit:
        return self.unit if isinstance(self.unit, Unit) else self.unit(definition)

    def formula_of(self, definition: Any) -> str:
        return self.formula if isinstance(self.formula, str) else self.formula(definition)

    def facts(self, definition: Any) -> dict[str, Any]:
        return {
            "unit": self.unit_of(definition).value,
            "higher_is_better": self.higher_is_better,
            "formula": self.formula_of(definition),
            "example": self.example,
            **super().facts(definition),
        }


@dataclass(frozen=True)
class Factors:
    """What the change of a metric can be taken apart by, beside its segments.

    Attributes:
        parts: as those of the metric, of all rows together.
        effects: of the states of two periods, the earlier first, of that of the time from the end
            of one to the end of the other, and of the definition; none where it cannot be told.
    """

    parts: Callable[[Any], Sequence[Aggregation]]
    effects: Callable[[AggregateState, AggregateState, AggregateState, Any], Sequence[FactorEffect]]


UNSAID = text("metrics.unsaid_parts")
"""Why a metric of somebody else may have no parts."""


@dataclass(frozen=True, kw_only=True)
class Metric(ValueKpi):
    """A KPI that is arithmetic over the state of its period and segment.

    Attributes:
        quotient: the value in terms to which segments add up, so that its change can be told
            segment by segment, or why there are none; also of a state that has no value. Those of
            the catalogue say it.
        factors: what else its change can be told by.
    """

    answer: Callable[[AggregateState, Any], MetricValue]
    quotient: Callable[[AggregateState, Any], Quotient] | Message = UNSAID
    factors: Factors | None = None

    def value_of(self, state: AggregateState, definition: Any, parameters: Any) -> MetricValue:
        return self.answer(state, definition)
