"""What is usual for a value, by the earlier whole periods of its row.

    mean -+ t s sqrt(1 + 1/k)                           of k values, t with k - 1 degrees
    line -+ t s sqrt(1 + 1/k + (x - mean x)^2 / Sxx)    with k - 2, where growth is plain

Both are prediction limits at 99.7 %. Growth is plain where the slope of the least-squares line
through the values is more than 4 of its standard errors from 0; without the line, steady growth
would be unusual for ever. What lies within 0.5 points, or 2 %, of the middle is never unusual.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from crm_kpi.metrics._student import quantile
from crm_kpi.results import Number, Unit

FEWEST = 8
"""So many earlier values are needed."""
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

    def side(self, value: Number) -> int:
        """1 for a value that is unusually high, -1 for one that is unusually low, else 0."""
        distance = float(value) - self.middle
        if abs(distance) <= self.tolerance:
            return 0
        return (float(value) > self.high) - (float(value) < self.low)


@dataclass(slots=True)
class Earlier:
    """Values at their places in time, one after the other, as means and sums of products about
    them: so each period costs the same, however many went before (Welford)."""

    count: int = 0
    mean_place: float = 0
    mean: float = 0
    places: float = 0
    products: float = 0
    squares: float = 0

    def add(self, place: int, value: Number) -> None:
        """One more value; places need not follow each other, but grow."""
        self.count += 1
        along, beside = place - self.mean_place, float(value) - self.mean
        self.mean_place += along / self.count
        self.mean += beside / self.count
        self.places += along * (place - self.mean_place)
        self.products += along * (float(value) - self.mean)
        self.squares += beside * (float(value) - self.mean)

    def usual(self, place: int, unit: Unit, *, is_share: bool) -> UsualRange | None:
        """What is usual at a place; None after fewer than 8 values.

        is_share: it lies within 0 and 100, and so do the limits.
        """
        if self.count < FEWEST:
            return None
        middle, half = self._growing(place) or self._level()
        low, high = middle - half, middle + half
        if is_share:
            low, high = (min(max(0.0, end), 100.0) for end in (low, high))
        in_points = unit in (Unit.PERCENT, Unit.POINTS)
        return UsualRange(low, high, middle, POINTS if in_points else SHARE * abs(middle))

    def _level(self) -> tuple[float, float]:
        deviation = sqrt(self.squares / (self.count - 1))
        half = _t(self.count - 1) * deviation * sqrt(1 + 1 / self.count)
        return self.mean, half

    def _growing(self, place: int) -> tuple[float, float] | None:
        """The line at a place and the half of its limits; None where growth is not plain."""
        slope = self.products / self.places
        rest = max(0.0, self.squares - self.products * slope)
        deviation = sqrt(rest / (self.count - 2))
        if abs(slope) * sqrt(self.places) <= PLAIN * deviation:
            return None
        along = place - self.mean_place
        away = sqrt(1 + 1 / self.count + along * along / self.places)
        return self.mean + slope * along, _t(self.count - 2) * deviation * away


def _t(degrees: int) -> float:
    return quantile((1 + LEVEL) / 2, degrees)
