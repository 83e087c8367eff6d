"""What is usual for a value, by the whole periods before it in its row, at most 60.

    mean -+ t s sqrt(1 + 1/k)                           of k values, t with k - 1 degrees
    line -+ t s sqrt(1 + 1/k + (x - mean x)^2 / Sxx)    with k - 2, where growth is plain
    f (mean -+ t s sqrt(1 + 1/k))                       of k ratios of a value to what the seasons
                                                        before it had foretold, where there are
                                                        seasons; f is what they foretell now

All are prediction limits at 99.7 %. There are seasons (12 months, 4 quarters, 7 days) where values
above zero, none of which is missing, show them by their autocorrelation; two seasons before the
first ratio, and 8 ratios, are needed. What they foretell is `seasonal_growth`. Growth is plain
where the slope of the least-squares line through the values is more than 4 of its standard errors
from 0; without the line, steady growth would be unusual for ever. What lies within 0.5 points, or
2 %, of the middle is never unusual.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import fsum, sqrt
from operator import mul, truediv

from crm_kpi.metrics._student import quantile
from crm_kpi.results import Number, Unit, UnusualSide
from crm_kpi.seasons import is_seasonal, seasonal_growth

FEWEST = 8
"""So many earlier values are needed."""
WINDOW = 60
"""So many periods back is looked: as far for a period alone as for one of many."""
LEVEL = 0.997
PLAIN = 4
"""So many standard errors from 0 a slope is plain."""
POINTS, SHARE = 0.5, 0.02
"""What lies so near to the middle is never unusual: in points, or as a share of the middle."""


@dataclass(frozen=True, slots=True)
class UsualRange:
    """What is usual for the next value, and how far from the middle it must be at least."""

    low: float
    high: float
    middle: float
    tolerance: float

    def side(self, value: Number, *, higher_is_better: bool | None) -> UnusualSide | None:
        """Which way a value is unusual; None for one that is usual."""
        distance = float(value) - self.middle
        if abs(distance) <= self.tolerance or self.low <= value <= self.high:
            return None
        if higher_is_better is None:
            return UnusualSide.CHANGED
        return UnusualSide.BETTER if (distance > 0) is higher_is_better else UnusualSide.WORSE


@dataclass(slots=True)
class Earlier:
    """The values of earlier periods, each at its place in the row."""

    places: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, place: int, value: Number) -> None:
        """One more; places may be left out, but grow."""
        self.places.append(place)
        self.values.append(float(value))

    def usual(
        self, place: int, unit: Unit, *, is_share: bool, season: int | None = None
    ) -> UsualRange | None:
        """What is usual at a place; None where fewer than 8 values are near enough.

        Args:
            is_share: it lies within 0 and 100, and so do the limits.
            season: so many periods may be one.
        """
        first = bisect_left(self.places, place - WINDOW, max(0, len(self.places) - WINDOW))
        values = self.values[first:]
        if len(values) < FEWEST:
            return None
        middle, half = (
            season and self.places[first] == place - len(values) and _seasonal(values, season)
        ) or _by_distance(values, self.places[first:], place)
        low, high = middle - half, middle + half
        if is_share:
            low, high = (min(max(0.0, end), 100.0) for end in (low, high))
        in_points = unit in (Unit.PERCENT, Unit.POINTS)
        return UsualRange(low, high, middle, POINTS if in_points else SHARE * abs(middle))


@dataclass(frozen=True, slots=True)
class Ages:
    """How far back values lie: the mean, how far each is from it, and the sum of its squares."""

    mean: float
    along: list[float]
    squares: float

    @classmethod
    def of(cls, places: Sequence[int], place: int) -> Ages:
        """The ages at a place of values at these."""
        count = len(places)
        if places[0] == place - count:
            return _without_gap(count)
        return _ages([at - place for at in places])


@cache  # nearly all periods have one right after the other before them
def _without_gap(count: int) -> Ages:
    return _ages(range(-count, 0))


def _ages(ages: Sequence[int]) -> Ages:
    mean = sum(ages) / len(ages)
    along = [age - mean for age in ages]
    return Ages(mean, along, _products(along, along))


def _by_distance(values: Sequence[float], places: Sequence[int], place: int) -> tuple[float, float]:
    """The middle and the half of the limits, by how far values lie from their mean or line."""
    mean = fsum(values) / len(values)
    distances = [value - mean for value in values]
    spread = _products(distances, distances)
    growing = _growing(Ages.of(places, place), mean, distances, spread)
    return growing or _level(len(values), mean, spread)


def _seasonal(values: Sequence[float], season: int) -> tuple[float, float] | None:
    """The same by the ratios of values to what the seasons before them had foretold; None where
    there are none, or too few ratios."""
    count = len(values) - 2 * season
    if count < FEWEST or min(values) <= 0 or not is_seasonal(values, season):
        return None
    foretold = [
        seasonal_growth(values[:at], season, 1)[0] for at in range(2 * season, len(values) + 1)
    ]
    ratios = [*map(truediv, values[2 * season :], foretold)]
    mean = fsum(ratios) / count
    away = [ratio - mean for ratio in ratios]
    middle, half = _level(count, mean, _products(away, away))
    return foretold[-1] * middle, foretold[-1] * half


def _level(count: int, mean: float, spread: float) -> tuple[float, float]:
    return mean, _t(count - 1) * sqrt(spread / (count - 1)) * sqrt(1 + 1 / count)


def _growing(
    ages: Ages, mean: float, distances: Sequence[float], spread: float
) -> tuple[float, float] | None:
    """The line at age 0 and the half of its limits; None where growth is not plain."""
    count = len(distances)
    slope = _products(ages.along, distances) / ages.squares
    deviation = sqrt(max(0.0, spread - slope * slope * ages.squares) / (count - 2))
    if abs(slope) * sqrt(ages.squares) <= PLAIN * deviation:
        return None
    away = sqrt(1 + 1 / count + ages.mean * ages.mean / ages.squares)
    return mean - slope * ages.mean, _t(count - 2) * deviation * away


def _products(some: Iterable[float], others: Iterable[float]) -> float:
    return fsum(map(mul, some, others))


def _t(degrees: int) -> float:
    return quantile((1 + LEVEL) / 2, degrees)
