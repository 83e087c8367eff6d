"""Leaving a contract: the chance to leave within each step of 30 days, by how long somebody stays.

    logit hazard = constant + band of the step + level of each column

A step of a customer counts when it was lived through, or ended by leaving. Steps that are alike,
in their band and in the levels of all columns, are one row with how many there were (exposure)
and how many ended by leaving (events).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log1p

from crm_kpi.prediction.newton import Matrix, Smooth, lowest
from crm_kpi.prediction.special_functions import logistic, rounded, softplus

STEP = 30
BANDS = (0, 1, 3, 6, 12, 24)
"""The first step of each band of steps whose hazard is one."""

Levels = tuple[str | None, ...]
"""What a customer has in each column; a blank is a level, too."""
Patterns = Mapping[tuple[int, Levels], tuple[int, int]]
"""By band and levels: exposure and events."""


def band_of(step: int) -> int:
    return bisect_right(BANDS, step) - 1


@dataclass(frozen=True)
class Hazard:
    """Chances to leave within a step, as logits.

    bands: by band; of one that nobody has reached there is nothing, and the last before it holds.
    levels: of each column what a level adds; nothing for one of which nobody was seen for a step.
    """

    constant: float
    bands: Mapping[int, float]
    levels: Sequence[Mapping[str | None, float]]

    def of_step(self, step: int, levels: Levels = ()) -> float:
        """The chance to leave within a step that has begun."""
        reached = [band for band in self.bands if band <= band_of(step)]
        band = max(reached, default=min(self.bands))
        added = (mine.get(one, 0.0) for mine, one in zip(self.levels, levels, strict=True))
        return logistic(fsum([self.constant, self.bands[band], *added]))

    def risk(self, tenure: int, days: int, levels: Levels = ()) -> float:
        """The chance that a customer of so many days leaves within the next `days`; of a step that
        lies partly within them, that part counts."""
        stays, place = [], tenure
        while place < tenure + days:
            step = place // STEP
            end = min((step + 1) * STEP, tenure + days)
            stays.append((end - place) / STEP * log1p(-self.of_step(step, levels)))
            place = end
        return 1 - exp(fsum(stays))


def fit_hazard(patterns: Patterns, ridge: float) -> Hazard | None:
    """The chances that make the patterns likeliest, less ridge / 2 x the squares of all but the
    constant; None where there are none.

    Of bands and of the levels of each column, sorted, the first is what others are added to.
    """
    seen = {key: counts for key, counts in patterns.items() if counts[0]}
    if not seen:
        return None
    bands = sorted({band for band, _ in seen})
    width = len(next(iter(seen))[1])
    levels = [sorted({mine[i] for _, mine in seen}, key=_order) for i in range(width)]
    names: list[tuple[int, int | str | None]] = [(-1, band) for band in bands[1:]]
    names += [(i, level) for i, mine in enumerate(levels) for level in mine[1:]]
    place = {name: number for number, name in enumerate(names, 1)}
    rows = []
    for (band, mine), (exposure, events) in sorted(seen.items(), key=lambda row: _key(row[0])):
        each = [(-1, band), *enumerate(mine)]
        rows.append(([0, *(place[one] for one in each if one in place)], exposure, events))
    found = lowest(_unlikelihood(rows, len(place) + 1, ridge), [0.0] * (len(place) + 1))
    if found is None:
        return None
    point = [*map(rounded, found.point)]

    def added(of: int, level: int | str | None) -> float:
        return point[place[of, level]] if (of, level) in place else 0.0

    return Hazard(
        point[0],
        {band: added(-1, band) for band in bands},
        [{level: added(i, level) for level in mine} for i, mine in enumerate(levels)],
    )


def _order(level: str | None) -> tuple[bool, str]:
    return level is None, level or ""


def _key(alike: tuple[int, Levels]) -> tuple[int, list[tuple[bool, str]]]:
    band, levels = alike
    return band, [*map(_order, levels)]


def _unlikelihood(
    rows: Sequence[tuple[Sequence[int], int, int]], size: int, ridge: float
) -> Smooth:
    """Minus the log likelihood of the coefficients, with the squares of all but the first.

    rows: which coefficients a pattern adds up, its exposure and its events.
    """

    def function(point: Sequence[float]) -> tuple[float, list[float], Matrix]:
        value = [ridge / 2 * each * each for each in point[1:]]
        slope: list[list[float]] = [[], *([ridge * each] for each in point[1:])]
        bend = [[0.0] * size for _ in range(size)]
        for active, exposure, events in rows:
            logit = fsum(point[i] for i in active)
            chance = logistic(logit)
            value.append(exposure * softplus(logit) - events * logit)
            off, weight = exposure * chance - events, exposure * chance * (1 - chance)
            for i in active:
                slope[i].append(off)
                for j in active:
                    bend[i][j] += weight
        for i in range(1, size):
            bend[i][i] += ridge
        return fsum(value), [*map(fsum, slope)], bend

    return function
