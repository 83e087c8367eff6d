"""Seasons of a series: whether there is one, and what comes next by the last one, as that was or
with half of its growth.

    seasonal_naive     the value of the same place one season ago
    seasonal_growth    that x sqrt(last season / the season before), where both are above 0 and
                       their ratio is kept within .5 and 2
    mean               the mean of all, where there is no whole season yet

A season is m values. Whatever lies further ahead than a season is as the season was: growth is
not carried on for ever.

Source: seasonal_naive and mean, Hyndman and Athanasopoulos, Forecasting: Principles and Practice;
seasonal_growth, own: the root takes back half of a growth that may have been chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, sqrt
from operator import mul

SEASONS: Mapping[str, int] = {"day": 7, "week": 52, "month": 12, "quarter": 4}
"""Rhythm: so many of its periods are a season."""
PLAIN = 1.645
"""So many standard errors from 0 an autocorrelation is a season."""
LEAST, MOST = 0.5, 2.0
"""The growth from one season to the next that is believed."""


def mean(values: Sequence[float], ahead: int) -> list[float]:
    return [fsum(values) / len(values)] * ahead


def seasonal_naive(values: Sequence[float], season: int, ahead: int) -> list[float]:
    """At least one season of values is needed."""
    last = values[-season:]
    return [last[step % season] for step in range(ahead)]


def seasonal_growth(values: Sequence[float], season: int, ahead: int) -> list[float]:
    """At least two seasons of values are needed."""
    last, before = fsum(values[-season:]), fsum(values[-2 * season : -season])
    ratio = min(max(last / before, LEAST), MOST) if last > 0 and before > 0 else 1.0
    growth = sqrt(ratio)
    return [growth * value for value in seasonal_naive(values, season, ahead)]


def is_seasonal(values: Sequence[float], season: int) -> bool:
    """Whether a season is plain."""
    count = len(values)
    if count <= 2 * season:
        return False
    middle = fsum(values) / count
    away = [value - middle for value in values]
    whole = fsum(map(mul, away, away))
    if not whole:
        return False
    r = [fsum(map(mul, away, away[lag:])) / whole for lag in range(1, season + 1)]
    return abs(r[-1]) > PLAIN * sqrt((1 + 2 * fsum(one * one for one in r[:-1])) / count)
