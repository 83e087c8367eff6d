"""The lowest point of a smooth function of a few parameters, by damped Newton steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

Vector = list[float]
Matrix = list[list[float]]
Smooth = Callable[[Sequence[float]], tuple[float, Vector, Matrix]]
"""The value, the gradient and the second derivatives at a point."""

STEPS = 200
CLOSE = 1e-7
"""A step so short is the last: what lies beyond it is of the order of its square."""
NOISE = 1e-9
"""A value that has grown by no more has not grown: it is the sum of terms that are far larger."""
LONGEST = 2.0
"""No step moves a logarithm further, so that a first guess far off is no catastrophe."""


@dataclass(frozen=True)
class Lowest:
    """Where a function is lowest, and how sharply.

    errors: the standard errors of the parameters, where the function is a log likelihood with its
        sign turned.
    """

    point: tuple[float, ...]
    errors: tuple[float, ...]


def with_prior(function: Smooth, weight: float) -> Smooth:
    """The function plus weight x the sum of the squares: a parameter that the function hardly
    depends on stays near zero."""

    def penalised(point: Sequence[float]) -> tuple[float, Vector, Matrix]:
        value, gradient, curvature = function(point)
        return (
            fsum([value, *(weight * each * each for each in point)]),
            [g + 2 * weight * each for g, each in zip(gradient, point, strict=True)],
            [
                [each + (2 * weight if i == j else 0.0) for j, each in enumerate(row)]
                for i, row in enumerate(curvature)
            ],
        )

    return penalised


def lowest(function: Smooth, start: Sequence[float]) -> Lowest | None:
    """Where the function is lowest, from a start; None where that leads nowhere."""
    point = list(start)
    value, gradient, curvature = function(point)
    damping = 0.0
    for _ in range(STEPS):
        straight = _step(gradient, curvature, 0.0)
        if straight is not None and max(map(abs, straight)) < CLOSE:
            return _described(
                [each + s for each, s in zip(point, straight, strict=True)], curvature
            )
        step = _step(gradient, curvature, damping) if damping else straight
        if step is None:
            damping = _more(damping, curvature)
            continue
        length = max(map(abs, step))
        if length > LONGEST:
            step = [each * LONGEST / length for each in step]
        further = [each + s for each, s in zip(point, step, strict=True)]
        try:
            found = function(further)
        except (OverflowError, ValueError, ZeroDivisionError):
            damping = _more(damping, curvature)
            continue
        if not found[0] <= value + max(NOISE, 1e-12 * abs(value)):
            damping = _more(damping, curvature)
            continue
        point, (value, gradient, curvature) = further, found
        damping = damping / 8 if damping > 1e-6 * _largest(curvature) else 0.0
    return None


def _described(point: Sequence[float], curvature: Matrix) -> Lowest | None:
    lower = _cholesky(curvature)
    if lower is None:
        return None
    size = range(len(point))
    variances = [_solved(lower, [float(i == j) for j in size])[i] for i in size]
    return Lowest(tuple(point), tuple(map(sqrt, variances)))


def _step(gradient: Vector, curvature: Matrix, damping: float) -> Vector | None:
    """The step to where the function would be lowest if it were a parabola; None where that
    opens downwards."""
    damped = [
        [each + (damping if i == j else 0.0) for j, each in enumerate(row)]
        for i, row in enumerate(curvature)
    ]
    lower = _cholesky(damped)
    return None if lower is None else _solved(lower, [-each for each in gradient])


def _more(damping: float, curvature: Matrix) -> float:
    return damping * 4 if damping else 1e-3 * _largest(curvature)


def _largest(curvature: Matrix) -> float:
    return max(1e-9, *(abs(row[i]) for i, row in enumerate(curvature)))


def _cholesky(matrix: Matrix) -> Matrix | None:
    """The lower triangle whose square the matrix is; None where it has none."""
    lower: Matrix = [[0.0] * len(matrix) for _ in matrix]
    for i, row in enumerate(matrix):
        for j in range(i + 1):
            rest = row[j] - fsum(lower[i][k] * lower[j][k] for k in range(j))
            if i != j:
                lower[i][j] = rest / lower[j][j]
            elif rest > 0:
                lower[i][i] = sqrt(rest)
            else:
                return None
    return lower


def _solved(lower: Matrix, right: Sequence[float]) -> Vector:
    """The vector that the matrix of this triangle takes to the right side."""
    size = len(lower)
    half = [0.0] * size
    for i in range(size):
        half[i] = (right[i] - fsum(lower[i][k] * half[k] for k in range(i))) / lower[i][i]
    found = [0.0] * size
    for i in reversed(range(size)):
        known = fsum(lower[k][i] * found[k] for k in range(i + 1, size))
        found[i] = (half[i] - known) / lower[i][i]
    return found
