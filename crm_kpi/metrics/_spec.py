"""What a metric declares: definition, parts, answer.

parts(definition)         which frames are read, and the state to aggregate:
                          narwhals expressions per period and segment
answer(state, definition) the value, its n, interval and components:
                          plain exact arithmetic over that small state
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw
from pydantic import BaseModel, ConfigDict, field_validator

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
                raise ValueError("should be a number of at most 18 digits")
        return value


@dataclass(frozen=True)
class Frame:
    """A frame by name (a file in `crm_kpi/frames/`) and its options."""

    name: str
    options: tuple[tuple[str, Hashable], ...] = ()


def frame(name: str, **options: Hashable) -> Frame:
    return Frame(name, tuple(sorted(options.items())))


def either(*columns: str) -> str:
    """A need that any one of these columns meets: `converted_at or converted`."""
    return _OR.join(columns)


def alternatives(need: str) -> list[str]:
    """The columns of which a need asks for one."""
    return need.split(_OR)


_OR = " or "


@dataclass(frozen=True)
class Part:
    """One grouped aggregation over a frame.

    state: names and aggregations. The frame's rows carry `period`, or, for a
        stock, the `day` or `slot` of a change. Without ranked columns they are sums or counts,
        so that what the segments have adds up to the totals.
    stock: the state is a running total. Each name NAME becomes NAME_start and
        NAME_end: the sum over all days before the period's start and end.
    ranked: columns for which COLUMN:rank (1 for the smallest) and COLUMN:count
        within the group stand beside the rows, for order statistics.
    cumulated: columns for which COLUMN:above (the sum of the larger values, of equal
        ones in any order) and COLUMN:total within the group stand beside the rows.
    survival: ranked columns that are lengths of time, with COLUMN:ended beside:
        False where the end is not known yet. COLUMN:survival, the Kaplan-Meier
        share that lasts longer, then stands beside the rows too. Of equal times
        the ended ones must rank first.
    curve: extra grouping keys; the state is then a list of rows under `as_`.
    """

    frame: Frame
    state: Mapping[str, nw.Expr]
    stock: bool = False
    ranked: tuple[str, ...] = ()
    cumulated: tuple[str, ...] = ()
    survival: tuple[str, ...] = ()
    curve: tuple[str, ...] = ()
    as_: str = ""


class State:
    """The aggregated state of one period and segment.

    `state.name` is the number, 0 where no row was there to count;
    `state.get("name")` tells an absent number (None) from a zero.
    """

    def __init__(self, period: Period, values: Mapping[str, Any]) -> None:
        self.period = period
        self._values = values

    def __getattr__(self, name: str) -> Any:
        value = self._values.get(name)
        return 0 if value is None else value

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a curve."""
        return self._values.get(name) or []


@dataclass(frozen=True)
class Answer:
    """What a metric says of one period and segment.

    A None value must come with a reason. `status` is worked out from value and
    n unless the metric knows better (pending).
    """

    value: Number | None
    n: int | None = None
    components: Mapping[str, Number | None] = field(default_factory=dict)
    low: Number | None = None
    high: Number | None = None
    reason: str | None = None
    status: Status | None = None


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A KPI. `needs` names, per table, the columns without which it cannot be; a need that
    any of several columns meets is written with `either`."""

    unit: Unit | Callable[[Any], Unit]
    higher_is_better: bool | None
    formula: str | Callable[[Any], str]
    needs: Callable[[Any], Mapping[str, Sequence[str]]]
    parts: Callable[[Any], Sequence[Part]]
    answer: Callable[[State, Any], Answer]
    definition: type[Definition] = Definition
    identity: Callable[[State, Answer], str | None] | None = None
    """Names the identity that is broken, or None; asserted on every run."""
    optional: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Tables that are read when there is a source for them, and text columns when the file
    has them."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Target and warning in force when the config sets none."""
    example: str = ""
    """A worked example in numbers."""
    sources: Sequence[str] = ()
    """Where the definition comes from."""
