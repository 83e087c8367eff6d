"""A smooth function at many points, from its values at few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import asinh, ceil, cos, fsum, log, pi

SMALL = 1e-11
"""By so much of the largest value, at most, an interpolation is off."""


def along(
    function: Callable[[float], Sequence[float]], points: Sequence[float], reach: float
) -> list[list[float]]:
    """The values of a function at each of the points.

    Where there are many points it is interpolated between its values where Chebyshev's polynomial
    is largest, of which few suffice: a function that is smooth and bounded `reach` off the line
    of real numbers is off by about e^-(asinh(reach / half the range) x their number).
    """
    if not points:
        return []
    low, high = min(points), max(points)
    half, middle = (high - low) / 2, (high + low) / 2
    needed = 2 + ceil(-log(SMALL) / asinh(reach / half)) if half else len(points)
    if len(points) <= needed:
        return [[*function(point)] for point in points]
    nodes = [cos(pi * k / (needed - 1)) for k in range(needed)]
    values = [function(middle + half * node) for node in nodes]
    weights = [(-1.0) ** k * (0.5 if k in (0, needed - 1) else 1.0) for k in range(needed)]
    found = []
    for point in points:
        place = (point - middle) / half
        near = [place - node for node in nodes]
        if 0.0 in near:
            found.append([*values[near.index(0.0)]])
            continue
        shares = [weight / each for weight, each in zip(weights, near, strict=True)]
        total = fsum(shares)
        of_each = zip(*values, strict=True)
        found.append(
            [fsum(s * v for s, v in zip(shares, row, strict=True)) / total for row in of_each]
        )
    return found
