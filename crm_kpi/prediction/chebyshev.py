"""A smooth function at many points, from its values at few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import asinh, ceil, cos, log, pi

from crm_kpi.prediction.in_memory import table

SMALL = 1e-12
"""By so much of the largest value, about, an interpolation may be off."""


def along(function: Callable[[float], float], points: Sequence[float], reach: float) -> list[float]:
    """The values of a function at each of the points.

    Where there are many points it is interpolated between its values where Chebyshev's polynomial
    is largest, of which few suffice: a function that is smooth and bounded `reach` off the line
    of real numbers is off by about e^-(asinh(reach / half the range) x their number).
    """
    low, high = min(points, default=0.0), max(points, default=0.0)
    half, middle = (high - low) / 2, (high + low) / 2
    needed = 2 + ceil(-log(SMALL) / asinh(reach / half)) if half else len(points)
    if len(points) <= needed:
        return [function(point) for point in points]
    # In the library's own terms, as thousands of short steps would be twice as long otherwise.
    places = (table(points=points)["points"].to_native() - middle) / half
    nodes = [cos(pi * k / (needed - 1)) for k in range(needed)]
    top = bottom = places * 0.0
    exactly = {}
    for k, node in enumerate(nodes):
        value = exactly[node] = function(middle + half * node)
        near = (-1.0) ** k * (0.5 if k in (0, needed - 1) else 1.0) / (places - node)
        top, bottom = top + near * value, bottom + near
    found = zip(places.to_list(), (top / bottom).to_list(), strict=True)
    return [exactly.get(place, value) for place, value in found]
