"""What a method would have forecast at earlier times, against what came.

    mae        mean |actual - forecast| over a season ahead of each origin
    ratio      that of the method, by that of seasonal_naive
    coverage   the share of actual values inside the bands that were known at the origin

The origins are the last twelve with a season after them and two before. Nothing after an origin is
used at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import fsum

from crm_kpi.prediction.bands import Bands
from crm_kpi.prediction.forecasting import AUTO, NAIVE, Past, by_length

MOST = 12
_EVEN = 1e-9
"""Errors that differ by less, as a share of the values, are the same: logarithms leave so much."""


@dataclass(frozen=True)
class Accuracy:
    """ratio: None where seasonal_naive never erred. coverage: by level in percent; None where no
    band was known."""

    origins: int
    mae: float
    naive_mae: float
    coverage: dict[int, float | None]

    @property
    def ratio(self) -> float | None:
        return self.mae / self.naive_mae if self.naive_mae else None


def origins(past: Past) -> range:
    """Where it is asked."""
    last = len(past.values) - past.season
    first = max(2 * past.season, last - MOST + 1)
    return range(first, last + 1)


def accuracy(past: Past) -> Accuracy | None:
    """None where the past is shorter than three seasons."""
    at = origins(past)
    if not at:
        return None
    naive = replace(past, method=NAIVE)
    return Accuracy(
        len(at),
        _mae(past, at),
        _mae(naive, at),
        {level: _coverage(past, at, level) for level in (80, 95)},
    )


def trusted(past: Past) -> tuple[Past, Accuracy | None]:
    """The past with the method that is to be believed, and how well `past.method` has done."""
    found = accuracy(past)
    if past.method == AUTO and found is not None:
        size = max(abs(value) for value in past.values)
        if found.mae > found.naive_mae + _EVEN * size:
            return replace(past, method=NAIVE), found
    return past, found


def name_of(past: Past) -> str:
    """The method that is asked at the end of the past."""
    return by_length(len(past.values), past.season) if past.method == AUTO else past.method


def _pairs(past: Past, origin: int) -> Iterator[tuple[float, float]]:
    actual = past.values[origin : origin + past.season]
    return zip(actual, past.season_ahead(origin), strict=True)


def _mae(past: Past, at: range) -> float:
    errors = [abs(actual - forecast) for origin in at for actual, forecast in _pairs(past, origin)]
    return fsum(errors) / len(errors)


def _coverage(past: Past, at: range, level: int) -> float | None:
    inside = []
    for origin in at:
        bands = Bands.of(past, origin)
        for h, (actual, forecast) in enumerate(_pairs(past, origin), 1):
            low, high = bands.around(forecast, h, level)
            if low is not None and high is not None:
                inside.append(low <= actual <= high)
    return sum(inside) / len(inside) if inside else None
