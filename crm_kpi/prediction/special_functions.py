"""Numbers that models of chance are made of."""

from __future__ import annotations

from math import exp, log, log1p

_ASYMPTOTIC = 12.0
"""From here on a series of five terms is exact to the last digit."""


def rounded(parameter: float) -> float:
    """A parameter to 6 significant digits: what engines or orders of rows might change lies
    beyond them."""
    return float(f"{parameter:.6g}")


def digamma(x: float) -> float:
    """The slope of log gamma, for x above 0."""
    below = 0.0
    while x < _ASYMPTOTIC:
        below += 1 / x
        x += 1
    square = 1 / (x * x)
    tail = square * (
        1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132)))
    )
    return log(x) - 0.5 / x - tail - below


def trigamma(x: float) -> float:
    """The slope of `digamma`, for x above 0."""
    below = 0.0
    while x < _ASYMPTOTIC:
        below += 1 / (x * x)
        x += 1
    square = 1 / (x * x)
    tail = square * (
        1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - square * 5 / 66)))
    )
    return 1 / x + 0.5 * square + tail / x + below


def softplus(z: float) -> float:
    """log(1 + e^z), however large z is."""
    return z + log1p(exp(-z)) if z > 0 else log1p(exp(z))


def logistic(z: float) -> float:
    """e^z / (1 + e^z), however large z is."""
    if z > 0:
        return 1 / (1 + exp(-z))
    power = exp(z)
    return power / (1 + power)
