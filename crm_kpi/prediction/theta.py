"""The theta method: a level that follows the series, and half of its slope.

    f(n + k) = level + b / 2 x (k - 1 + (1 - (1 - alpha)^n) / alpha), and the season of n + k

    level    exponential smoothing of the n values from the first on, with the alpha of .05,
             .10 ... .95 whose errors one step ahead have the least sum of squares
    b        the slope of the least-squares line through them

All of it on logarithms, where every value is above 0. A season is taken out before and put back
afterwards where it is plain: there are more than two of them, and

    |r(m)| > 1.645 sqrt((1 + 2 sum of r(k)^2 over k < m) / n)

with r the autocorrelation. Its m indices are the mean distances of values from the moving average
around them, less the mean of all indices.

Source: Assimakopoulos and Nikolopoulos, The theta model, IJF 2000; Hyndman and Billah, Unmasking
the theta method, IJF 2003; the test of the season as in Fiorucci et al., IJF 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum, log
from operator import mul

from crm_kpi.seasons import is_seasonal

ALPHAS = tuple(step / 20 for step in range(1, 20))
_EVEN = 1e-9
"""Sums of squares that are so near to each other, as a share, are the same: digits that depend on
the currency choose no alpha."""


def theta(values: Sequence[float], season: int, ahead: int) -> list[float]:
    if min(values) <= 0:
        return _theta(values, season, ahead)
    return [exp(value) for value in _theta([log(value) for value in values], season, ahead)]


def _theta(values: Sequence[float], season: int, ahead: int) -> list[float]:
    count = len(values)
    indices = seasonal_indices(values, season) if is_seasonal(values, season) else [0.0]
    length = len(indices)
    rest = [value - indices[at % length] for at, value in enumerate(values)]
    alpha, level = smoothed(rest)
    drift = slope(rest) / 2
    behind = (1 - (1 - alpha) ** count) / alpha
    return [
        level + drift * (step + behind) + indices[(count + step) % length] for step in range(ahead)
    ]


def seasonal_indices(values: Sequence[float], season: int) -> list[float]:
    """What each place of a season adds, from the place of the first value on."""
    half = season // 2
    away: list[list[float]] = [[] for _ in range(season)]
    for at in range(half, len(values) - half):
        around = fsum(values[at - half : at + half + 1])
        if season % 2 == 0:  # the ends, which are of the same place, count half
            around -= (values[at - half] + values[at + half]) / 2
        away[at % season].append(values[at] - around / season)
    means = [fsum(some) / len(some) for some in away]
    middle = fsum(means) / season
    return [one - middle for one in means]


def smoothed(values: Sequence[float]) -> tuple[float, float]:
    """The alpha that errs least one step ahead, the first of several, and the level at the end."""
    best = (ALPHAS[0], values[0])
    least = float("inf")
    for alpha in ALPHAS:
        level, squares = values[0], 0.0
        for value in values:
            error = value - level
            squares += error * error
            level += alpha * error
        if squares < least * (1 - _EVEN):
            best, least = (alpha, level), squares
    return best


def slope(values: Sequence[float]) -> float:
    """Of the least-squares line."""
    middle = (len(values) - 1) / 2
    along = [at - middle for at in range(len(values))]
    return fsum(map(mul, along, values)) / fsum(map(mul, along, along))
