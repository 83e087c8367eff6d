"""What a metric declares: definition, parts, answer.

parts(definition)         which frames are read, and the state to aggregate per period and
                          segment, in the algebra of `crm_kpi.metrics._algebra`
answer(state, definition) the value, its n, interval and components:
                          plain exact arithmetic over that small state
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from crm_kpi.messages import Message, should_be
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.periods import Period
from crm_kpi.results import Number, Status, Unit

LARGEST = Decimal(10**18)


class Definition(BaseModel):
    """Which variant of a metric is meant. Metrics with variants derive from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _can_be_computed(cls, value: Any) -> Any:
        """Numbers have a size with which amounts of 38 digits can still be multiplied."""
        some = value.values() if isinstance(value, dict) else value
        for one in some if isinstance(some, Collection) else [value]:
            if (
                isinstance(one, Decimal | int)
                and one
                and not 1 / LARGEST < abs(Decimal(one)) < LARGEST
            ):
                raise ValueError(should_be("metrics.number_of_18_digits"))
        return value


def either(*columns: str) -> str:
    """A need that any one of these columns meets: `converted_at or converted`."""
    return _OR.join(columns)


def alternatives(need: str) -> list[str]:
    """The columns of which a need asks for one."""
    return need.split(_OR)


_OR = " or "


class AggregateState:
    """The aggregated state of one period and segment.

    `state.name` is the number, 0 where no row was there to count; `state.get("name")` tells an
    absent number (None) from a zero. A name that no aggregation gives is an AttributeError.
    """

    def __init__(self, period: Period, values: Mapping[str, Any], names: Collection[str]) -> None:
        self.period = period
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


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A KPI. `needs` names, per table, the columns without which it cannot be; a need that
    any of several columns meets is written with `either`."""

    unit: Unit | Callable[[Any], Unit]
    higher_is_better: bool | None
    formula: str | Callable[[Any], str]
    needs: Callable[[Any], Mapping[str, Sequence[str]]]
    parts: Callable[[Any], Sequence[Aggregation]]
    answer: Callable[[AggregateState, Any], MetricValue]
    definition: type[Definition] = Definition
    identity: Callable[[AggregateState, Any], str | None] | None = None
    """Names the identity that is broken, of a state and the definition, or None; asserted on
    every run."""
    optional: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Tables that are read when there is a source for them, and text columns when the file
    has them."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Target and warning in force when the config sets none."""
    example: str = ""
    """A worked example in numbers."""
    sources: Sequence[str] = ()
    """Where the definition comes from."""

    def names(self, definition: Definition) -> frozenset[str]:
        """The names of the state that `answer` and `identity` may read."""
        return frozenset(name for part in self.parts(definition) for name in part.names)
