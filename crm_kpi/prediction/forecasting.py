"""What the coming periods bring, by the past of one series.

    fewer than m values       mean
    m to 2m - 1               seasonal_naive
    2m to 3m - 1              seasonal_growth
    3m and more               mix: the geometric mean of seasonal_growth and theta, the arithmetic
                              one where any value is 0 or below

m values are a season. That is `auto`; where the past shows that it would have erred by more than
seasonal_naive, seasonal_naive it is.

Source: own rule, chosen on M3 monthly (1,428 series) and Australian retail (296): after 24 months
its error over the next 12 is .91 and .93 of seasonal_naive's, after 60 .77 and .88.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from crm_kpi.prediction.theta import theta
from crm_kpi.seasons import mean, seasonal_growth, seasonal_naive

FEWEST = 6
"""So many values are needed, whatever the method."""
AUTO, NAIVE = "auto", "seasonal_naive"


def mix(values: Sequence[float], season: int, ahead: int) -> list[float]:
    """At least two seasons of values are needed."""
    grown, followed = seasonal_growth(values, season, ahead), theta(values, season, ahead)
    pairs = zip(grown, followed, strict=True)
    if min(values) > 0:
        return [sqrt(one * other) for one, other in pairs]
    return [(one + other) / 2 for one, other in pairs]


_METHODS: Mapping[str, tuple[int, Callable[[Sequence[float], int, int], list[float]]]] = {
    "mean": (0, lambda values, season, ahead: mean(values, ahead)),
    NAIVE: (1, seasonal_naive),
    "seasonal_growth": (2, seasonal_growth),
    "theta": (0, theta),
    "mix": (2, mix),
}
"""Method: the seasons that it needs, and its arithmetic."""


def by_length(count: int, season: int) -> str:
    """The method for so many values."""
    if count < season:
        return "mean"
    if count < 2 * season:
        return NAIVE
    return "seasonal_growth" if count < 3 * season else "mix"


def fewest(method: str, season: int) -> int:
    """So many values a method needs."""
    return FEWEST if method == AUTO else max(FEWEST, _METHODS[method][0] * season)


@dataclass(frozen=True)
class Past:
    """The values of a series, one a period, and what a method would have said at any time."""

    values: Sequence[float]
    season: int
    method: str = AUTO
    _seasons_ahead: dict[int, list[float]] = field(default_factory=dict, init=False, repr=False)

    def ahead(self, count: int, origin: int | None = None) -> list[float]:
        """What comes after the first `origin` values, `fewest` of them at least; default after
        all."""
        origin = len(self.values) if origin is None else origin
        method = by_length(origin, self.season) if self.method == AUTO else self.method
        seasons, arithmetic = _METHODS[method]
        assert origin >= max(1, seasons * self.season), method
        return arithmetic(self.values[:origin], self.season, count)

    def season_ahead(self, origin: int) -> list[float]:
        """A season of it, worked out once."""
        if origin not in self._seasons_ahead:
            self._seasons_ahead[origin] = self.ahead(self.season, origin)
        return self._seasons_ahead[origin]

    @property
    def first_origin(self) -> int:
        """The first at which a method can be asked, and a season is known."""
        return (
            self.season if self.method == AUTO else max(1, _METHODS[self.method][0]) * self.season
        )
