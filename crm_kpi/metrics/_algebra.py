"""What can be asked of the rows of a period and segment: a closed algebra, as data.

    {"won": Count(flag("won")), "amount": Sum("amount"), "seconds": Ordered("seconds")}

An aggregate names columns of a frame, and conditions over them; it is no expression of any
engine. `crm_kpi.engine.algebra_narwhals` turns it into one, in one place. What it does not
have (products, differences, cases) is a column of the frame, or exact arithmetic in `answer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec

from crm_kpi.conditions import Condition

if TYPE_CHECKING:
    from crm_kpi.frames.context import FrameContext

_Options = ParamSpec("_Options")

ORDER_STATISTICS = (
    *("n", "sum", "min", "max", "low", "high"),
    *("p5_below", "p5_above", "p9_below", "p9_above"),
)
"""What `Ordered` delivers, as NAME:STATISTIC; `OrderStatistics` puts it together."""


@dataclass(frozen=True)
class Aggregate:
    """One name of a state. Nulls are not counted and not added up."""

    additive: ClassVar[bool] = False
    """Whether what the segments have adds up to the total."""

    def names(self, name: str) -> tuple[str, ...]:
        """The names of its values in the state."""
        return (name,)


@dataclass(frozen=True)
class Sum(Aggregate):
    """The sum of a column, of the rows that meet the condition."""

    column: str
    where: Condition | None = None
    additive = True


@dataclass(frozen=True)
class Count(Aggregate):
    """How many rows there are, or meet the condition."""

    where: Condition | None = None
    additive = True


@dataclass(frozen=True)
class Distinct(Aggregate):
    """How many values a column has. Segments may share them, so they do not add up."""

    column: str


@dataclass(frozen=True)
class Ordered(Aggregate):
    """The order statistics of a column: number, mean, quantiles, the median's interval."""

    column: str

    def names(self, name: str) -> tuple[str, ...]:
        return tuple(f"{name}:{statistic}" for statistic in ORDER_STATISTICS)


@dataclass(frozen=True)
class Survival(Aggregate):
    """The Kaplan-Meier median of lengths of time; None while half of them have not ended.

    ended: the column with whether each length's end is known. Of equal lengths the ended
        ones come first.
    """

    column: str
    ended: str


@dataclass(frozen=True)
class LargestSum(Aggregate):
    """The sum of the largest values: of so many percent of all, rounded up."""

    column: str
    percent: int


@dataclass(frozen=True)
class LargestCount(Aggregate):
    """How many of the largest values it takes to make so many percent of the sum."""

    column: str
    percent: int


@dataclass(frozen=True)
class RankSum(Aggregate):
    """The sum of value x rank, the smallest value's rank being 1."""

    column: str


def value_names(state: Mapping[str, Aggregate]) -> list[str]:
    """The names of the values that aggregates deliver."""
    return [each for name, aggregate in state.items() for each in aggregate.names(name)]


@dataclass(frozen=True)
class Frame:
    """A frame by the function of `crm_kpi.frames` that builds it, and its options."""

    build: Callable[..., Any]
    options: tuple[tuple[str, Any], ...] = ()


def frame(
    build: Callable[Concatenate[FrameContext, _Options], Any],
    *args: _Options.args,
    **options: _Options.kwargs,
) -> Frame:
    """The frame of a function with these options, which are given by name.

    Where a type checker looks, an option that the function has not got is an error.
    """
    assert not args, build
    return Frame(build, tuple(sorted(options.items())))


@dataclass(frozen=True)
class Aggregation:
    """One grouped aggregation over a frame.

    Attributes:
        state: names and aggregates. The frame's rows carry `period`, or, for a running total,
            the `day` or `slot` of a change.
        running_total: the state is a stock, of sums and counts. Each name NAME becomes
            NAME_start and NAME_end: the sum over all days before the period's start and end.
        detail_keys: extra grouping keys; the state is then a list of rows under `name`, of a
            running total those at the period's end.
        by_column: there are so many of these rows that they come home as a table in memory, with
            columns of whole numbers (64 bits) and money as the engine adds it up.

    Raises:
        TypeError: a running total of what cannot be added up.
    """

    frame: Frame
    state: Mapping[str, Aggregate]
    running_total: bool = False
    detail_keys: tuple[str, ...] = ()
    name: str = ""
    by_column: bool = False

    def __post_init__(self) -> None:
        for name, aggregate in self.state.items():
            if self.running_total and not aggregate.additive:
                raise TypeError(f"{name}: a running total is made of sums and counts alone")

    @property
    def names(self) -> list[str]:
        """The names that it gives to the state of a metric."""
        if self.detail_keys:
            return [self.name]
        names = value_names(self.state)
        if self.running_total:
            return [f"{name}_{end}" for name in names for end in ("start", "end")]
        return names
